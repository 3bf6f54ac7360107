// The signs of life of each seat in the last five minutes, as this page has seen them.

import { drawing } from "./nodes.js";
import { serverNow } from "./tick.js";
import { say } from "./words.js";

const WINDOW_MS = 300_000;
const STEP_MS = 5_000;
const BARS = WINDOW_MS / STEP_MS;
const seen = new Map();
let since = null;

/** Take note of when each of `seats` was last heard. */
export function noteContacts(seats) {
  since ??= serverNow();
  const oldest = serverNow() - WINDOW_MS;
  for (const seat of seats) {
    if (!seat.last_contact) continue;
    const at = Date.parse(seat.last_contact);
    const heard = (seen.get(seat.registration) ?? []).filter((moment) => moment >= oldest);
    if (heard.at(-1) !== at) heard.push(at);
    seen.set(seat.registration, heard);
  }
}

/** Return the picture: a bar for each five seconds, outlined where nothing was heard; blank before this page was open. */
export function signalPicture(seat) {
  const now = serverNow();
  const moments = seen.get(seat.registration) ?? [];
  const heard = new Set(moments.map((at) => Math.floor((now - at) / STEP_MS)));
  const from = Math.min(since, moments[0] ?? since); // the silence before this page was open is known too
  const known = Math.min(BARS, Math.ceil((now - from) / STEP_MS));
  const bars = [];
  for (let ago = 0; ago < known; ago += 1) {
    // A beat each five seconds may fall just beside its box: the neighbours count too.
    const alive = [ago - 1, ago, ago + 1].some((box) => heard.has(box));
    bars.push(drawing("rect", { x: 5 * (BARS - 1 - ago) + 1, width: 3, y: alive ? 14 : 3, height: alive ? 7 : 18, class: alive ? "beat" : "silence" }));
  }
  return drawing("svg", { class: "signal", viewBox: "0 0 300 22", preserveAspectRatio: "none", role: "img", "aria-label": say("signal-label") }, ...bars);
}
