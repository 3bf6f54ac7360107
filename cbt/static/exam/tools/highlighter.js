// Highlighter: what is selected on the paper gets a mark; selecting a marked stretch again takes the mark away. Without a mouse,
// the same is done sentence by sentence in a list. The marks are painted by the browser (CSS highlights); the paper's own
// elements stay as they are.

import { openDialog } from "../dialogs.js";
import { el, icon } from "../dom.js";
import { say } from "../words.js";
import { isMarked, mark, turn, unmark } from "./marks.js";
import { ItemText } from "./texts.js";

const NAME = "cbt-mark";

/** Open the tool on `desk` (see toolbox.js). */
export function open(desk) {
  const texts = new Map();
  const marks = new Map();     // key -> marked stretches
  const bySentence = el("button", {
    class: "btn plain tool-key", type: "button", tabindex: "-1", hidden: true, on: { click: () => openSentences() },
  }, icon("list"), say("mark-sentences"));
  let on = false;
  let justMarked = false;
  desk.after("highlighter", bySentence);

  const textOf = (key) => {
    if (!texts.has(key)) texts.set(key, new ItemText(desk.roots().get(key)));
    return texts.get(key);
  };

  function paint() {
    if (!("highlights" in CSS)) return;
    const ranges = [...marks].flatMap(([key, found]) => found.flatMap(([from, to]) => textOf(key).ranges(from, to)));
    CSS.highlights.set(NAME, new Highlight(...ranges.filter(({ startContainer }) => startContainer.isConnected)));
  }

  function set(key, found) {
    if (found.length > 0) marks.set(key, found);
    else marks.delete(key);
    paint();
    desk.keep();
  }

  /** Turn over what is selected on the paper; returns whether there was anything. */
  function takeSelection() {
    const selection = getSelection();
    if (selection.isCollapsed || selection.rangeCount === 0) return false;
    const range = selection.getRangeAt(0);
    const found = [...desk.roots()].filter(([, root]) => root.isConnected && range.intersectsNode(root))
      .map(([key]) => [key, textOf(key).stretch(range)]).filter(([, stretch]) => stretch !== null);
    for (const [key, [from, to]] of found) set(key, turn(marks.get(key) ?? [], from, to));
    if (found.length > 0) selection.removeAllRanges();
    return found.length > 0;
  }

  function openSentences() {
    const slot = desk.current();
    const keys = [desk.passageOf(slot), String(slot)].filter((key) => key !== null);
    const rows = keys.flatMap((key) => textOf(key).sentences(desk.language).map((stretch) => [key, stretch]));
    const boxes = rows.map(([key, [from, to]]) => {
      const box = el("input", { type: "checkbox" });
      box.checked = isMarked(marks.get(key) ?? [], from, to);
      box.indeterminate = !box.checked && (marks.get(key) ?? []).some(([start, end]) => start < to && end > from);
      box.addEventListener("change", () => set(key, (box.checked ? mark : unmark)(marks.get(key) ?? [], from, to)));
      return el("label", { class: "sentence" }, box, el("span", { text: textOf(key).text.slice(from, to) }));
    });
    openDialog({
      title: say("mark-sentences-of", { slot }),
      body: [el("p", { class: "hint", text: say("mark-sentences-how") }), el("div", { class: "stack tight", lang: desk.language }, ...boxes)],
      buttons: [
        { text: say("mark-none"), press: () => keys.forEach((key) => set(key, [])) },
        { text: say("close"), primary: true },
      ],
      onClose: () => bySentence.focus(),
    });
  }

  document.addEventListener("pointerup", ({ target }) => {
    if (!on || !desk.view.contains(target)) return;
    justMarked = takeSelection();
    setTimeout(() => {
      justMarked = false;
    });
  });
  // A stretch selected inside an option is no choice of that option.
  desk.view.addEventListener("click", (event) => {
    if (!justMarked) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
  // The pages of the paper come and go; marks are painted on what is there.
  new MutationObserver(paint).observe(desk.view, { childList: true, subtree: true });

  return {
    turn(now) {
      on = now;
      bySentence.hidden = !on;
      desk.view.classList.toggle("marking", on);
      if (on) takeSelection();
    },
    takeSelection,
    state: () => (marks.size > 0 ? Object.fromEntries(marks) : null),
    restore(state) {
      for (const [key, found] of Object.entries(state)) if (desk.roots().has(key)) marks.set(key, found);
      paint();
    },
    wipe() {
      marks.clear();
      paint();
    },
  };
}
