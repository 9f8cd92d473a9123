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

// <form data-autosave="/drafts/..." data-saving data-saved data-not-saved>, with an element [data-autosave-status] inside.
// The answer is JSON; a `version` in it becomes the form's, so that the next save is not stale.
function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = null;
  let running = false;
  let again = false;

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
      const { version } = await answer.json();
      const box = form.elements.namedItem("version");
      if (box && version !== undefined) box.value = String(version);
      say(form.dataset.saved);
    } catch {
      say(form.dataset.notSaved);
    } finally {
      running = false;
      if (again) save();
    }
  }

  const later = () => { clearTimeout(timer); timer = setTimeout(save, SAVE_AFTER_MS); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) { clearTimeout(timer); save(); }
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

document.querySelectorAll("form[data-autosave]").forEach(autosave);
document.querySelectorAll("[data-confirm]").forEach(confirmByPressingAgain);
document.querySelectorAll("[data-fill-for]").forEach(fillDate);
document.querySelectorAll("[data-needs-script][hidden]").forEach((element) => element.removeAttribute("hidden"));
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
