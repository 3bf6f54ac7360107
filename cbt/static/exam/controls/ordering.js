// Putting in order: a list whose lines have a place each. Places are set with the list in a line, with the buttons, or by dragging;
// parts of a picture are put in order by pressing them one after the other.

import { el, icon } from "../dom.js";
import { say } from "../words.js";
import { sortable } from "./drag.js";
import { spotsOf } from "./spots.js";

export function order(root, { send, tell, locked }) {
  const list = root.querySelector(".lines");
  const authored = [...list.children];
  const whole = "whole" in root.dataset;   // all lines have places, or none
  const most = Number(root.dataset.max);
  let answer = [];

  const begun = () => (answer.length === 0 && whole ? [...list.children].map((line) => line.dataset.name) : answer);
  const offer = (names) => {
    if (names.length > most) tell(say("at-most", { n: most }));
    else send(names);
    show(answer);
  };
  const place = (name, index) => {
    const rest = begun().filter((other) => other !== name);
    rest.splice(Math.min(index, rest.length), 0, name);
    offer(rest);
  };
  const remove = (name) => offer(whole ? [] : answer.filter((other) => other !== name));
  const step = (name, by) => {
    const at = begun().indexOf(name);
    place(name, at < 0 ? answer.length : Math.max(0, at + by));
  };

  for (const line of authored) addButtons(line, { step, locked });
  list.addEventListener("change", ({ target }) => {
    const { name } = target.closest(".line").dataset;
    if (target.value === "") remove(name);
    else place(name, Number(target.value) - 1);
  });
  if (!root.querySelector(".picture")) sortable(list, { locked, dropped: (line, index) => place(line.dataset.name, index), undone: () => show(answer) });
  const spots = spotsOf(root, (name) => {
    if (locked()) return;
    if (answer.includes(name)) offer(answer.filter((other) => other !== name));
    else offer([...answer, name]);
  });
  const keep = el("button", { class: "btn keep", type: "button", on: { click: () => (answer.length > 0 ? send([]) : send(begun())) } });
  if (whole) root.append(keep);

  function show(values) {
    answer = [...values];
    const lines = new Map(authored.map((line) => [line.dataset.name, line]));
    const wanted = [...answer.map((name) => lines.get(name)), ...authored.filter((line) => !answer.includes(line.dataset.name))];
    rearrange(list, wanted);
    for (const line of authored) {
      const at = answer.indexOf(line.dataset.name);
      line.querySelector("select").value = at < 0 ? "" : String(at + 1);
      line.classList.toggle("placed", at >= 0);
    }
    for (const spot of spots.values()) {
      const at = answer.indexOf(spot.name);
      spot.mark(at >= 0);
      spot.rank(at < 0 ? "" : String(at + 1));
    }
    keep.textContent = say(answer.length > 0 ? "take-back" : "keep-order");
  }
  show([]);
  return { show };
}

/** Put the lines in `wanted` order; the keyboard stays where it is. */
function rearrange(list, wanted) {
  if (wanted.every((line, place) => list.children[place] === line)) return;
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  list.append(...wanted);
  focused?.focus({ preventScroll: true });
}

function addButtons(line, { step, locked }) {
  const words = line.querySelector(".what").textContent.trim();
  const button = (by, symbol, key) => el("button", {
    class: "icon", type: "button", "aria-label": say(key, { words }), title: say(key, { words }),
    on: { click: () => !locked() && step(line.dataset.name, by) },
  }, icon(symbol));
  line.append(button(-1, "up", "move-up"), button(1, "down", "move-down"));
  line.prepend(el("span", { class: "grip", "aria-hidden": "true" }, icon("drag")));
}
