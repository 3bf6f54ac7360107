// The waiting room: keeps the sealed paper on this computer, listens for the proctor's start, and starts with one small request. A
// dead line is said calmly; then the release code starts the exam.

import { pauseMs } from "./backoff.js";
import { ServerClock } from "./clock.js";
import { noteAttempt } from "./opening.js";
import { makeCodeForm } from "./release.js";
import { adopt } from "./resume.js";
import { askStart } from "./start.js";
import { firstStatus } from "./stream.js";
import { admitted, furnished, listenAtDoor, sleep } from "./waiting.js";
import { keepShell } from "./worker.js";
import { loadWords, say } from "./words.js";
import { NoAnswer } from "./wire.js";

const LOST_AFTER_MS = 8_000;
const JITTER_MS = 700;           // a room does not knock in step

const wait = document.getElementById("wait");
const line = document.getElementById("line");
const ready = document.getElementById("ready");
const code = document.getElementById("release");
const codeBox = code.querySelector(".body");    // the words, and the field once there is a paper to open
const clockBox = document.getElementById("clock");
const clock = new ServerClock();

let vault = null;
let heardAt = performance.now();
let starting = false;
let shell = Promise.resolve(false);

function show(state) {
  const known = [...wait.children].some((part) => part.dataset.when.split(" ").includes(state));
  const shown = known ? state : "waiting";
  if (wait.dataset.state === state) return;
  wait.dataset.state = state;
  for (const part of wait.children) part.hidden = !part.dataset.when.split(" ").includes(shown);
  document.getElementById("check-in").classList.toggle("done", state !== "waiting");
}

/** Note that the server was heard, or look how long ago that was. */
function showLine(heard = false) {
  if (heard) heardAt = performance.now();
  const good = performance.now() - heardAt < LOST_AFTER_MS;
  line.classList.toggle("warn", !good);
  const words = good ? line.dataset.good : line.dataset.bad;
  if (line.lastElementChild.textContent !== words) line.lastElementChild.textContent = words;
  code.hidden = good || codeBox.childElementCount === 1;
}

function showReady(key, values = {}) {
  ready.dataset.ready = key;
  ready.lastElementChild.textContent = say(`ready-${key}`, values);
  ready.classList.toggle("done", key === "here" || key === "online");
}

function showClock() {
  clockBox.firstElementChild.textContent = new Date(clock.now()).toLocaleTimeString("en-GB", { hour12: false, timeZone: clockBox.dataset.zone });
}

function takeTime(now, sentAt = null) {
  clock.take(now, sentAt);
  showClock();
  clockBox.hidden = false;
}

/** Without a sign-in the page leads back to it. */
function signedOut({ status }) {
  if (status === 401) location.reload();
  return status === 401;
}

/** Say that the paper is here; with the exam screen on this computer too, the release code works from now on. */
async function announceReady() {
  const kept = await shell && vault.lasting;
  showReady(kept ? "here" : "online");
  if (kept && codeBox.childElementCount === 1) codeBox.append(makeCodeForm({ vault, clock, opened: startByCode }));
}

async function startByCode({ state }) {
  vault.describe(() => state);
  await vault.keep();
  goOn();
}

function toResult() {
  location.replace(wait.dataset.result);
}

function goOn() {
  noteAttempt(vault.seat.attempt);
  location.replace(wait.dataset.exam);
}

/** What this browser kept of an exam that goes on: its page can tell by itself whether the seat is still its own. */
async function kept() {
  const found = await vault.load().catch(() => ({ snapshot: null, entries: [] }));
  return found.snapshot === null ? null : found;
}

/** Start, go on, or ask for an exam that is open at another computer: the server decides which it is. */
async function start() {
  if (starting) return;
  starting = true;
  for (let tries = 1; ; tries += 1) {
    let atLeastMs = 0;
    try {
      const { state, code: refusal, retryAfterS } = await askStart({ token: vault.seat.token, renewed: renew });
      showLine(true);
      if (state) await take(state);
      else show({ "seat-taken": "seat-taken", "exam-ended": "ended" }[refusal] ?? wait.dataset.state);
      if (refusal === "exam-ended") toResult();
      if (state || ["seat-taken", "not-admitted", "exam-ended"].includes(refusal)) break;
      if (refusal === "not-open" && wait.dataset.state !== "open") break;
      atLeastMs = 1000 * (retryAfterS ?? 0);
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) throw trouble;
    }
    await sleep(Math.max(atLeastMs, pauseMs(tries)));
  }
  starting = false;
}

function renew(token) {
  return vault.renew({ token });
}

/** The exam is this browser's: keep key and state, and go to it. */
async function take(state) {
  const before = await kept();
  const { snapshot, entries, dropped } = adopt(before?.snapshot ?? null, before?.entries ?? [], state);
  vault.describe(() => ({ ...snapshot, clock: clock.anchor() }));
  await vault.keep({ entries, dropped }).catch((trouble) => console.warn("not kept on this computer", trouble));
  goOn();
}

async function heard({ state, now }) {
  showLine(true);
  takeTime(now);
  show(state);
  if (state === "ended") toResult();
  if (state === "open") {
    await sleep(Math.random() * JITTER_MS);
    await start();
  } else if (state === "seat-taken") await claim();
}

let claimed = false;

/** Another computer holds the exam: ask for it once, unless this one only lost its sign-in and still holds the lease. */
async function claim() {
  if (claimed) return;
  claimed = true;
  const before = await kept();
  if (before?.snapshot.token && await holdsLease(before.snapshot)) goOn();
  else await start();
}

/** Ask the exam's own stream, which an old token still opens, whose lease it is. */
async function holdsLease({ token, lease }) {
  return (await firstStatus(token))?.lease === lease;
}

function listen() {
  listenAtDoor(() => vault.seat.token, {
    heard: () => showLine(true), word: heard, lost: () => showLine(), renewed: renew, refused: signedOut,
  });
}

async function run() {
  shell = keepShell();
  const found = await admitted({ heard: () => showLine(true), elsewhere: signedOut });
  if (found === null) return;
  const { seat, sentAt } = found;
  takeTime(seat.now, sentAt);
  show(seat.state);
  if (seat.state === "ended") toResult();
  vault = await furnished(seat, (done, of) => showReady("fetching", { done, of }));
  const before = await kept();
  if (before?.snapshot.started.offline && before.snapshot.token === null) goOn();   // begun here without a line; its page tells the server
  else {
    listen();
    announceReady();
  }
}

for (const block of document.querySelectorAll("[data-words]")) loadWords(block.textContent);
setInterval(showClock, 250);
setInterval(() => showLine(), 1000);
run();
