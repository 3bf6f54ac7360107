// Handing in, in two steps: look at the facts, then confirm the deed.

import { el, icon } from "./dom.js";
import { numberButtons, openDialog } from "./dialogs.js";
import { clockText, spanWords } from "./timer.js";
import { say } from "./words.js";

function fact(term, value, extra = null, className = null) {
  return el("div", {}, el("dt", { text: term }), el("dd", { class: className }, String(value), extra));
}

function list(title, slots, jump, flagged = false) {
  if (slots.length === 0) return null;
  const heading = el("h3", { class: "label", text: `${title} ${slots.length}` });
  return el("section", { class: "stack tight" }, heading, numberButtons(slots, jump, { flagged }));
}

function savedLine(waiting, answered) {
  if (waiting === 0) return el("p", { class: "saved" }, icon("check-circle"), say("saved-all", { n: answered }));
  return el("div", { class: "stack tight" }, el("p", { class: "saved warn" }, icon("queue"), say("waiting", { n: waiting })),
    el("p", { class: "hint", text: say("waiting-before-handin") }));
}

/**
 * First step. `facts()` gives {leftMs, allowedMinutes, total, unanswered, flagged, unseen, waiting, refused} (slots as lists); asked again at
 * each step, for time goes on. `jump(slot)` leaves, `review()` shows all items on one page; `submit()` is the deed. With `part` it is a part that
 * is finished, not the exam.
 */
export function openHandIn({ facts, jump, review, submit, part = false }) {
  const { leftMs, allowedMinutes, total, unanswered, flagged, unseen, waiting, refused } = facts();
  const answered = total - unanswered.length;
  const time = el("span", { text: clockText(leftMs) });
  const ticking = setInterval(() => {
    time.textContent = clockText(facts().leftMs);
  }, 500);
  const strip = el("dl", { class: "facts" },
    el("div", {}, el("dt", { text: say("time-left") }), el("dd", {}, time)),
    fact(say("time-limit-word"), say("minutes", { n: allowedMinutes })),
    fact(say("answered-word"), answered, el("small", { text: ` / ${total}` })),
    fact(say("unanswered-word"), unanswered.length, null, unanswered.length > 0 ? "warn" : null));
  const hint = unanswered.length + flagged.length + unseen.length > 0 ? el("p", { class: "hint", text: say("press-number") }) : null;
  openDialog({
    title: say(part ? "check-before-part" : "check-before"),
    body: [strip, hint, list(say("not-saved-word"), refused, jump), list(say("unanswered-word"), unanswered, jump),
      list(say("flagged-word"), flagged, jump, true), list(say("unseen-word"), unseen.filter((slot) => !unanswered.includes(slot)), jump),
      savedLine(waiting, answered)],
    buttons: [
      { text: say("keep-working"), autofocus: true },
      ...(review ? [{ text: say("review"), press: review }] : []),
      { text: say(part ? "part-finish-so" : "hand-in-so"), primary: true, press: () => confirm({ facts, jump, review, submit, part }) },
    ],
    onClose: () => clearInterval(ticking),
  });
}

function confirm(steps) {
  const { leftMs, unanswered } = steps.facts();
  const { part } = steps;
  const left = unanswered.length > 0
    ? say("confirm-unanswered", { span: spanWords(leftMs), n: unanswered.length })
    : say("confirm-complete", { span: spanWords(leftMs) });
  openDialog({
    title: say(part ? "confirm-part" : "confirm-title"), alert: true,
    body: [
      el("p", { class: "lead" }, el("strong", { text: say(part ? "confirm-part-final" : "confirm-final") }), ` ${left}`),
      el("p", { class: "muted", text: say(part ? "confirm-part-next" : "confirm-next") }),
    ],
    buttons: [
      { text: say("back"), autofocus: true, press: () => openHandIn(steps) },
      { text: say(part ? "part-finish" : "hand-in-end"), primary: true, press: steps.submit },
    ],
  });
}
