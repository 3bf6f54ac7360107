// Parts that are passed in one direction, as a course of instants: where the candidate stands, and what follows by itself. The server
// made the course; here it is only gone along, so that a page without a line changes parts when the server does. Pure.

/** Tell whether the parts of a paper are passed in one direction. */
export function inOrder(content) {
  return content.exam.navigation === "parts";
}

/** Return the place that a status tells of: {index, onBreak, endsAt, leftMs, limitS, ahead}; `endsAt` is null while the time stands. */
export function placeOf(part) {
  const ends = part.deadline_at ?? part.break_until;
  const ahead = part.ahead.map(({ index, begins_at: begins, deadline_at: until }) => ({ index, begins: Date.parse(begins), ends: Date.parse(until) }));
  return {
    index: part.index, onBreak: part.on_break, endsAt: ends ? Date.parse(ends) : null, leftMs: part.remaining_s * 1000, limitS: part.limit_s, ahead,
  };
}

/** Return the place at `now` where the candidate does nothing; the last part ends with the exam. */
export function followed(place, now) {
  let at = place;
  while (at.endsAt !== null && now >= at.endsAt && at.ahead.length > 0) at = next(at);
  return at;
}

function next({ endsAt, onBreak, ahead }) {
  const [following, ...rest] = ahead;
  if (!onBreak && following.begins > endsAt) return between(following.index, endsAt, following.begins, true, ahead);
  return between(following.index, following.begins, following.ends, false, rest);
}

function between(index, begins, ends, onBreak, ahead) {
  return { index, onBreak, endsAt: ends, leftMs: ends - begins, limitS: Math.round((ends - begins) / 1000), ahead };
}

/** Return what the page may offer at a place that was reached without the server. */
export function mayAt({ index, onBreak }, parts) {
  if (onBreak) return ["enter-part", "raise-hand"];
  return ["answer", "flag", index === parts.length - 1 ? "submit" : "leave-part", "raise-hand"];
}

/** Tell whether parts may be changed before the server has heard of it: only where no part has a time of its own to gain by it. */
export function changesAlone(parts) {
  return parts.every(({ minutes }) => minutes === null);
}

/** Return the place after leaving a part (or the break before one) at `now`, where parts share the time that is left. */
export function turned(place, parts, now) {
  const left = Math.max(0, place.onBreak ? place.ahead[0].ends - place.ahead[0].begins : place.endsAt - now);
  const index = place.onBreak ? place.index : place.index + 1;
  const pauseMs = place.onBreak ? 0 : parts[index - 1].break_minutes * 60_000;
  if (pauseMs === 0) return between(index, now, now + left, false, []);
  return between(index, now, now + pauseMs, true, [{ index, begins: now + pauseMs, ends: now + pauseMs + left }]);
}

/**
 * Return the place of a start that the server has not heard of: at `begins`, with `allowedS` for all parts together. The factor of an
 * accommodation is in `allowedS`; the server's own seconds stand in its first status.
 */
export function placeAtStart(parts, begins, allowedS) {
  const minutes = parts.reduce((sum, part) => sum + (part.minutes ?? 0), 0);
  if (minutes === 0) return between(0, begins, begins + allowedS * 1000, false, []);
  const lengths = parts.map((part) => Math.round((part.minutes * allowedS) / minutes) * 1000);
  const ahead = [];
  let ends = begins + lengths[0];
  for (let index = 1; index < parts.length; index += 1) {
    const from = ends + parts[index - 1].break_minutes * 60_000;
    ends = from + lengths[index];
    ahead.push({ index, begins: from, ends });
  }
  return between(0, begins, begins + lengths[0], false, ahead);
}
