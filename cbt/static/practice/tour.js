// A short tour: one hint after the other, beside what it speaks of. A native dialog, so Escape ends it and the keyboard stays in it.

import { el } from "../exam/dom.js";
import { say } from "../exam/words.js";

const GAP_PX = 14;
const EDGE_PX = 12;

/** Show the steps [{at, title, words}] whose part of the screen is there; returns {close()}. `closed()` runs at the end. */
export function openTour(steps, { closed = () => {} } = {}) {
  const shown = steps.filter(({ at }) => isVisible(document.querySelector(at)));
  const title = el("h2", { id: "tour-title", tabindex: "-1" });
  const words = el("p", { id: "tour-words" });
  const count = el("p", { class: "hint num" });
  const back = el("button", { class: "btn", type: "button", text: say("tour-back"), on: { click: () => go(-1) } });
  const next = el("button", { class: "btn primary", type: "button", on: { click: () => go(1) } });
  const skip = el("button", { class: "btn plain", type: "button", text: say("tour-skip"), on: { click: () => dialog.close() } });
  const dialog = el("dialog", { class: "dialog tour", "aria-labelledby": "tour-title", "aria-describedby": "tour-words" },
    el("div", { class: "body stack tight" }, count, title, words), el("footer", {}, skip, el("span", { class: "push" }), back, next));
  let step = 0;
  let marked = null;

  function go(by) {
    if (step + by >= shown.length) {
      dialog.close();
      return;
    }
    step = Math.max(0, step + by);
    show();
  }

  function show() {
    const { at, title: heading, words: text } = shown[step];
    marked?.classList.remove("toured");
    marked = document.querySelector(at);
    marked.classList.add("toured");
    marked.scrollIntoView({ block: "nearest" });
    title.textContent = heading;
    words.textContent = text;
    count.textContent = say("tour-step", { n: step + 1, of: shown.length });
    back.disabled = step === 0;
    skip.hidden = step === shown.length - 1;
    next.textContent = say(step === shown.length - 1 ? "tour-done" : "tour-next");
    place(dialog, marked.getBoundingClientRect());
    title.focus();
  }

  const again = () => place(dialog, marked.getBoundingClientRect());
  addEventListener("resize", again);
  dialog.addEventListener("close", () => {
    removeEventListener("resize", again);
    marked?.classList.remove("toured");
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  show();
  return { close: () => dialog.open && dialog.close() };
}

/** Put the hint below, above or beside its subject, wherever there is most room, and inside the window. */
function place(dialog, subject) {
  const { width, height } = dialog.getBoundingClientRect();
  const rooms = {
    below: innerHeight - subject.bottom, above: subject.top, right: innerWidth - subject.right, left: subject.left,
  };
  const fits = { below: height, above: height, right: width, left: width };
  const way = Object.keys(rooms).find((name) => rooms[name] >= fits[name] + GAP_PX + EDGE_PX) ?? "over";
  const middle = { x: (subject.left + subject.right - width) / 2, y: (subject.top + subject.bottom - height) / 2 };
  const spot = {
    below: { x: middle.x, y: subject.bottom + GAP_PX }, above: { x: middle.x, y: subject.top - GAP_PX - height },
    right: { x: subject.right + GAP_PX, y: middle.y }, left: { x: subject.left - GAP_PX - width, y: middle.y }, over: middle,
  }[way];
  dialog.style.left = `${between(spot.x, innerWidth - width)}px`;
  dialog.style.top = `${between(spot.y, innerHeight - height)}px`;
}

function between(wanted, most) {
  return Math.max(EDGE_PX, Math.min(wanted, most - EDGE_PX));
}

function isVisible(node) {
  return node !== null && node.getClientRects().length > 0;
}
