// The field for the release code that a proctor reads aloud where the line is dead.

import { el } from "./dom.js";
import { openByCode } from "./opening.js";
import { say } from "./words.js";

/** Return a form that opens the paper in `vault` by its code; `opened(exam)` takes what openByCode gives. */
export function makeCodeForm({ vault, clock, opened }) {
  const field = el("input", {
    class: "input code-entry", id: "release-code", name: "release-code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    maxlength: "40", "aria-describedby": "release-hint release-error",
  });
  const error = el("p", { class: "error", id: "release-error", role: "alert" });
  const button = el("button", { class: "btn primary big", type: "submit", text: say("release-open") });
  const open = async (event) => {
    event.preventDefault();
    button.disabled = true;
    const trouble = await tryCode({ vault, clock, opened, typed: field.value });
    button.disabled = false;
    error.textContent = trouble ?? "";
    field.toggleAttribute("aria-invalid", trouble !== null);
    if (trouble !== null) field.focus();
  };
  return el("form", { class: "release stack", dataset: { release: "" }, on: { submit: open } },
    el("div", { class: "field" }, el("label", { for: "release-code", text: say("release-label") }), field,
      el("p", { class: "hint", id: "release-hint", text: say("release-hint") }), error), button);
}

async function tryCode({ vault, clock, opened, typed }) {
  try {
    const exam = await openByCode(vault, typed, clock);
    if (exam === null) return say("release-mistyped");
    await opened(exam);
    return null;
  } catch (trouble) {
    console.info("the release code opened nothing", trouble);
    return say("release-foreign");
  }
}
