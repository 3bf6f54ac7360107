// Magnifier: a lens beside the pointer, or at what has the focus. It shows a copy of the page; nothing in the copy can be reached or chosen.

import { el } from "../dom.js";

const FACTOR = 2;
const REDRAW_MS = 60;

/** Open the tool on `desk` (see toolbox.js). */
export function open(desk) {
  const copy = el("div", { class: "lens-copy" });
  const lens = el("div", { class: "lens", hidden: true, "aria-hidden": "true", inert: true }, copy);
  document.body.append(lens);
  let on = false;
  let drawing = null;

  function draw() {
    const twin = desk.view.cloneNode(true);
    for (const node of twin.querySelectorAll("[id], [name], [for]")) for (const name of ["id", "name", "for", "aria-labelledby"]) node.removeAttribute(name);
    for (const node of twin.querySelectorAll("audio, video")) node.remove();
    twin.removeAttribute("id");
    const { width, height } = desk.view.getBoundingClientRect();
    Object.assign(twin.style, { width: `${width}px`, height: `${height}px` });
    copy.replaceChildren(twin);
    twin.scrollTop = desk.view.scrollTop;
  }

  /** Show what is at a point of the window. */
  function at(x, y) {
    const view = desk.view.getBoundingClientRect();
    const { width, height } = lens.getBoundingClientRect();
    const left = Math.min(innerWidth - width - 8, x + 24);
    const below = y + 24 + height < innerHeight;
    lens.style.transform = `translate(${Math.max(8, left)}px, ${below ? y + 24 : Math.max(8, y - height - 24)}px)`;
    copy.style.transform = `translate(${width / 2 - (x - view.left) * FACTOR}px, ${height / 2 - (y - view.top) * FACTOR}px) scale(${FACTOR})`;
  }

  function soon() {
    if (!on) return;
    clearTimeout(drawing);
    drawing = setTimeout(draw, REDRAW_MS);
  }

  desk.view.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (!on) return;
    lens.hidden = false;
    at(clientX, clientY);
  });
  desk.view.addEventListener("pointerleave", () => {
    lens.hidden = true;
  });
  desk.view.addEventListener("focusin", ({ target }) => {
    if (!on || !target.matches(":focus-visible")) return;
    const { left, top, width, height } = (target.closest(".choice") ?? target).getBoundingClientRect();
    lens.hidden = false;
    at(left + Math.min(width / 2, 120), top + height / 2);
  });
  desk.view.addEventListener("scroll", soon);
  new MutationObserver(soon).observe(desk.view, { childList: true, subtree: true, attributes: true, characterData: true });

  return {
    turn(now) {
      on = now;
      lens.hidden = true;
      if (on) draw();
      else copy.replaceChildren();
    },
    state: () => null,
    restore() {},
    wipe() {
      on = false;
      lens.hidden = true;
      copy.replaceChildren();
    },
  };
}
