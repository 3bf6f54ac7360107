// The practice: the exam screen with a paper from the page itself. What is done goes to a server that is only played here, so that
// nothing is sent and nothing kept; only the start of the real exam is listened for.

import { Assets } from "../exam/assets.js";
import { ServerClock } from "../exam/clock.js";
import { loadControls } from "../exam/controls/index.js";
import { Course } from "../exam/course.js";
import { el, icon, setSprite } from "../exam/dom.js";
import { Exam } from "../exam/exam.js";
import { bindView } from "../exam/head.js";
import { Hold } from "../exam/hold.js";
import { Line } from "../exam/line.js";
import { applyPreferences } from "../exam/prefs.js";
import { PlayedSession } from "./played.js";
import { fromServer } from "../exam/resume.js";
import { openTour } from "./tour.js";
import { Unsent } from "../exam/unsent.js";
import { watchStart } from "./watch.js";
import { loadWords, say } from "../exam/words.js";

const NOTICE_MS = 4_000;
const TOURED = "cbt-toured";

const byId = (id) => document.getElementById(id);
const read = (id) => JSON.parse(byId(id).textContent);
const urls = document.body.dataset;

for (const block of document.querySelectorAll("#words, [data-words]")) loadWords(block.textContent);
setSprite(urls.icons);
applyPreferences();

const { paper: content, state } = read("practice");
let exam = null;
let tour = null;
let leaving = false;

const hold = new Hold({ box: byId("hold"), main: byId("exam-main"), others: [byId("exam-foot")] });
const line = new Line({ banner: byId("banner"), status: byId("saved"), report: { callProctor: () => exam?.help(), changed: () => exam?.refresh() } });
const clock = new ServerClock();
clock.take(state.now);
const session = new PlayedSession({ clock, state, attempt: content.attempt });
const course = new Course({
  hold, urls, unsent: new Unsent({ report: { waiting: () => 0, canSave: () => false, save: () => {} } }),
  report: {
    allow: (may) => exam?.allow(may), leaveFields: () => exam?.leaveFields(), resumed: (fromPause) => exam?.resumed(fromPause),
    closed: () => exam?.finish(), left: () => exam?.left() ?? 1, ask: () => exam?.take(session.status()), relet: () => {},
  },
});

/** The room is open, or the exam is elsewhere: the waiting page knows what comes next. */
function leave() {
  if (leaving) return;
  leaving = true;
  tour?.close();
  exam?.leaveFields();
  hold.show("starts");
  setTimeout(() => location.replace(urls.wait), NOTICE_MS);
}

function tourNow() {
  tour = openTour(read("tour-steps"), { closed: () => sessionStorage.setItem(TOURED, "1") });
}

/** The line below the header says what this is, and leads out of it; there is no connection to speak of. */
function fillBar(bar) {
  bar.classList.add("practice-bar");
  bar.setAttribute("aria-label", say("practice"));
  bar.replaceChildren(icon("info"), el("p", { text: say("practice-title") }),
    el("button", { class: "btn", type: "button", id: "tour-again", text: say("practice-tour"), on: { click: tourNow } }),
    el("button", { class: "btn", type: "button", id: "practice-again", text: say("practice-again"), on: { click: () => location.reload() } }),
    el("a", { class: "btn", href: urls.wait, text: say("practice-leave") }));
  bar.hidden = false;
}

fillBar(byId("banner"));
await loadControls(content);
exam = new Exam({
  content, state: fromServer(state), entries: [], assets: new Assets({ paper: content, read: async () => null, fetch: async () => null }), vault: null,
  check: async () => true, clock, session, course, line,
});
exam.take(state);
bindView((name) => name !== "theme" && exam.arrange());
watchStart(leave);
if (sessionStorage.getItem(TOURED) === null) tourNow();
