// Waiting for the start, on the waiting page and beside the practice: until the proctor has let the candidate in the server is asked again
// and again; then the sealed paper comes to this computer, and the door tells what happens.

import { pauseMs } from "./backoff.js";
import { fetchSeat, furnishedSeat } from "./seat.js";
import { Store } from "./store.js";
import { openStream } from "./stream.js";
import { NoAnswer } from "./wire.js";

const ASK_MS = 3_000;

export const sleep = (ms) => new Promise((resolve) => {
  setTimeout(resolve, ms);
});

/**
 * Ask until the proctor has let this candidate in; returns {seat, sentAt} (when it was asked for, as clocks take it), or null once
 * `elsewhere({code, status})` says of a refusal that the way leads elsewhere. `heard()` runs whenever the server has answered.
 */
export async function admitted({ heard = () => {}, elsewhere }) {
  for (;;) {
    try {
      const sentAt = performance.now();
      const answer = await fetchSeat();
      heard();
      if (answer.seat) return { seat: answer.seat, sentAt };
      if (elsewhere(answer)) return null;
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) throw trouble;
    }
    await sleep(ASK_MS * (0.75 + Math.random() / 2));   // a room does not ask in step
  }
}

/** Return the seat's vault with everything in it that is sealed, as soon as there is a line; `progress(done, of)` is told. */
export async function furnished(seat, progress) {
  const store = await Store.openOrPage();
  for (let tries = 1; ; tries += 1) {
    try {
      return await furnishedSeat(store, seat, { progress });
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) throw trouble;
      await sleep(pauseMs(tries));
    }
  }
}

/**
 * Listen at the door with the present `token()`. `report`: `heard()` when the stream opens, `word({state, now})`, `lost()`, `renewed(token)`
 * for one that has grown old, `refused({code, status})` where this seat has no place at the door any more. Returns the stream.
 */
export function listenAtDoor(token, { heard = () => {}, word, lost = () => {}, renewed, refused = () => {} }) {
  return openStream("/delivery/wait", {
    token,
    report: {
      open: heard, lost,
      event: (name, status) => name === "wait" && word(status),
      denied: async () => {
        const { seat, ...refusal } = await fetchSeat().catch(() => ({}));
        if (seat) renewed(seat.seat_token);
        else if (refusal.code !== undefined) refused(refusal);
      },
    },
  });
}
