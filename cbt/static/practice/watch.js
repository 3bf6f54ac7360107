// Listens beside something else for the start of the exam: over the stream of those who wait, and before the check-in by asking.

import { fetchSeat } from "../exam/seat.js";
import { openStream } from "../exam/stream.js";
import { NoAnswer } from "../exam/wire.js";

const ASK_MS = 5_000;
const WAITING = new Set(["waiting", "checked-in"]);

/** Call `starts()` once, as soon as this candidate's exam is anything but waited for. Returns {close()}. */
export function watchStart({ starts, every = ASK_MS }) {
  let stream = null;
  let closed = false;

  function take(state) {
    if (closed || WAITING.has(state)) return;
    close();
    starts();
  }

  function close() {
    closed = true;
    stream?.close();
  }

  /** Before the check-in there is no place at the door: ask until there is one. A line that is cut says nothing. */
  async function look() {
    if (closed) return;
    try {
      const { seat, code } = await fetchSeat();
      if (seat) listen(seat);
      else if (code !== "not-admitted") take(code);
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) throw trouble;
    }
    if (stream === null) setTimeout(look, every);
  }

  function listen(seat) {
    take(seat.state);
    if (closed) return;
    let token = seat.seat_token;
    stream = openStream("/delivery/wait", {
      token: () => token,
      report: {
        open: () => {}, lost: () => {},
        event: (name, value) => name === "wait" && take(value.state),
        denied: async () => {
          const { seat: again, code } = await fetchSeat().catch(() => ({}));
          if (again) token = again.seat_token;
          else if (code !== undefined && code !== "not-admitted") take(code);
        },
      },
    });
  }

  look();
  return { close };
}
