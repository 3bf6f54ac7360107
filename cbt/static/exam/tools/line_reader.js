// Line reader: a slit over the paper; what is above and below it is dimmed. Moved by its grip, its buttons or the arrow keys, and it follows
// the keyboard, so that what has the focus is never dimmed.

import { el, icon, spoken } from "../dom.js";
import { say } from "../words.js";

const LINES = { least: 1, most: 8, first: 3 };

/** Open the tool on `desk` (see toolbox.js). */
export function open(desk) {
  let top = 0.1;               // share of the paper's visible height above the slit
  let lines = LINES.first;
  const key = (symbol, words, press) => el("button", { class: "icon", type: "button", title: words, on: { click: press } }, icon(symbol), spoken(words));
  const grip = el("div", {
    class: "reader-grip", role: "slider", tabindex: "0", "aria-orientation": "vertical", "aria-label": say("reader-grip"), "aria-valuemin": "0",
    "aria-valuemax": "100", on: { keydown: (event) => type(event), pointerdown: (event) => drag(event) },
  }, icon("drag"));
  const keys = el("div", { class: "reader-keys" }, key("up", say("reader-up"), () => move(-1)), grip, key("down", say("reader-down"), () => move(1)),
    key("minus", say("reader-less"), () => grow(-1)), key("plus", say("reader-more"), () => grow(1)));
  const box = el("div", { class: "reader", hidden: true }, el("div", { class: "shade" }), el("div", { class: "slit" }), el("div", { class: "shade" }, keys));
  desk.view.after(box);

  const linePx = () => parseFloat(getComputedStyle(desk.view).lineHeight) || 26;
  const height = () => box.clientHeight || 1;

  function show() {
    const tall = Math.min(lines * linePx() + 8, height());
    top = Math.min(Math.max(0, top), Math.max(0, 1 - tall / height()));
    box.style.setProperty("--top", `${(top * height()).toFixed(1)}px`);
    box.style.setProperty("--tall", `${tall.toFixed(1)}px`);
    grip.setAttribute("aria-valuenow", String(Math.round(top * 100)));
    grip.setAttribute("aria-valuetext", say("reader-at", { n: Math.round(top * 100), lines }));
    keys.classList.toggle("above", (1 - top) * height() - tall < 44);
  }

  /** Move by lines; at the edge of the page the paper scrolls on. */
  function move(by) {
    const before = top;
    top += (by * linePx()) / height();
    show();
    if (Math.abs(top - before) < 0.001) desk.view.scrollBy({ top: by * linePx() });
    desk.keep();
  }

  function grow(by) {
    lines = Math.min(LINES.most, Math.max(LINES.least, lines + by));
    show();
    desk.keep();
  }

  function type(event) {
    const deed = {
      ArrowUp: () => move(-1), ArrowDown: () => move(1), PageUp: () => move(-lines), PageDown: () => move(lines),
      ArrowLeft: () => grow(-1), ArrowRight: () => grow(1), Home: () => move(-1000), End: () => move(1000),
    }[event.key];
    if (!deed || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    deed();
  }

  function drag(start) {
    const before = top;
    grip.setPointerCapture(start.pointerId);
    const follow = (event) => {
      top = before + (event.clientY - start.clientY) / height();
      show();
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("pointerup", () => {
      grip.removeEventListener("pointermove", follow);
      desk.keep();
    }, { once: true });
  }

  /** Bring the slit to what has the focus. */
  function follow({ target }) {
    if (box.hidden) return;
    const here = box.getBoundingClientRect();
    const { top: above, bottom } = (target.closest(".choice, .line, .cell") ?? target).getBoundingClientRect();
    const tall = lines * linePx() + 8;
    const from = here.top + top * height();
    if (above >= from && bottom <= from + tall) return;
    top = ((above + bottom) / 2 - tall / 2 - here.top) / height();
    show();
  }

  desk.view.addEventListener("focusin", follow);
  addEventListener("resize", () => box.hidden || show());

  return {
    turn(on) {
      box.hidden = !on;
      if (on) show();
    },
    state: () => ({ top, lines }),
    restore(state) {
      ({ top, lines } = state);
      if (!box.hidden) show();
    },
    wipe() {
      box.hidden = true;
    },
  };
}
