// Time as the server tells it: an offset to this computer's monotonic clock, and one beat a second for all painters.

let offset = null;
const painters = new Set();

/** Take over the server's instant that came with an event. */
export function setServerNow(instant) {
  offset = Date.parse(instant) - performance.now();
}

/** Return the server's present instant in milliseconds. */
export function serverNow() {
  return offset === null ? Date.now() : offset + performance.now();
}

/** Call `paint` once a second from now on. */
export function everySecond(paint) {
  painters.add(paint);
}

/** Return the seconds left until `deadline`, or the given seconds while the clock stands. */
export function secondsLeft(seat) {
  return until(seat.deadline_at, seat.remaining_s);
}

/** Return the seconds left of a part or of a break. */
export function partSecondsLeft(part) {
  return until(part.ends_at, part.remaining_s);
}

function until(instant, standing) {
  return instant ? Math.max(0, Math.floor((Date.parse(instant) - serverNow()) / 1000)) : standing;
}

/** Return the whole seconds since `instant` (never below zero), or null. */
export function secondsSince(instant) {
  return instant ? Math.max(0, Math.floor((serverNow() - Date.parse(instant)) / 1000)) : null;
}

/** Return 0:48, 4:12 or 1:02:11. */
export function span(seconds) {
  if (seconds === null) return "";
  const hours = Math.floor(seconds / 3600);
  const rest = `${String(Math.floor(seconds / 60) % 60).padStart(hours ? 2 : 1, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** Return 1:12, hours and minutes. */
export function hoursText(seconds) {
  return `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}`;
}

/** Return HH:MM:SS, or a dash for nothing. */
export function clockText(seconds) {
  if (seconds === null || seconds === undefined) return "—";
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

const zone = document.getElementById("room").dataset.zone;
const withSeconds = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const withoutSeconds = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false });

/** Return the time of day at the centre, HH:MM:SS. */
export function timeOfDay(instant) {
  return instant ? withSeconds.format(typeof instant === "number" ? instant : Date.parse(instant)) : "—";
}

/** Return the time of day at the centre, HH:MM. */
export function shortTime(instant) {
  return instant ? withoutSeconds.format(Date.parse(instant)) : "";
}

setInterval(() => painters.forEach((paint) => paint()), 1000);
