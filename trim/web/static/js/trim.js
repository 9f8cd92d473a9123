// Improves pages that work without it: components of govuk-frontend, drafts saved on the way, dates by one tap,
// a second press for what cannot be taken back. Texts come from data attributes, so that they are translated.
import {
  createAll, Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink
} from "./govuk-frontend.js";

for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}

const SAVE_AFTER_MS = 2500;
const CONFIRM_FOR_MS = 8000;
const AWAY_MS = 5 * 60 * 1000;
const ALERT_WITHIN_MS = 8000;
const ALERT_AGAIN_MS = 5000;

// <form data-autosave="/drafts/..." data-saving data-saved data-not-saved data-stale data-signed-out>, with an element
// [data-autosave-status] inside. The answer is JSON; a `version` or `draft_version` in it becomes the form's, so that
// the next save is not stale. A button pressed while a save is under way waits for it, for the same reason.
function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = null;
  let running = false;
  let again = false;
  let pressed = null;

  const say = (text) => { if (status) status.textContent = text || ""; };

  async function save() {
    if (running) { again = true; return; }
    running = true;
    again = false;
    say(form.dataset.saving);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error",
        headers: { Accept: "application/json" }
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const kept = await answer.json();
      for (const name of ["version", "draft_version"]) {
        const box = form.elements.namedItem(name);
        if (box && kept[name] !== undefined) box.value = String(kept[name]);
      }
      say(form.dataset.saved);
    } catch (problem) {
      const why = { 409: form.dataset.stale, 401: form.dataset.signedOut, 400: form.dataset.signedOut }[problem.message];
      say(why || form.dataset.notSaved);
    } finally {
      running = false;
      if (pressed) {
        const button = pressed;
        pressed = null;
        form.requestSubmit(button);
      } else if (again) save();
    }
  }

  const later = () => { clearTimeout(timer); timer = setTimeout(() => { timer = null; save(); }, SAVE_AFTER_MS); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = null;
    if (!running || event.defaultPrevented) return;
    event.preventDefault();
    pressed = event.submitter;
  });
  // Whoever comes back after a long talk learns before the first word whether it will still be kept.
  let left = Date.now();
  document.addEventListener("visibilitychange", () => {
    const back = document.visibilityState === "visible";
    if (back && Date.now() - left > AWAY_MS) save();
    if (!back) left = Date.now();
    if (!back && timer) { clearTimeout(timer); timer = null; save(); }
  });
}

// <button data-confirm="Press again to close the case">: the first press only changes its words.
function confirmByPressingAgain(button) {
  const words = button.textContent;
  let timer = null;
  const reset = () => { button.textContent = words; button.removeAttribute("data-pressed"); timer = null; };
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", (event) => {
    if (timer) { clearTimeout(timer); return; }
    event.preventDefault();
    button.textContent = button.dataset.confirm;
    button.setAttribute("data-pressed", "");
    timer = setTimeout(reset, CONFIRM_FOR_MS);
  });
}

// <button data-fill-for="incident_on" data-day data-month data-year>: writes the three boxes of a date.
function fillDate(button) {
  button.addEventListener("click", () => {
    for (const part of ["day", "month", "year"]) {
      const box = document.getElementById(`${button.dataset.fillFor}-${part}`);
      box.value = button.dataset[part];
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

// <button data-red-flag>: the alert goes out beside the page. Where it does not get through, the numbers open instead of
// the browser's page of regret, and it is sent again until it does. Whether there is a connection is not asked beforehand:
// a telephone in a cellar believes that there is one.
function redFlag(button) {
  const form = button.form;
  let sending = false;
  let timer = null;

  function openNumbers() {
    document.querySelectorAll("[data-flag-numbers]").forEach((numbers) => {
      if (numbers.open && !numbers.querySelector("[data-flag-offline][hidden]")) return;
      numbers.open = true;
      numbers.querySelectorAll("[data-flag-offline]").forEach((words) => words.removeAttribute("hidden"));
      numbers.scrollIntoView();
    });
  }

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    const sent = new FormData(form);
    sent.set(button.name, button.value);
    try {
      const answer = await fetch(button.getAttribute("formaction") || form.getAttribute("action"), {
        method: "POST", body: sent, credentials: "same-origin", signal: AbortSignal.timeout(ALERT_WITHIN_MS)
      });
      // The server's own page says what to do next, also why it refused: then the press is made the plain way.
      if (answer.ok && answer.redirected) window.location.assign(answer.url);
      else form.requestSubmit(button);
    } catch {
      openNumbers();
      window.addEventListener("online", send, { once: true });
      timer = setTimeout(send, ALERT_AGAIN_MS);
    } finally {
      sending = false;
    }
  }

  button.addEventListener("click", (event) => { event.preventDefault(); send(); });
}

document.querySelectorAll("form[data-autosave]").forEach(autosave);
document.querySelectorAll("[data-red-flag]").forEach(redFlag);
document.querySelectorAll("[data-confirm]").forEach(confirmByPressingAgain);
document.querySelectorAll("[data-fill-for]").forEach(fillDate);
document.querySelectorAll("[data-needs-script][hidden]").forEach((element) => element.removeAttribute("hidden"));
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
