/* Small helps that no page depends on: focus the error summary, send once, drop files, close the menu. */
(function () {
  "use strict";
  function ready() {
    var first = document.querySelector("[data-focus]");
    if (first) first.focus();
    document.querySelectorAll("[data-back]").forEach(function (link) {
      link.addEventListener("click", function (event) { event.preventDefault(); history.back(); });
    });
  }
  /* A form marked data-once is sent once; the server would refuse the second anyway, this only spares the wait. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-once")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("[data-once]").forEach(function (form) { delete form.dataset.sent; });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.tb-me[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") document.querySelectorAll("details.tb-me[open]").forEach(function (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); });
  });
  /* Files: the drop zone names what was chosen. */
  function name(input) {
    var label = input.closest(".tb-drop");
    if (label && input.files.length) label.querySelector("span").textContent = Array.prototype.map.call(input.files, function (f) { return f.name; }).join("、");
  }
  document.addEventListener("change", function (event) { if (event.target.matches(".tb-drop input[type=file]")) name(event.target); });
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var zone = event.target.closest && event.target.closest(".tb-drop");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") {
        var input = zone.querySelector("input[type=file]");
        input.files = event.dataTransfer.files;
        name(input);
      }
    });
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
