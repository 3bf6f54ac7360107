// The room, live: takes what the stream says, keeps it by registration, and lets every part of the page show it.

import { Alerts } from "./alerts.js";
import { Chips } from "./chips.js";
import { Drawer } from "./drawer.js";
import { showIncidents } from "./incidents.js";
import { byNumber, wants } from "./looks.js";
import { setText } from "./nodes.js";
import { Orders } from "./orders.js";
import { Roster } from "./roster.js";
import { SeatMap } from "./seats.js";
import { noteContacts } from "./signal.js";
import { openStream } from "./stream.js";
import { everySecond, serverNow, setServerNow, shortTime, timeOfDay } from "./tick.js";
import { say } from "./words.js";

const BULK = ["check-in", "extend", "pause", "resume", "grant-seat", "end"];
const TOAST_MS = 6000;
const page = document.getElementById("room");
const find = (name) => document.querySelector(`[data-room="${name}"]`);

const seats = new Map();
const chosen = new Set(); // in the order of choosing: the last one is in the drawer
let room = { state: page.dataset.state, empty: [], opened_at: null };

const map = new SeatMap(find("seats"), choose);
const roster = new Roster(find("roster"), { toggled: choose, opened: open });
const chips = new Chips(find("chips"), filter);
const alerts = new Alerts({ list: find("alerts"), empty: find("no-alerts"), count: find("alert-count"), live: find("live") });
const drawer = new Drawer(find("drawer"), { seatUrl: (id) => page.dataset.seat.replace("00000000-0000-0000-0000-000000000000", id), closed: back });
const orders = new Orders({ dialog: find("dialog"), url: page.dataset.orders, toast, room: () => ({ seats, facts: openingFacts() }), done: () => {} });

const taking = {
  room(document) {
    room = document;
    seats.clear();
    for (const seat of document.seats) seats.set(seat.registration, seat);
    for (const id of [...chosen]) if (!seats.has(id)) chosen.delete(id);
    map.reset([...seats.values()], document.empty);
    roster.reset([...seats.values()]);
    showIncidents(find("incidents"), find("no-incidents"), document.incidents);
    page.classList.remove("is-loading");
    changed([...seats.values()]);
  },
  seats(document) {
    room.state = document.state;
    room.opened_at = document.opened_at;
    for (const seat of document.seats) seats.set(seat.registration, seat);
    map.update(document.seats);
    roster.update(document.seats);
    changed(document.seats);
  },
  incidents(document) {
    showIncidents(find("incidents"), find("no-incidents"), document.incidents);
  },
  clock({ contacts }) {
    const heard = [...seats.values()].filter((seat) => contacts[seat.registration] && contacts[seat.registration] !== seat.last_contact);
    for (const seat of heard) seat.last_contact = contacts[seat.registration];
    noteContacts(heard);
    roster.update(heard);
    const shown = heard.find((seat) => seat.registration === drawer.seat?.registration);
    if (shown) drawer.show(shown);
  },
};

function changed(fresh) {
  const all = [...seats.values()];
  noteContacts(fresh);
  alerts.show(all);
  chips.count(all, room.state);
  const shown = fresh.find((seat) => seat.registration === drawer.seat?.registration);
  if (shown) drawer.show(shown);
  filter();
  choice();
  summary(all);
}

function summary(all) {
  page.dataset.state = room.state;
  find("start").hidden = room.state !== "waiting";
  const here = all.filter((seat) => seat.checked_in_at).length;
  setText(find("start-words"), say("start-words", { here, all: all.length }));
  setText(find("fact-opened"), room.opened_at ? timeOfDay(room.opened_at) : "—");
  const last = all.map((seat) => seat.deadline_at).filter(Boolean).sort().at(-1);
  setText(find("fact-last"), last ? shortTime(last) : "—");
  setText(find("fact-here"), say("of", { part: here, all: all.length }));
  const done = all.filter((seat) => seat.word === "handed-in" || seat.word === "ended").length;
  setText(find("fact-done"), say("of", { part: done, all: here }));
}

function openingFacts() {
  const all = [...seats.values()];
  const here = all.filter((seat) => seat.checked_in_at).length;
  const servers = page.dataset.servers ? [[say("fact.servers"), page.dataset.servers]] : [];
  return [[say("fact.registered"), String(all.length)], [say("fact.checked-in"), String(here)], [say("fact.missing"), String(all.length - here)], ...servers];
}

function filter() {
  const troubled = find("hide-healthy").checked;
  const keeps = (seat) => chips.keeps(seat) && (!troubled || wants(seat) || chosen.has(seat.registration));
  map.filter(keeps);
  roster.filter(keeps);
}

function choose(id, on) {
  chosen.delete(id);
  if (on) {
    chosen.add(id);
    drawer.open(seats.get(id));
  } else if (drawer.seat?.registration === id) {
    const last = [...chosen].at(-1);
    if (last) drawer.open(seats.get(last));
    else drawer.close();
  }
  choice();
}

function open(id) {
  if (!seats.has(id)) return;
  drawer.open(seats.get(id));
  find("drawer").focus({ preventScroll: true });
}

function back() {
  (find("seats").querySelector('[tabindex="0"]') ?? page).focus();
}

/** Show what is chosen and which orders fit at least one of the chosen seats. */
function choice() {
  map.mark(chosen);
  roster.mark(chosen);
  const bar = find("bulk");
  const picked = [...chosen].map((id) => seats.get(id)).sort(byNumber);
  bar.hidden = picked.length === 0;
  setText(find("chosen"), say("chosen", { count: picked.length }));
  setText(find("chosen-seats"), picked.map((seat) => seat.seat).join(", "));
  for (const order of BULK) {
    const button = bar.querySelector(`[data-order="${order}"]`);
    const fits = picked.filter((seat) => seat.may.includes(order)).length;
    button.hidden = fits === 0;
    const number = button.querySelector("span");
    setText(number, fits && fits < picked.length ? String(fits) : "");
  }
}

function clearChoice() {
  chosen.clear();
  drawer.close();
  choice();
}

function toast(words) {
  const box = find("toast");
  setText(box, words);
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, TOAST_MS);
}

function targets(button) {
  const { order } = button.dataset;
  if (button.dataset.for === "drawer") return [drawer.seat];
  if (button.dataset.for) return [seats.get(button.dataset.for)];
  if (order === "open-room") return [];
  const picked = [...chosen].map((id) => seats.get(id)).sort(byNumber);
  return order === "incident" ? picked : picked.filter((seat) => seat.may.includes(order));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-order]");
  if (button) orders.give(button.dataset.order, targets(button));
  const opener = event.target.closest("[data-open]");
  if (opener && !opener.closest("table")) open(opener.dataset.open);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open], details[open]") && chosen.size) clearChoice();
});
find("clear").addEventListener("click", () => {
  clearChoice();
  back();
});
find("hide-healthy").addEventListener("change", filter);
for (const input of document.querySelectorAll('[name="view"]'))
  input.addEventListener("change", () => {
    page.dataset.view = input.value;
  });

function paintClock() {
  setText(find("clock"), timeOfDay(serverNow()));
}

everySecond(() => {
  paintClock();
  map.beat();
  roster.beat();
  alerts.beat();
  drawer.beat();
});

openStream(page.dataset.stream, {
  take(name, document) {
    setServerNow(document.now);
    paintClock();
    taking[name](document);
  },
  line(age) {
    const stale = find("stale");
    if (stale.hidden !== (age === null)) {
      setText(find("live"), say(age === null ? "line-back" : "stale-spoken"));
      if (age === null) drawer.load();
    }
    stale.hidden = age === null;
    find("line").hidden = age !== null;
    page.classList.toggle("is-stale", age !== null);
    if (age !== null) setText(find("stale-words"), say("stale", { seconds: Math.round(age / 1000) }));
  },
});
