// Marks the page before it is drawn, so that parts which only scripts can open do not flash.
document.body.classList.add("js-enabled");
// On a phone the navigation folds away. Here, not in trim.js, because what folds it must be able to unfold it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  if (!button) return;
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  button.closest(".trim-bar").classList.toggle("trim-bar--open", !isOpen);
});
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
