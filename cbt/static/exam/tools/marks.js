// Marked stretches of a text as sorted pairs [from, to) that neither touch nor overlap: pure arithmetic.

/** Return `marks` with [from, to) marked too. */
export function mark(marks, from, to) {
  const apart = marks.filter(([start, end]) => end < from || start > to);
  const joined = marks.filter(([start, end]) => end >= from && start <= to);
  const whole = [Math.min(from, ...joined.map(([start]) => start)), Math.max(to, ...joined.map(([, end]) => end))];
  return [...apart, whole].sort(([a], [b]) => a - b);
}

/** Return `marks` without [from, to). */
export function unmark(marks, from, to) {
  return marks.flatMap(([start, end]) => [[start, Math.min(end, from)], [Math.max(start, to), end]].filter(([a, b]) => a < b));
}

/** Tell whether all of [from, to) is marked. */
export function isMarked(marks, from, to) {
  return marks.some(([start, end]) => start <= from && end >= to);
}

/** Return `marks` with [from, to) turned over: unmarked where all of it was marked, marked otherwise. */
export function turn(marks, from, to) {
  return isMarked(marks, from, to) ? unmark(marks, from, to) : mark(marks, from, to);
}
