// Header and footer of the exam screen: who sits here, counts, view settings, page number, buttons.

import { setIcon, setText } from "./dom.js";
import { choose, preference } from "./prefs.js";
import { say } from "./words.js";

const byId = (id) => document.getElementById(id);

/** Write what does not change during the exam. */
export function fillHead({ exam, candidate, slots }) {
  setText(byId("seat"), candidate.seat ?? "");
  setText(byId("exam-title"), exam.title);
  setText(byId("candidate-number"), candidate.number);
  setText(byId("candidate-name"), candidate.name);
  setText(byId("total"), String(slots.length));
  byId("calculator").hidden = exam.calculator === "none";
  byId("paper").lang = exam.language;
}

/** Write counts and pages. */
export function fillCounts({ unanswered, page, pages, slot, title }) {
  setText(byId("unanswered-count"), String(unanswered));
  setText(byId("unanswered-number"), String(unanswered));
  byId("unanswered").hidden = unanswered === 0;
  setText(byId("page-number"), say("page-of", { page: page + 1, pages }));
  mute(byId("previous"), page === 0);
  mute(byId("next"), page >= pages - 1);
  document.title = `${say("item-n", { slot })} · ${title}`;
}

/** A button that does nothing now keeps the focus, so it is not `disabled`. */
function mute(button, muted) {
  if (muted) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

/** Show whether the hand is up on its button. */
export function fillHand(raised) {
  const button = byId("help");
  button.classList.toggle("raised", raised);
  setText(button.querySelector("span"), say(raised ? "hand-is-up-short" : "help"));
}

const VIEW = ["scale", "layout", "theme"];

/** Bind the view settings; `changed(name)` runs after a choice. */
export function bindView(changed) {
  for (const name of VIEW) {
    for (const input of document.querySelectorAll(`input[name="${name}"]`)) {
      input.addEventListener("change", () => {
        choose(name, input.value);
        changed(name);
      });
    }
  }
  byId("hide-counts").addEventListener("click", () => {
    choose("counts", preference("counts") === "hidden" ? "shown" : "hidden");
    showView();
  });
  showView();
}

/** Show what is chosen. */
export function showView() {
  for (const name of VIEW) for (const input of document.querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === preference(name);
  const hidden = preference("counts") === "hidden";
  const button = byId("hide-counts");
  button.setAttribute("aria-pressed", String(hidden));
  button.title = say(hidden ? "show-counts" : "hide-counts");
  setText(button.querySelector(".vh"), button.title);
  setIcon(button.querySelector("svg"), hidden ? "eye-off" : "eye");
}

/** Bind the footer's buttons. */
export function bindFoot({ turn, unanswered, help, handIn }) {
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  byId("unanswered").addEventListener("click", unanswered);
  byId("help").addEventListener("click", help);
  byId("hand-in").addEventListener("click", handIn);
}
