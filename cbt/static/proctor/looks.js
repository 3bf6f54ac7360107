// The status language: shape, tile and badge of each word. The words themselves come from the server.

const LOOKS = {
  offline: { icon: "off", tile: "is-off", kind: "bad" },
  claim: { icon: "swap", tile: "is-hand", kind: "hand" },
  hand: { icon: "hand", tile: "is-hand", kind: "hand" },
  slow: { icon: "warn-f", tile: "is-slow", kind: "warn" },
  paused: { icon: "pause", tile: "is-pause", kind: "brand" },
  working: { icon: "dot", tile: "is-work", kind: "ok" },
  ready: { icon: "pc", tile: "is-ready", kind: "ok" },
  "checked-in": { icon: "check-circle", tile: "is-in", kind: "" },
  expected: { icon: "clock", tile: "is-none", kind: "" },
  "handed-in": { icon: "done", tile: "is-done", kind: "ok" },
  absent: { icon: "slash", tile: "is-none", kind: "" },
  ended: { icon: "void", tile: "is-void", kind: "bad" },
};

export const WORDS = Object.keys(LOOKS);

/** Return icon, tile class and colour of a word. */
export function look(word) {
  return LOOKS[word] ?? LOOKS.expected;
}

/** Return the key of the seat's word: time that ran out is worded differently from a hand-in, in the same shape. */
export function wordKey(seat) {
  return seat.state === "expired" || seat.state === "voided" ? `word.${seat.state}` : `word.${seat.word}`;
}

/** Order seats by alarm: most urgent kind first, inside one kind the longest wait. */
export function byAlarm(one, other) {
  return one.alarm - other.alarm || since(one) - since(other) || byNumber(one, other);
}

export function byNumber(one, other) {
  return Number(one.seat) - Number(other.seat) || one.seat.localeCompare(other.seat);
}

export function wants(seat) {
  return seat.alarm !== null;
}

function since(seat) {
  return seat.since ? Date.parse(seat.since) : 0;
}
