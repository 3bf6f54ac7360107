// Start of the exam screen: words, preferences, one tab at a time, the paper from this computer or from the server, then the exam.

import { ServerClock } from "./clock.js";
import { Course } from "./course.js";
import { setSprite } from "./dom.js";
import { Exam } from "./exam.js";
import { bindView } from "./head.js";
import { Hold } from "./hold.js";
import { Line } from "./line.js";
import { noteAttempt, noteNothingKept, notedAttempt, openFromServer, openKept, readKept } from "./opening.js";
import { applyPreferences } from "./prefs.js";
import { receiptCheck } from "./receipts.js";
import { makeCodeForm } from "./release.js";
import { adopt } from "./resume.js";
import { fetchSeat } from "./seat.js";
import { SealBroken } from "./sealing.js";
import { Session } from "./session.js";
import { askStart } from "./start.js";
import { Store } from "./store.js";
import { Unsent } from "./unsent.js";
import { Vault } from "./vault.js";
import { loadWords } from "./words.js";
import { NoAnswer } from "./wire.js";
import { keepShellBeside } from "./worker.js";

const RETRY_MS = 3_000;
const TAB_PATIENCE_MS = 1_500;
const NO_LINE_AFTER = 2;     // tries without an answer

const byId = (id) => document.getElementById(id);
const urls = document.body.dataset;

for (const block of document.querySelectorAll("#words, [data-words]")) loadWords(block.textContent);
setSprite(urls.icons);
applyPreferences();

let exam = null;
let vault = null;

const hold = new Hold({ box: byId("hold"), main: byId("exam-main"), others: [byId("exam-foot")] });
const line = new Line({
  banner: byId("banner"), status: byId("saved"), report: { callProctor: () => exam?.help(), changed: () => exam?.refresh() },
});
const clock = new ServerClock();
const unsent = new Unsent({
  report: { waiting: () => exam?.waiting() ?? 0, canSave: () => exam?.keeping.canSaveFile ?? false, save: () => exam.saveFiles() },
});
const course = new Course({
  hold, urls, unsent, report: {
    allow: (may) => exam?.allow(may), leaveFields: () => exam?.leaveFields(), resumed: (fromPause) => exam?.resumed(fromPause),
    closed: close, left: () => exam?.left() ?? 1, ask: () => session.load().catch(() => null), relet,
  },
});
const session = new Session({
  clock,
  start: () => askStart({ token: vault.seat.token, renewed: (token) => vault.renew({ token }) }, exam.started),
  report: {
    status: take, line: (works, sentAt) => line.note(works, sentAt), back: () => exam?.back(), begun, notBegun,
    moved: () => (exam ? course.moved() : location.replace(urls.wait)), signedOut: () => course.signedOut(),
  },
});

/** Take a status; a lease that is not this page's means another seat (from the stream) or this browser's next one (from the state). */
function take(status, full) {
  if (!exam || course.leaving) return;
  const foreign = status.lease !== undefined && status.lease !== exam.lease;
  const lost = status.lease !== undefined && status.next > exam.next;   // the server has more than this computer kept
  if (foreign && !full) course.moved();
  else if ((foreign || lost) && full && status.token) course.relet(status);
  else if (lost && !full) session.load().catch(() => null);
  else exam.take(status);
}

/** The server has heard of a start that was made here by the release code. */
function begun(state) {
  if (state.lease !== exam.lease || state.next > exam.next) course.relet(state);
  else {
    exam.begun(state);
    exam.take(state);
  }
}

function notBegun(code) {
  if (code === "seat-taken") course.claimed();
  else if (code === "exam-ended") session.load().catch(() => null);
}

/** Another lease of this browser's: what was kept is carried over, and the page begins anew with it. */
async function relet(state) {
  if (!exam.keeping.safe && state.lease !== exam.lease) exam.sendRest();   // no later page knows of it
  exam.stop();
  await exam.keeping.keep();
  if (exam.keeping.safe) {
    const { entries } = await vault.load();
    await exam.keeping.leaveFor(adopt(exam.snapshot(), entries, state), clock);
  }
  if (!exam.keeping.safe) noteNothingKept();
  location.reload();
}

function close() {
  exam?.finish();
  session.close();
  byId("banner").hidden = true;
}

/** Ask until there is an answer: the first seconds of a full room may be slow, and the line may be dead. */
async function patiently(fetching) {
  for (let tries = 1; !course.ended && exam === null; tries += 1) {
    try {
      const found = await fetching();
      if (found) return found;
    } catch (trouble) {
      if (trouble instanceof SealBroken) hold.show("sealed");
      else if (!(trouble instanceof NoAnswer)) throw trouble;
      else if (tries === NO_LINE_AFTER) await showNoLine();
    }
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_MS);
    });
  }
  return null;
}

/** Without a line the release code still opens a paper that is here. */
async function showNoLine() {
  if (!await vault?.paper()) {
    hold.show("no-line");
    return;
  }
  const form = makeCodeForm({ vault, clock, opened: begin });
  hold.show("code", { more: [form] });
}

async function askServer(store, kept) {
  const state = await session.load({ needed: true });
  if (state === null || !course.begin(state)) return null;
  const { seat } = await fetchSeat();
  return seat ? openFromServer(store, seat, state, kept) : null;
}

/** Show the exam that was opened, and listen to the server. */
async function begin(opened) {
  const { content, state, entries, assets } = opened;
  ({ vault } = opened);
  noteAttempt(content.attempt);
  if (state.clock) clock.resume(state.clock);
  const check = await receiptCheck(content.receipt_key, content.attempt);
  session.adopt(state);
  exam = new Exam({ content, state, entries, assets, vault, check, clock, session, course, line });
  exam.take(state.status);
  session.open();
  keepShellBeside();
}

async function start() {
  const store = await Store.openOrPage();
  vault = await Vault.of(store, notedAttempt()).catch(() => null);
  const kept = await readKept(vault);
  const opened = (kept && await openKept(kept)) ?? await patiently(() => askServer(store, kept));
  if (opened !== null && exam === null) await begin(opened);
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

bindView((name) => exam?.viewed(name));
alone(start);
