// Keys for the queue: one press, one verdict. Everything works with the mouse and without this script too.
"use strict";
(() => {
  const rows = [...document.querySelectorAll(".queue tbody tr")];
  let here = -1;
  const go = (place) => {
    if (!rows.length) return;
    rows[here]?.classList.remove("here");
    here = Math.max(0, Math.min(rows.length - 1, place));
    rows[here].classList.add("here");
    rows[here].querySelector("a").focus();
  };
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName || "");
    if (event.key === "Escape" && typing) document.activeElement.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "j") go(here + 1);
    else if (event.key === "k") go(here - 1);
    else if (event.key === "q") location.assign("/");
    else if (event.key === "c" && document.getElementById("value")) {
      event.preventDefault();
      document.getElementById("value").focus();
    } else if (/^[ardu]$/.test(event.key)) {
      const button = document.querySelector(`button[data-key="${event.key}"]`);
      if (button) { event.preventDefault(); button.click(); }
    }
  });
  // Enter in the field of the right value means "correct", not the first button
  document.getElementById("value")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); document.querySelector("button[value=correct]").click(); }
  });
})();
