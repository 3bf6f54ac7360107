// What a page goes on from: a snapshot of the attempt at this browser, made of the server's state and of what was kept here.
// Pure: nothing is fetched or written.

const RUNNING = ["answer", "flag", "submit", "raise-hand"];

const STATUS = ["state", "now", "deadline_at", "remaining_s", "allowed_s", "may", "part"];

/** Return the part of a server's answer that is the status. */
export function statusOf(state) {
  return Object.fromEntries(STATUS.filter((name) => name in state).map((name) => [name, state[name]]));
}

/** Return the snapshot of a page that begins with the server's state and nothing of its own. */
export function fromServer(state) {
  return {
    ...state, receipted: state.next - 1, status: statusOf(state), started: { offline: false, claimed_at: state.now },
    place: {}, tools: {}, older: [],
  };
}

/** Return the snapshot of a start by the release code: lease 1 until the server is heard. `clock` is an anchor (see clock.js). */
export function fromCode({ key, allowedS, clock, claimedAt, needs = {} }) {
  const deadline = new Date(Date.parse(claimedAt) + allowedS * 1000).toISOString();
  return {
    key, token: null, lease: 1, next: 1, responses: {}, flags: [], hand: false, needs, receipted: 0, clock,
    status: { state: "running", now: claimedAt, deadline_at: deadline, remaining_s: allowedS, allowed_s: allowedS, may: RUNNING },
    started: { offline: true, claimed_at: claimedAt.replace(/\.(\d{3})Z$/, ".$1000Z") }, place: {}, tools: {}, older: [],
  };
}

/**
 * Return {snapshot, entries, dropped} for going on with `kept` (its `entries` of all leases) after the server's `state`.
 *
 * Under the same lease what was kept here is the newer; it only takes what the server alone knows. Where the server holds more
 * numbers, its answers stand, and what waits here is counted anew behind them. Under another lease its answers stand too, and
 * what waits here under the older one keeps its numbers and is sent as such; only a start that the server never heard of
 * (`token` is null) has no older lease to be sent under.
 */
export function adopt(kept, entries, state) {
  const fresh = fromServer(state);
  if (kept === null) return { snapshot: fresh, entries: [], dropped: [] };
  const { place, tools, started, older } = kept;
  const carried = { ...fresh, place, tools, started, older };
  const own = entries.filter(({ lease, number }) => lease === kept.lease && number > kept.receipted);
  if (kept.lease === state.lease && state.next <= kept.next) {
    const { next, receipted, responses, flags } = kept;
    return { snapshot: { ...carried, next, receipted, responses, flags }, entries: [], dropped: [] };
  }
  if (kept.token === null || kept.lease === state.lease) return countedAnew(carried, own);
  return { snapshot: withOlder(carried, kept, own), entries: [], dropped: [] };
}

function countedAnew(fresh, waiting) {
  const { lease, next } = fresh;
  const counted = waiting.map((entry, index) => ({ ...entry, lease, number: next + index }));
  const snapshot = { ...laidOver(fresh, waiting, () => true), next: next + waiting.length };
  return { snapshot, entries: counted, dropped: waiting.map(({ lease: old, number }) => ({ lease: old, number })) };
}

function withOlder(fresh, kept, waiting) {
  if (waiting.length === 0) return fresh;
  const older = [...fresh.older, { lease: kept.lease, next: kept.next, token: kept.token, receipted: kept.receipted }];
  return { ...laidOver(fresh, waiting, (slot) => !(slot in fresh.responses)), older };
}

/** Lay answers and marks of entries over a snapshot's, for the slots that `may` let it. */
function laidOver(snapshot, entries, may) {
  const responses = { ...snapshot.responses };
  const flags = new Set(snapshot.flags);
  for (const { kind, slot, responses: given, on } of entries) {
    if (kind === "answered" && may(slot)) responses[slot] = given;
    if (kind === "flagged") flags[on ? "add" : "delete"](slot);
  }
  return { ...snapshot, responses, flags: [...flags] };
}
