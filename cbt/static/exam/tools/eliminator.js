// Option eliminator: strikes options out. A struck option can still be chosen; the strike is the candidate's own note.

import { el, icon, setText, spoken } from "../dom.js";
import { say } from "../words.js";
import { OptionSet, optionsOf, setBeside } from "./options.js";

/** Open the tool on `desk` (see toolbox.js). */
export function open(desk) {
  const struck = new OptionSet();
  let options = null;

  function make() {
    options ??= optionsOf(desk).map((option) => {
      const { slot, label, place } = option;
      const said = spoken("");
      const words = say("strike-option", { slot, n: place });
      const button = el("button", {
        class: "beside strike", type: "button", "aria-pressed": "false", title: say("strike"), on: { click: () => strike(option) },
      }, icon("strike"), spoken(words));
      label.querySelector(":scope > span").append(said);
      setBeside(label, button);
      return Object.assign(option, { button, said });
    });
    return options;
  }

  function show({ slot, value, label, button, said }) {
    const on = struck.has(slot, value);
    label.classList.toggle("struck", on);
    button.setAttribute("aria-pressed", String(on));
    setText(said, on ? ` ${say("struck")}` : "");
  }

  function strike(option) {
    struck.set(option.slot, option.value, !struck.has(option.slot, option.value));
    show(option);
    desk.keep();
  }

  // On an option that has the focus, while the tool is on.
  desk.view.addEventListener("keydown", (event) => {
    if (event.code !== "KeyX" || event.ctrlKey || event.altKey || event.metaKey || !desk.view.classList.contains("striking")) return;
    const option = options?.find(({ input }) => input === event.target);
    if (!option) return;
    event.preventDefault();
    strike(option);
    desk.announce(say(struck.has(option.slot, option.value) ? "option-struck" : "option-unstruck", { n: option.place }));
  });

  return {
    turn(on) {
      make();
      desk.view.classList.toggle("striking", on);
      desk.grown();
    },
    state: () => struck.state(),
    restore(state) {
      struck.restore(state);
      make().forEach(show);
    },
    wipe() {
      struck.clear();
      options?.forEach(show);
    },
  };
}
