// Dialogs: native <dialog>, so the page behind is inert, Escape closes, and the focus comes back where it was.

import { el, icon } from "./dom.js";
import { say } from "./words.js";

let count = 0;

/**
 * Show a dialog and return it. `alert` asks for a decision; `body` are nodes; `buttons`: [{text, primary, autofocus, press}],
 * least harmful first. Any button closes; `press` runs after that.
 */
export function openDialog({ title, body, buttons, alert = false, onClose = () => {} }) {
  const id = `dialog-${(count += 1)}`;
  const named = { role: alert ? "alertdialog" : null, "aria-labelledby": `${id}-title`, "aria-describedby": alert ? `${id}-body` : null };
  const dialog = el("dialog", { class: "dialog", id, ...named },
    el("header", {}, el("h2", { id: `${id}-title`, text: title })),
    el("div", { class: "body stack", id: `${id}-body` }, ...body),
    el("footer", {}, ...buttons.map((button, index) => makeButton(dialogCloser, button, index))));
  function dialogCloser(press) {
    dialog.close();
    press?.();
  }
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function makeButton(close, { text, primary = false, autofocus = false, press }, index) {
  const looks = `btn big${primary ? " primary" : ""}${index === 1 ? " push" : ""}`;
  return el("button", { class: looks, type: "button", autofocus, text, on: { click: () => close(press) } });
}

/** Close whatever dialogs are open (the exam was paused or has ended). */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog.dialog[open]")) dialog.close();
}

/** Return item numbers as buttons that close the dialog and jump. `flagged` marks each with a flag. */
export function numberButtons(slots, jump, { flagged = false } = {}) {
  return el("div", { class: "nums" }, ...slots.map((slot) => el("button", {
    class: "btn", type: "button", "aria-label": say("go-to-item", { slot }), on: {
      click: (event) => {
        event.target.closest("dialog").close();
        jump(slot);
      },
    },
  }, String(slot), flagged ? icon("flag", "warn") : null)));
}

/** Show the list of unanswered items, by subject. */
export function openUnanswered({ parts, slotsOf, jump }) {
  const groups = parts.map(({ name }, index) => ({ name, slots: slotsOf(index) })).filter(({ slots }) => slots.length > 0);
  const total = groups.reduce((sum, { slots }) => sum + slots.length, 0);
  const body = groups.map(({ name, slots }) => el("section", { class: "stack tight" },
    parts.length > 1 ? el("h3", { class: "label", text: `${name} · ${slots.length}` }) : null, numberButtons(slots, jump)));
  openDialog({
    title: say("unanswered-n", { n: total }), body: [el("p", { class: "hint", text: say("press-number") }), ...body],
    buttons: [{ text: say("close") }],
  });
}

/** Ask for help: raise the hand with or without words. `cut` says that the line is down. */
export function openHelp({ raised, cut, raise, lower }) {
  if (raised) {
    openDialog({
      title: say("hand-is-up"), body: [el("p", { text: say("hand-is-up-words") })],
      buttons: [{ text: say("lower-hand"), press: lower }, { text: say("keep-hand-up"), primary: true, autofocus: true }],
    });
    return;
  }
  const words = el("textarea", { class: "input", id: "hand-words", rows: "2", maxlength: "200", "aria-describedby": "hand-hint" });
  openDialog({
    title: say("call-proctor"),
    body: [
      el("p", { text: say("call-proctor-words") }),
      cut ? el("p", { class: "warn strong", text: say("call-while-cut") }) : null,
      el("div", { class: "field" }, el("label", { for: "hand-words", text: say("hand-label") }), words,
        el("p", { class: "hint", id: "hand-hint", text: say("hand-hint") })),
    ],
    buttons: [{ text: say("back") }, { text: say("raise-hand"), primary: true, press: () => raise(words.value.trim()) }],
  });
}
