// Notes: plain text for one item at a time. They are the candidate's own, never sent, and gone at the end.

import { el } from "../dom.js";
import { say } from "../words.js";
import { Panel } from "./panel.js";

const LONGEST = 2000;

/** Open the tool on `desk` (see toolbox.js). */
export function open(desk) {
  const notes = new Map();     // slot -> text
  let slot = null;
  const label = el("label", { for: "note", class: "vh" });
  const field = el("textarea", { class: "input", id: "note", rows: "6", maxlength: String(LONGEST), "aria-describedby": "note-hint" });
  const hint = el("p", { class: "hint", id: "note-hint", text: say("note-hint") });
  const panel = new Panel({
    title: say("tool-notes"), className: "note", body: [el("div", { class: "field" }, label, field, hint)], onClose: () => desk.closed("notes"),
  });
  field.addEventListener("input", () => {
    if (field.value.trim() === "") notes.delete(slot);
    else notes.set(slot, field.value);
    desk.noted(slot, notes.has(slot));
    desk.keep();
  });

  /** Show the note of an item. */
  function show(which) {
    slot = which;
    label.textContent = say("note-of", { slot });
    panel.title = label.textContent;
    field.value = notes.get(slot) ?? "";
    panel.show(field);
  }

  return {
    /** Open the current item's note, or close the panel where it shows that already; returns whether it is open. */
    toggle() {
      if (panel.open && (slot === desk.current() || panel.hasFocus)) panel.close();
      else show(desk.current());
      return panel.open;
    },
    show,
    close: () => panel.close(),
    slots: () => [...notes.keys()].sort((a, b) => a - b),
    state: () => (notes.size > 0 ? Object.fromEntries(notes) : null),
    restore(state) {
      for (const [key, text] of Object.entries(state)) notes.set(Number(key), text);
      for (const noted of notes.keys()) desk.noted(noted, true);
    },
    wipe() {
      panel.close();
      notes.clear();
      field.value = "";
    },
  };
}
