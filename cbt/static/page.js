// What every page does once it is there: focus an error summary, run the colour switch, close menus.

const root = document.documentElement;

function shownTheme() {
  if (root.dataset.theme !== "auto") return root.dataset.theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function remember(theme) {
  root.dataset.theme = theme;
  try {
    localStorage.setItem("cbt.theme", theme);
  } catch { /* storage is switched off: the choice lasts for this page */ }
}

for (const group of document.querySelectorAll("[data-themes]")) {
  group.hidden = false;
  for (const input of group.querySelectorAll("input")) input.checked = input.value === shownTheme();
  group.addEventListener("change", (event) => remember(event.target.value));
}

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}
