// Answer masking: options stay covered until the candidate uncovers them, one by one.

import { el, icon, setIcon, setText, spoken } from "../dom.js";
import { say } from "../words.js";
import { OptionSet, optionsOf, setBeside } from "./options.js";

/** Open the tool on `desk` (see toolbox.js). */
export function open(desk) {
  const shown = new OptionSet();
  let options = null;
  let on = false;

  function make() {
    options ??= optionsOf(desk).map((option) => {
      const { label, input } = option;
      const button = el("button", { class: "beside uncover", type: "button", on: { click: () => uncover(option, !isShown(option)) } },
        icon("eye"), spoken(""));
      setBeside(label, button);
      // The first press on a covered option uncovers it; it does not choose it.
      label.addEventListener("click", (event) => {
        if (!on || isShown(option) || event.target === input) return;
        event.preventDefault();
        uncover(option, true);
      });
      input.addEventListener("change", () => on && !isShown(option) && uncover(option, true));
      return Object.assign(option, { button });
    });
    return options;
  }

  const isShown = ({ slot, value }) => shown.has(slot, value);

  function show(option) {
    const { label, button, place } = option;
    const visible = isShown(option);
    label.classList.toggle("covered", on && !visible);
    const words = say(visible ? "cover-option" : "uncover-option", { n: place });
    setText(button.querySelector(".vh"), words);
    button.title = words;
    setIcon(button.querySelector("svg"), visible ? "eye-off" : "eye");
  }

  function uncover(option, visible) {
    shown.set(option.slot, option.value, visible);
    show(option);
    desk.keep();
  }

  return {
    turn(now) {
      on = now;
      make().forEach(show);
      desk.view.classList.toggle("masking", on);
      desk.grown();
    },
    state: () => shown.state(),
    restore(state) {
      shown.restore(state);
      make().forEach(show);
    },
    wipe() {
      shown.clear();
    },
  };
}
