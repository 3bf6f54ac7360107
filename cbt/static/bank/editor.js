// The blueprint editor: one part at a time, and supply beside demand while somebody types. The server does the sums.

const form = document.querySelector("#editor");
const parts = [...form.querySelectorAll(".part")];
const links = [...form.querySelectorAll("[data-part]")];
const WAIT_MS = 400;
const LOOKS = { plenty: ["ok", "check"], tight: ["warn", "warn"], short: ["bad", "warn-f"], "unknown-area": ["bad", "warn-f"] };
const ICONS = { plenty: ["ok", "check-circle"], tight: ["warn", "warn"], short: ["bad", "warn-f"], "unknown-area": ["bad", "warn-f"] };
let timer = 0;
let turn = 0;

function show(index) {
  parts.forEach((part, place) => part.toggleAttribute("data-shown", place === index));
  links.forEach((link, place) => {
    if (place === index) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  form.elements.shown.value = index;
}

function showHolderOf(id) {
  const target = document.getElementById(id);
  const place = parts.findIndex((part) => part.contains(target));
  if (place < 0) return;
  show(place);
  (target === parts[place] ? target.querySelector("h2") : target).focus();
}

function symbol(name) {
  const drawn = document.querySelector("svg.i").cloneNode(true);
  const use = drawn.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${name}`));
  return drawn;
}

function badge(verdict, words) {
  const [kind, name] = LOOKS[verdict];
  const made = document.createElement("span");
  made.className = `badge b-${kind}`;
  made.append(symbol(name), words);
  return made;
}

function mark(verdict) {
  const [kind, name] = ICONS[verdict];
  const made = document.createElement("span");
  const words = document.createElement("span");
  made.className = kind;
  words.className = "vh";
  words.textContent = form.dataset[verdict === "unknown-area" ? "short" : verdict];
  made.append(symbol(name), words);
  return made;
}

function tellRow(row, cover) {
  const bar = row.querySelector(".supply-bar");
  row.querySelector("[data-available]").textContent = cover ? cover.available : "—";
  row.querySelector("[data-verdict]").replaceChildren(cover ? badge(cover.verdict, cover.words) : "—");
  bar.setAttribute("class", `supply-bar${cover ? ` s-${cover.verdict}` : ""}`);
  bar.querySelector("rect").setAttribute("width", cover?.there ?? 0);
  bar.querySelector("path").setAttribute("d", `M${cover?.line ?? 0} 0v14`);
}

function tell(supply) {
  for (const row of form.querySelectorAll("[data-row]")) tellRow(row, supply.rows[row.dataset.row]);
  supply.parts.forEach((part, place) => {
    links[place].querySelector("[data-part-items]").textContent = part.items;
    links[place].querySelector("[data-part-points]").textContent = part.points;
    links[place].querySelector("[data-part-verdict]").replaceChildren(part.verdict ? mark(part.verdict) : "");
    const short = parts[place].querySelector("[data-short-badge]");
    short.hidden = !part.short;
    short.replaceChildren(badge("short", part.short_words));
  });
  form.querySelector("[data-items]").textContent = supply.items;
  form.querySelector("[data-points]").textContent = supply.points;
  const contests = form.querySelector("[data-contests]");
  contests.hidden = supply.contests.length === 0;
  contests.replaceChildren(...supply.contests.map((words) => {
    const line = document.createElement("li");
    line.textContent = words;
    return line;
  }));
}

async function ask() {
  turn += 1;
  const mine = turn;
  try {
    const response = await fetch(form.dataset.supply, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    });
    const supply = response.ok ? await response.json() : null;
    if (supply && mine === turn) tell(supply);
  } catch { /* the line is away: the check button tells the same */ }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
});

form.classList.add("one-part");
show(Math.max(parts.findIndex((part) => part.hasAttribute("data-shown")), 0));
links.forEach((link, place) => link.addEventListener("click", (event) => {
  event.preventDefault();
  show(place);
  parts[place].querySelector("h2").focus();
}));

// A link of the error summary may lead into a part that is not shown.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".errors a[href^='#']");
  if (link) showHolderOf(link.hash.slice(1));
});
