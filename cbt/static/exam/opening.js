// Opening the paper: from what this browser keeps, or from the server. Gives the exam everything that it goes on from.

import { Assets } from "./assets.js";
import { fromBase64url, toBase64url } from "./bytes.js";
import { loadControls } from "./controls/index.js";
import { adopt, fromCode } from "./resume.js";
import { SealBroken, openPaper, paperKey, readReleaseCode } from "./sealing.js";
import { fetchAsset, furnishedSeat } from "./seat.js";

const NOTE = "cbt.attempt";

/** Note in this tab whose exam it shows; `null` forgets. Without a note a page takes the attempt that was sat at last. */
export function noteAttempt(attempt) {
  try {
    if (attempt === null) sessionStorage.removeItem(NOTE);
    else sessionStorage.setItem(NOTE, attempt);
  } catch { /* storage is switched off: the server will tell */ }
}

export function notedAttempt() {
  try {
    return sessionStorage.getItem(NOTE);
  } catch {
    return null;
  }
}

/** Have the next page of this tab go on from the server's state alone: what a disk that refuses still holds is old. */
export function noteNothingKept() {
  noteAttempt("-");
}

/** Return {content, state, entries, assets, vault} for the paper that `vault` holds; raises SealBroken. */
async function openFrom(vault, state, entries) {
  const sealed = await vault.paper();
  if (!sealed) throw new SealBroken("no paper here");
  const content = await openPaper(fromBase64url(state.key), sealed, vault.seat);
  const assets = new Assets({ paper: content, read: (sha256) => vault.asset(sha256), fetch: (sha256) => fetchAsset(vault, sha256) });
  await Promise.all([assets.openKept(), loadControls(content)]);
  return { content, state: { candidate: content.candidate, ...state }, entries, assets, vault };
}

/** Return what `vault` kept of an exam that has begun, {vault, snapshot, entries}; null where it has not begun here, or cannot be read. */
export async function readKept(vault) {
  if (vault === null) return null;
  try {
    const kept = await vault.load();
    return kept.snapshot === null ? null : { vault, ...kept };
  } catch (trouble) {
    console.warn("what was kept here cannot be read", trouble);
    return null;
  }
}

/** Return a kept exam opened; null where its paper is missing or does not open. */
export async function openKept({ vault, snapshot, entries }) {
  try {
    return await openFrom(vault, snapshot, entries);
  } catch (trouble) {
    console.warn("the paper that was kept here does not open", trouble);
    return null;
  }
}

/** Return the exam opened from the server's whole `state`, the seat's sealed paper and what is `kept` here. Raises NoAnswer, SealBroken. */
export async function openFromServer(store, seat, state, kept = null) {
  const vault = await furnishedSeat(store, seat);
  const own = kept?.vault.seat.attempt === seat.attempt ? kept : { snapshot: null, entries: [] };
  const { snapshot, entries, dropped } = adopt(own.snapshot, own.entries, state);
  const gone = new Set(dropped.map(({ lease, number }) => `${lease}/${number}`));
  const rest = own.entries.filter(({ lease, number }) => !gone.has(`${lease}/${number}`));
  await vault.keep({ entries, dropped }).catch(() => {});
  try {
    return await openFrom(vault, snapshot, [...rest, ...entries]);
  } catch (trouble) {
    if (!(trouble instanceof SealBroken)) throw trouble;
    return openFrom(await furnishedSeat(store, seat, { anew: true }), snapshot, [...rest, ...entries]);
  }
}

/**
 * Return the exam opened by a release code as it was typed, or null where it is mistyped. Raises SealBroken where it is another
 * sitting's code. The start is this instant; the server hears of it when the line is back.
 */
export async function openByCode(vault, typed, clock) {
  const code = readReleaseCode(typed);
  if (code === null) return null;
  const { attempt, allowedS, needs } = vault.seat;
  const key = toBase64url(await paperKey(code, attempt));
  return openFrom(vault, fromCode({ key, allowedS, needs, clock: clock.anchor(), claimedAt: clock.instant() }), []);
}
