// Start of the exam screen: words, preferences, one tab at a time, paper and state from the server, then the exam.

import { ServerClock } from "./clock.js";
import { Course } from "./course.js";
import { setSprite } from "./dom.js";
import { Exam } from "./exam.js";
import { bindView } from "./head.js";
import { Hold } from "./hold.js";
import { Line } from "./line.js";
import { applyPreferences } from "./prefs.js";
import { receiptCheck } from "./receipts.js";
import { Session, fetchPaper } from "./session.js";
import { loadWords } from "./words.js";
import { NoAnswer } from "./wire.js";

const RETRY_MS = 3_000;
const TAB_PATIENCE_MS = 1_500;

const byId = (id) => document.getElementById(id);
const urls = document.body.dataset;
const hold = new Hold({ box: byId("hold"), main: byId("exam-main"), others: [byId("exam-foot")] });
let exam = null;

const line = new Line({
  banner: byId("banner"), status: byId("saved"), report: { callProctor: () => exam?.help(), changed: () => exam?.refresh() },
});
const clock = new ServerClock();
const course = new Course({
  hold, urls, report: {
    allow: (may) => exam?.allow(may), leaveFields: () => exam?.leaveFields(), resumed: (fromPause) => exam?.resumed(fromPause),
    closed: close, waiting: () => exam?.waiting() ?? 0, left: () => exam?.left() ?? 1, ask: () => session.load().catch(() => null),
  },
});
const session = new Session({
  clock, report: {
    status: take, line: (works, sentAt) => line.note(works, sentAt), back: () => exam?.nudge(),
    moved: () => (exam ? course.moved() : location.replace(urls.wait)), signedOut: () => course.signedOut(),
  },
});

/** Only the stream can name another lease: the state and the receipts are this seat's own. */
function take(status, full) {
  if (!exam) return;
  if (!full && status.lease !== undefined && status.lease !== exam.lease) course.moved();
  else exam.take(status);
}

function close() {
  exam?.stop();
  session.close();
  byId("banner").hidden = true;
}

/** Ask until there is an answer: the first seconds of a full room may be slow. */
async function patiently(fetching) {
  while (!course.ended) {
    try {
      const found = await fetching();
      if (found) return found;
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) throw trouble;
      line.note(false);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_MS);
    });
  }
  return null;
}

async function start() {
  const state = await patiently(() => session.load());
  if (state === null || !course.begin(state)) return;
  const content = await patiently(async () => {
    const { status, body } = await fetchPaper();
    if (body?.error?.code === "exam-ended") location.replace(urls.result);
    return status === 200 ? body : null;
  });
  if (content === null) return;
  line.note(true);
  const check = await receiptCheck(content.receipt_key, content.attempt);
  exam = new Exam({ content, state, check, clock, session, course, line });
  exam.take(state);
  session.open();
}

/** One tab at a time: two would count the same numbers. The second waits, and takes over when the first is closed. */
function alone(run) {
  if (!navigator.locks) return run();
  const patience = setTimeout(() => hold.show("elsewhere"), TAB_PATIENCE_MS);
  return navigator.locks.request("cbt-exam", () => {
    clearTimeout(patience);
    run();
    return new Promise(() => {});   // held until the tab goes
  });
}

for (const block of document.querySelectorAll("script[data-words]")) loadWords(block.textContent);
setSprite(urls.icons);
applyPreferences();
bindView((name) => name !== "theme" && exam?.arrange());
alone(start);
