// Check-in by hand and by scanner: "/" goes to the search, typing thins out the list, arrow keys walk through it.

const search = document.getElementById("q");
const list = document.querySelector("[data-roster]");
const lines = [...list.querySelectorAll("li")];

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    search.focus();
    search.select();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || (!list.contains(event.target) && event.target !== search)) return;
  const shown = lines.filter((line) => !line.hidden && line.querySelector("a")).map((line) => line.querySelector("a"));
  const next = shown[shown.indexOf(document.activeElement) + step] ?? (step < 0 ? search : null);
  if (!next) return;
  event.preventDefault();
  next.focus();
});

search.addEventListener("input", () => {
  const wanted = plain(search.value);
  for (const line of lines) line.hidden = !plain(line.textContent).includes(wanted);
});

list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "center" });

// Hyphens and blanks are how people write numbers, not part of them.
function plain(text) {
  return text.toLowerCase().replace(/[\s-]/g, "");
}
