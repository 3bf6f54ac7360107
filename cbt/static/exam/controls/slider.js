// A value on a scale. Nothing is answered before the candidate touches it.

import { el, icon } from "../dom.js";
import { say } from "../words.js";

const REST_MS = 300;

export function slider(root, { send, locked }) {
  const range = root.querySelector("input");
  const shown = el("output", { class: "value" });
  let timer = null;
  const answer = () => {
    clearTimeout(timer);
    if (!locked()) send([range.value]);
  };
  const step = (by) => {
    if (by < 0) range.stepDown();
    else range.stepUp();
    answer();
  };
  const button = (by, symbol, key) => el("button", { class: "icon", type: "button", "aria-label": say(key), title: say(key), on: { click: () => step(by) } }, icon(symbol));
  const back = el("button", { class: "btn plain", type: "button", text: say("take-back"), on: { click: () => send([]) } });
  root.append(el("div", { class: "slider-foot" }, button(-1, "minus", "smaller"), shown, button(1, "plus", "larger"), back));
  range.addEventListener("input", () => {
    shown.textContent = range.value;
    clearTimeout(timer);
    timer = setTimeout(answer, REST_MS);
  });
  range.addEventListener("change", answer);
  range.addEventListener("pointerup", answer);   // the place where it stands may be the answer: then nothing changes
  range.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") answer();
  });
  return {
    show([value]) {
      const set = value !== undefined;
      root.classList.toggle("unset", !set);
      back.hidden = !set;
      if (set) range.value = value;
      shown.textContent = set ? value : say("value-none");
      range.setAttribute("aria-valuetext", shown.textContent);
    },
  };
}
