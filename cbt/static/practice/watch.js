// Waits beside something else for the start of the exam, as the waiting page does: asks until the proctor has let the candidate in,
// then fetches what is sealed, so that the start is quick, and listens.

import { fetchSealed, fetchSeat, vaultOf } from "../exam/seat.js";
import { Store } from "../exam/store.js";
import { openStream } from "../exam/stream.js";
import { NoAnswer } from "../exam/wire.js";
import { keepShell } from "../exam/worker.js";

const ASK_MS = 4_000;
const WAITING = new Set(["waiting", "checked-in"]);

/** Call `starts()` once, as soon as this candidate's exam is anything but waited for; `allowedS` is the time of that exam. */
export function watchStart({ allowedS, starts }) {
  let stream = null;
  let closed = false;

  function take(state) {
    if (closed || WAITING.has(state)) return;
    closed = true;
    stream?.close();
    starts();
  }

  /** Ask until there is a place at the door, which is from the check-in on; a line that is cut says nothing. */
  async function look() {
    try {
      const { seat, code } = await fetchSeat();
      if (seat) {
        take(seat.state);
        listen(seat);
        return;
      }
      if (code !== "not-admitted") take(code);
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) throw trouble;
    }
    if (!closed) setTimeout(look, ASK_MS);
  }

  function listen(seat) {
    if (closed) return;
    let token = seat.seat_token;
    prepare(seat, allowedS).catch((trouble) => console.info("not prepared yet", trouble));
    stream = openStream("/delivery/wait", {
      token: () => token,
      report: {
        open: () => {}, lost: () => {},
        event: (name, value) => name === "wait" && take(value.state),
        denied: async () => {
          const { seat: again, code } = await fetchSeat().catch(() => ({}));
          if (again) token = again.seat_token;
          else if (code !== undefined) take(code);
        },
      },
    });
  }

  look();
}

/** Keep the sealed paper and the exam screen on this computer; what is missing the waiting page fetches. */
async function prepare(seat, allowedS) {
  const store = await Store.openOrPage();
  await fetchSealed(await vaultOf(store, seat, { allowedS }));
  await keepShell();
}
