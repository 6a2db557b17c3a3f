/* Copies the JSON of a calculator; without a script the text can be selected by hand, so the button is hidden then. */
(function () {
  "use strict";
  function show() { document.querySelectorAll("[data-copy]").forEach(function (button) { button.hidden = false; }); }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) return;
    var text = document.getElementById(button.dataset.copy);
    text.select();
    if (navigator.clipboard) navigator.clipboard.writeText(text.value); else document.execCommand("copy");
    button.textContent = button.dataset.done;
  });
  document.addEventListener("htmx:afterSwap", show);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show); else show();
})();
