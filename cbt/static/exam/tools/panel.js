// A panel beside the paper, not over all of it: the page stays in reach, Escape closes, and it can be moved by its head or, without
// drawing, by a button to the other side.

import { el, icon, spoken } from "../dom.js";
import { say } from "../words.js";

let count = 0;

export class Panel {
  #box;
  #title;
  #opener = null;
  #onClose;

  /** `body` are nodes; `type(event)` gets the keys; `onClose()` runs after closing. */
  constructor({ title, className, body, type = () => {}, onClose = () => {} }) {
    const id = `panel-${(count += 1)}`;
    this.#onClose = onClose;
    this.#title = el("h2", { id, text: title });
    const aside = this.#icon("swap", say("other-side"), () => this.#box.classList.toggle("right"));
    const close = this.#icon("x", say("close"), () => this.close());
    const head = el("div", { class: "panel-head", on: { pointerdown: (event) => this.#drag(event) } }, this.#title, aside, close);
    this.#box = el("dialog", { class: `aside ${className}`, "aria-labelledby": id, on: { keydown: (event) => this.#key(event, type) } }, head, ...body);
    document.body.append(this.#box);
  }

  get open() { return this.#box.open; }
  get hasFocus() { return this.#box.contains(document.activeElement); }

  set title(words) { this.#title.textContent = words; }

  /** Show the panel and give `focus` the keyboard; the focus goes back where it was. */
  show(focus) {
    if (!this.#box.open) {
      this.#opener = document.activeElement;
      this.#box.show();
    }
    focus.focus();
  }

  close() {
    if (!this.#box.open) return;
    const back = this.hasFocus;
    this.#box.close();
    if (back && this.#opener?.isConnected) this.#opener.focus();
    this.#onClose();
  }

  #icon(symbol, words, press) {
    return el("button", { class: "icon", type: "button", title: words, on: { click: press } }, icon(symbol), spoken(words));
  }

  #key(event, type) {
    if (event.altKey && event.shiftKey) return;
    event.stopPropagation();   // keys mean the panel's own things here
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (!event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing) type(event);
  }

  /** Move the panel with the pointer, never out of the window. */
  #drag(start) {
    if (start.target.closest("button")) return;
    const { left, top, width, height } = this.#box.getBoundingClientRect();
    const handle = start.currentTarget;
    handle.setPointerCapture(start.pointerId);
    const move = (event) => {
      const x = Math.min(innerWidth - width, Math.max(0, left + event.clientX - start.clientX));
      const y = Math.min(innerHeight - height, Math.max(0, top + event.clientY - start.clientY));
      Object.assign(this.#box.style, { left: `${x}px`, top: `${y}px`, right: "auto", bottom: "auto" });
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), { once: true });
  }
}
