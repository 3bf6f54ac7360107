// The PC check: measures, sends what it measured, and shows what the server says of it, green or red with what to do.

import { el, icon, setSprite, setText } from "../exam/dom.js";
import { loadWords, say } from "../exam/words.js";
import { ask } from "../exam/wire.js";
import * as measure from "./measure.js";

const SEAT = "cbt-check-seat";
const LIMIT_MS = 20_000;
const TYPED = "1234";

const byId = (id) => document.getElementById(id);
const urls = document.body.dataset;
const run = byId("run");
const form = byId("check");

loadWords(byId("words").textContent);
setSprite(urls.icons);

/** As `ask`, with the token of this page for what is posted. */
async function post(path, { send }) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
  const answer = await fetch(path, {
    method: "POST", headers, body: JSON.stringify(send), cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(LIMIT_MS),
  });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

function tell(words, values) {
  setText(byId("progress"), say(words, values));
}

/** Tell what the keyboard test gave: null where it was left out. */
function typed() {
  const text = byId("typed").value.trim();
  return text === "" ? null : text === TYPED;
}

async function takeMeasures() {
  tell("measuring-browser");
  const { width, height, zoom } = measure.screenFacts();
  const crypto = await measure.crypt();
  tell("measuring-disk");
  const { kept, ms: keepMs } = await measure.keepEntry();
  const worker = await measure.worker();
  const quotaMb = await measure.quota();
  const { offsetMs, latencyMs, asks } = await measure.line(ask, (n, of) => tell("measuring-line", { n, of }));
  tell("measuring-load");
  const { bytes, ms } = await measure.load(urls.payload);
  tell("measuring-save");
  const saved = await measure.save(post, urls.save);
  return {
    secure: window.isSecureContext, features: measure.features(), crypto, kept, keep_ms: keepMs, worker, quota_mb: quotaMb, saved,
    clock_offset_ms: offsetMs, latency_ms: latencyMs, asks, download_bytes: bytes, download_ms: ms, width, height, zoom_percent: zoom,
    keyboard: typed(), browser: measure.browserName(),
  };
}

function row({ name, good, value }) {
  return el("tr", { class: good ? "" : "is-bad", dataset: { check: name, good } },
    el("td", {}, el("span", { class: `badge ${good ? "b-ok" : "b-bad"}` }, icon(good ? "check" : "x"), say(good ? "good" : "bad"))),
    el("th", { scope: "row", text: say(`check-${name}`) }), el("td", { class: "num", text: value }),
    el("td", { text: good ? "" : say(`todo-${name}`) }));
}

function show({ lines, good, seat, at }) {
  byId("lines").replaceChildren(...lines.map(row));
  byId("finding").className = `finding ${good ? "f-ok" : "f-bad"}`;
  byId("finding").replaceChildren(icon(good ? "check-circle" : "warn-f"), el("h2", { tabindex: "-1", text: say(good ? "all-good" : "some-bad", { seat }) }));
  setText(byId("checked-at"), at);
  byId("result").hidden = false;
  byId("finding").querySelector("h2").focus();
}

async function check(event) {
  event.preventDefault();
  const seat = Number(byId("seat").value);
  if (!seat) return;
  keepSeat(seat);
  run.disabled = true;
  byId("result").hidden = true;
  try {
    const { status, body } = await post(urls.results, { send: { seat, measures: await takeMeasures() } });
    tell(status === 200 ? "sent" : status === 429 ? "too-many" : "not-sent");
    if (status === 200) show(body);
  } catch {
    tell("not-sent");
  }
  run.disabled = false;
}

/** The same PC is the same seat the next time. */
function keepSeat(seat) {
  try {
    localStorage.setItem(SEAT, `${urls.room}/${seat}`);
  } catch { /* storage is switched off: the check will say so */ }
}

function knownSeat() {
  try {
    const [room, seat] = (localStorage.getItem(SEAT) ?? "").split("/");
    return room === urls.room ? seat : "";
  } catch {
    return "";
  }
}

const wanted = new URLSearchParams(location.search).get("seat") ?? knownSeat();
if ([...byId("seat").options].some(({ value }) => value === wanted)) byId("seat").value = wanted;
form.addEventListener("submit", check);
run.disabled = false;
