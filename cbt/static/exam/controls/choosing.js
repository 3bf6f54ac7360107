// Choosing: options, words in a text, a list in a line, a button that stays pressed.

import { say } from "../words.js";

/** Radios or checkboxes, wherever they stand in `root`. */
export function choice(root, { send, tell }) {
  const most = Number(root.dataset.max) || Infinity;
  const inputs = [...root.querySelectorAll("input[type=radio], input[type=checkbox]")];
  root.addEventListener("change", ({ target }) => {
    const values = inputs.filter((input) => input.checked).map((input) => input.value);
    if (values.length > most) {
      target.checked = false;
      tell(say("at-most", { n: most }));
    } else send(values);
  });
  return {
    show(values) {
      for (const input of inputs) input.checked = values.includes(input.value);
    },
  };
}

/** A list inside a line. */
export function select(root, { send }) {
  root.addEventListener("change", () => send(root.value === "" ? [] : [root.value]));
  return {
    show([value = ""]) {
      root.value = value;
    },
  };
}

/** A button that asks for something and stays pressed. */
export function flag(root, { send }) {
  root.addEventListener("click", () => send(root.getAttribute("aria-pressed") === "true" ? [] : ["true"]));
  return {
    show([value]) {
      root.setAttribute("aria-pressed", String(value === "true"));
    },
  };
}
