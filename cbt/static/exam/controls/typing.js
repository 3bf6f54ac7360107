// Typing: a line, or a longer text with the number of its characters.

import { el } from "../dom.js";
import { say } from "../words.js";

const LINE_MS = 400;
const TEXT_MS = 1_500;   // a long text is sent whole each time

/** A line to type into. */
export function entry(root, { send }) {
  whileTyping(root, LINE_MS, () => {
    const words = root.value.trim();
    send(words === "" ? [] : [words]);
  });
  return {
    show([words = ""]) {
      if (document.activeElement !== root && root.value.trim() !== words) root.value = words;
    },
  };
}

/** One longer text, or several. Spaces are kept as typed. */
export function text(root, { send }) {
  const fields = [...root.querySelectorAll("textarea")].map((area) => {
    const count = el("output", { class: "count" });
    area.after(count);
    return { area, count };
  });
  const values = () => fields.map(({ area }) => area.value).filter((words) => words.trim() !== "");
  const recount = () => {
    for (const { area, count } of fields) count.textContent = say("characters", { n: [...area.value].length });
  };
  for (const { area } of fields) {
    area.addEventListener("input", recount);
    whileTyping(area, TEXT_MS, () => send(values()));
  }
  recount();
  return {
    show(given) {
      if (root.contains(document.activeElement) || JSON.stringify(given) === JSON.stringify(values())) return;
      fields.forEach(({ area }, place) => {
        area.value = given[place] ?? "";
      });
      recount();
    },
  };
}

/** Report while a person types: after a short rest, and at once on leaving the field or Enter. */
function whileTyping(input, restMs, send) {
  let timer = null;
  const now = () => {
    clearTimeout(timer);
    send();
  };
  input.autocomplete = "off";
  input.spellcheck = false;
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(send, restMs);
  });
  input.addEventListener("compositionend", () => {
    timer = setTimeout(send, restMs);
  });
  input.addEventListener("blur", now);
  input.addEventListener("change", now);
}
