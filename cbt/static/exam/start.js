// The start: one small request at the door, answered with the paper's key and the page's whole state.

import { fetchSeat } from "./seat.js";
import { ask } from "./wire.js";

/**
 * Ask for the start with a seat's token. `offline` ({claimed_at}) tells of one that the release code has made here. Returns
 * {state} with key and token, or {code, retryAfterS} of the refusal: not-admitted, not-open, seat-taken, exam-ended. Raises NoAnswer.
 */
export async function askStart({ token, renewed }, offline = null) {
  const first = await post(token, offline);
  if (first.status !== 401) return read(first);
  const { seat, code } = await fetchSeat();   // the token has grown old; the cookie may still know this seat
  if (!seat) return { code };
  await renewed?.(seat.seat_token);
  return read(await post(seat.seat_token, offline));
}

function post(token, offline) {
  return ask("/delivery/start", { method: "POST", token, send: offline ? { offline: { claimed_at: offline.claimed_at } } : {} });
}

function read({ status, body, retryAfterS }) {
  if (status === 200 && body?.state) return { state: body };
  return { code: body?.error?.code ?? `http-${status}`, retryAfterS };
}
