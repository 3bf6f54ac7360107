// Waits beside something else for the start of the exam, as the waiting page does: what is sealed is fetched meanwhile, so that the start is
// quick.

import { admitted, furnished, listenAtDoor } from "../exam/waiting.js";
import { keepShell } from "../exam/worker.js";

const WAITING = new Set(["waiting", "checked-in"]);

/** Call `starts()` once, as soon as this candidate's exam is anything but waited for. */
export async function watchStart(starts) {
  const found = await admitted({ elsewhere: ({ code }) => code !== "not-admitted" });
  if (!WAITING.has(found?.seat.state)) {
    starts();
    return;
  }
  const { seat } = found;
  let token = seat.seat_token;
  const leave = () => {
    stream.close();
    starts();
  };
  const stream = listenAtDoor(() => token, {
    word: ({ state }) => WAITING.has(state) || leave(), refused: leave,
    renewed: (renewed) => {
      token = renewed;
    },
  });
  // What is missing the waiting page fetches.
  furnished(seat, () => {}).then(keepShell).catch((trouble) => console.info("not prepared yet", trouble));
}
