// What this browser still holds of exams, offered as answer files. Reads the same database as the exam screen and shows nothing of it.

import { el, icon, setSprite } from "./dom.js";
import { saveAnswerFile } from "./keeping.js";
import { Store } from "./store.js";
import { Vault } from "./vault.js";
import { loadWords, say } from "./words.js";

const box = document.getElementById("held");

/** Return the entries of each lease of an attempt. */
function byLease(entries) {
  const leases = new Map();
  for (const { lease, ...entry } of entries) leases.set(lease, [...leases.get(lease) ?? [], entry]);
  return [...leases];
}

function receiptedOf(snapshot, lease) {
  if (lease === snapshot.lease) return snapshot.receipted;
  return snapshot.older?.find((one) => one.lease === lease)?.receipted ?? Infinity;
}

/** Make the panel of one lease. */
function panel(vault, snapshot, [lease, entries], name) {
  const waiting = entries.filter(({ number }) => number > receiptedOf(snapshot, lease)).length;
  const savedAt = new Date(snapshot.clock?.wallMs ?? Date.now()).toISOString();
  const told = el("p", { class: "hint", role: "status" });
  const save = async () => {
    await saveAnswerFile(vault.seat, { lease, entries, started: snapshot.started, savedAt: new Date().toISOString(), name });
    told.textContent = say("file-saved");
  };
  return el("div", { class: "stack", dataset: { lease, waiting } },
    el("p", { text: say("held-entries", { n: entries.length, waiting }) }), el("p", { class: "muted num", text: say("held-saved", { at: localTime(savedAt) }) }),
    el("button", { class: "btn primary big", type: "button", dataset: { saveFile: "" }, on: { click: save } }, icon("download"), say("save-file")), told);
}

function localTime(instant) {
  return new Date(instant).toLocaleString(document.documentElement.lang, { hour12: false });
}

async function section(vault) {
  const { snapshot, entries } = await vault.load();
  if (snapshot === null) return null;   // it lay ready, but was not begun here
  const { number = "-", seat = "-" } = snapshot.candidate ?? {};
  const name = number === "-" ? vault.seat.attempt : `${number}-${seat}`;
  return el("section", { class: "panel", dataset: { attempt: vault.seat.attempt } },
    el("header", {}, el("h2", { text: say("held-of", { number, seat }) })),
    el("div", { class: "body stack" }, ...byLease(entries).map((one) => panel(vault, snapshot, one, name))));
}

async function show() {
  let vaults;
  try {
    vaults = await Vault.all(await Store.open());
  } catch {
    box.replaceChildren(el("p", { text: say("held-closed") }));
    return;
  }
  const sections = await Promise.all(vaults.map((vault) => section(vault).catch(() => el("p", { class: "warn", text: say("held-broken") }))));
  const found = sections.filter((one) => one !== null);
  box.replaceChildren(...(found.length > 0 ? found : [el("p", { text: say("held-none"), dataset: { empty: "" } })]));
}

loadWords(document.getElementById("words").textContent);
setSprite(document.body.dataset.icons);
show();
