// Pairing: a table in which pairs are marked, or rows of two lists; on a picture two parts are pressed one after the other.

import { el, icon } from "../dom.js";
import { say } from "../words.js";
import { overlayOf, spotsOf, svg } from "./spots.js";

/** A table of two sets: rows with columns. */
export function match(root, { send, tell }) {
  const inputs = [...root.querySelectorAll("td input")];
  const most = Number(root.dataset.max) || Infinity;
  const limits = new Map([...root.querySelectorAll("[data-name]")].map(({ dataset }) => [dataset.name, Number(dataset.max) || Infinity]));
  const values = () => inputs.filter((input) => input.checked).map((input) => input.value);
  let last = [];
  root.addEventListener("change", () => {
    const pairs = values();
    const spent = overused(pairs, limits);
    if (pairs.length <= most && !spent) {
      send(pairs);
      return;
    }
    show(last);
    tell(spent ? say("used-up", { n: limits.get(spent) }) : say("pairs-at-most", { n: most }));
  });
  function show(pairs) {
    last = pairs;
    for (const input of inputs) input.checked = pairs.includes(input.value);
  }
  return {
    show,
    clear: (target) => send(last.filter((pair) => pair.split(" ")[0] !== target.value.split(" ")[0])),
  };
}

/** Return a name that stands in more pairs than it may. */
function overused(pairs, limits) {
  const used = new Map();
  for (const name of pairs.flatMap((pair) => pair.split(" "))) used.set(name, (used.get(name) ?? 0) + 1);
  return [...used].find(([name, times]) => times > (limits.get(name) ?? Infinity))?.[0];
}

/** Rows of two lists each. */
export function associate(root, { send, tell, locked }) {
  const rows = [...root.querySelectorAll(".pair")].map((row) => ({ row, lists: [...row.querySelectorAll("select")] }));
  const [{ lists: [first] }] = rows;
  const limits = new Map([...first.options].map(({ value, dataset }) => [value, Number(dataset.max) || Infinity]));
  const picture = overlayOf(root) ? drawLines(root, (name) => !locked() && press(name)) : null;
  let pressed = null;

  const pairs = () => rows.filter(({ lists: [a, b] }) => a.value && b.value).map(({ lists: [a, b] }) => `${a.value} ${b.value}`);
  const offer = (changed) => {
    const given = [...new Map(pairs().map((pair) => [plain(pair), pair])).values()];
    const spent = overused(given, limits);
    if (spent) {
      changed.value = "";
      tell(say("used-up", { n: limits.get(spent) }));
    } else {
      send(given);
      if (given.length < pairs().length) tell(say("pair-twice"));
    }
    reveal();
  };
  const press = (name) => {
    if (pressed === null) pressed = name;
    else {
      const free = rows.find(({ lists: [a, b] }) => !a.value || !b.value);
      if (!free) tell(say("pairs-at-most", { n: rows.length }));
      else {
        [free.lists[0].value, free.lists[1].value] = [pressed, name];
        offer(free.lists[1]);
        if (!free.lists[1].value) free.lists[0].value = "";
      }
      pressed = null;
    }
    reveal();
  };
  rows.forEach(({ row, lists }, place) => {
    row.append(el("button", {
      class: "icon", type: "button", "aria-label": say("take-pair", { n: place + 1 }), title: say("take-pair", { n: place + 1 }),
      on: { click: () => clearRow(lists) },
    }, icon("x")));
  });
  const clearRow = (lists) => {
    for (const list of lists) list.value = "";
    lists[0].focus({ preventScroll: true });
    send(pairs());
    reveal();
  };
  root.addEventListener("change", ({ target }) => offer(target));

  function show(values) {
    if (JSON.stringify(values.map(plain).sort()) !== JSON.stringify([...new Set(pairs().map(plain))].sort())) {
      rows.forEach(({ lists: [a, b] }, place) => {
        [a.value, b.value] = (values[place] ?? " ").split(" ");
      });
    }
    reveal();
  }
  /** One empty row stands behind those that are in use. */
  function reveal() {
    const used = rows.findLastIndex(({ lists }) => lists.some((list) => list.value));
    rows.forEach(({ row }, place) => {
      row.hidden = place > used + 1;
    });
    for (const { lists } of rows) for (const list of lists) dim(list, (name) => timesElsewhere(rows, list, name) >= limits.get(name));
    picture?.show(pairs(), pressed);
  }
  reveal();
  return { show };
}

/** Let no option be chosen of which `spent(name)` holds; the keyboard then steps over it. */
export function dim(list, spent) {
  for (const option of list.options) option.disabled = option.value !== "" && option.value !== list.value && spent(option.value);
}

function timesElsewhere(rows, list, name) {
  return rows.flatMap(({ lists }) => lists).filter((other) => other !== list && other.value === name).length;
}

/** A pair without direction reads the same both ways. */
function plain(pair) {
  return pair.split(" ").sort().join(" ");
}

function drawLines(root, press) {
  const lines = svg("g", { class: "lines" });
  const spots = spotsOf(root, press);
  overlayOf(root).prepend(lines);
  return {
    show(pairs, pressed) {
      const ends = pairs.map((pair) => pair.split(" ").map((name) => spots.get(name)));
      lines.replaceChildren(...ends.map(([a, b]) => svg("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y })));
      for (const spot of spots.values()) spot.mark(spot.name === pressed || ends.flat().includes(spot));
    },
  };
}
