// The waiting room: asks every two seconds and goes on by itself. A missed answer is no news; a minute without one is said calmly.

import { ServerClock } from "./clock.js";
import { NoAnswer, ask } from "./wire.js";

const ASK_MS = 2_000;
const CLOCK_EVERY = 30;          // asks
const LOST_AFTER = 3;            // asks without an answer
const ASKED = "cbt-asked";       // this tab has asked for the seat already

const wait = document.getElementById("wait");
const line = document.getElementById("line");
const clockBox = document.getElementById("clock");
const clock = new ServerClock();
let asked = 0;
let missed = 0;
let asking = sessionStorage.getItem(ASKED) !== null && wait.dataset.state === "seat-taken";

function show(state) {
  const known = [...wait.children].some((part) => part.dataset.when.split(" ").includes(state));
  const shown = known ? state : "waiting";
  if (wait.dataset.state === state) return;
  wait.dataset.state = state;
  for (const part of wait.children) part.hidden = !part.dataset.when.split(" ").includes(shown);
  document.getElementById("check-in").classList.toggle("done", state !== "waiting");
}

function showLine(good) {
  line.classList.toggle("warn", !good);
  const words = good ? line.dataset.good : line.dataset.bad;
  if (line.lastElementChild.textContent !== words) line.lastElementChild.textContent = words;
}

/** Begin, go on, or ask (once) for an exam that is open at another computer: the server decides which it is. */
function start(state) {
  asking = true;
  if (state === "seat-taken") sessionStorage.setItem(ASKED, "1");
  else sessionStorage.removeItem(ASKED);
  document.getElementById("start").requestSubmit();
}

async function look() {
  const { status, body } = await ask(wait.dataset.url);
  if (status === 401) {
    location.reload();
    return;
  }
  if (status !== 200 || body === null) throw new NoAnswer(String(status));
  missed = 0;
  showLine(true);
  show(body.state);
  if (body.state === "ended") location.replace("/result");
  if (body.state === "open" || (body.state === "seat-taken" && !asking)) start(body.state);
}

async function setClock() {
  const sentAt = clock.mark();
  const { status, body } = await ask("/delivery/clock");
  if (status !== 200) return;
  clock.take(body.now, sentAt);
  showClock();
  clockBox.hidden = false;
}

function showClock() {
  clockBox.firstElementChild.textContent = new Date(clock.now()).toLocaleTimeString("en-GB", { hour12: false, timeZone: clockBox.dataset.zone });
}

async function round() {
  try {
    if (asked % CLOCK_EVERY === 0) await setClock();
    asked += 1;
    await look();
  } catch {
    missed += 1;
    if (missed >= LOST_AFTER) showLine(false);
  }
  setTimeout(round, ASK_MS);
}

setInterval(showClock, 250);
round();
