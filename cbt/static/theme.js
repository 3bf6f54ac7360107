// Colours before the first paint: what this computer chose last. Loaded in the head, so nothing flashes; page.js draws the switch.
(() => {
  try {
    const theme = localStorage.getItem("cbt.theme");
    if (["light", "dark", "contrast"].includes(theme)) document.documentElement.dataset.theme = theme;
    else if (matchMedia("(prefers-contrast: more)").matches) document.documentElement.dataset.theme = "contrast";
  } catch { /* storage is switched off: the page keeps its own theme */ }
})();
