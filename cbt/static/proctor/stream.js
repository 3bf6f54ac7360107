// The live line to the room: connects, connects again, and knows how old the picture is.

const SILENCE_MS = 8000; // the server speaks at least every five seconds
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/** Keep a stream on `url` open for ever. `take(name, document)` gets each event, `line(ageMs | null)` the age of the picture when it is stale. */
export function openStream(url, { take, line }) {
  let source = null;
  let heardAt = performance.now();
  let wait = FIRST_WAIT_MS;

  function heard(name, event) {
    heardAt = performance.now();
    wait = FIRST_WAIT_MS;
    take(name, JSON.parse(event.data));
    line(null);
  }

  function connect() {
    source = new EventSource(url);
    for (const name of ["room", "seats", "incidents", "clock"]) source.addEventListener(name, (event) => heard(name, event));
    source.addEventListener("error", again, { once: true });
  }

  function again() {
    source.close();
    setTimeout(connect, wait + Math.random() * wait); // spread, so that all rooms do not come back at once
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  connect();
  setInterval(() => {
    const age = performance.now() - heardAt;
    if (age <= SILENCE_MS) return;
    line(age);
    if (source.readyState === EventSource.OPEN && age > 2 * SILENCE_MS) {
      heardAt = performance.now() - SILENCE_MS - 1; // a line that is open but dead: hang up and dial again
      again();
    }
  }, 1000);
  addEventListener("pagehide", () => source.close());
}
