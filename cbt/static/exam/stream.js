// Live news from the server: server-sent events read with fetch, because EventSource cannot send a token.

import { pauseMs } from "./backoff.js";

const SILENCE_MS = 40_000;   // the server writes at least a comment every 15 s

/** Collect lines into events; feed text, get [{event, data}]. */
class EventReader {
  #rest = "";
  #event = "message";
  #lines = [];

  feed(text) {
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = lines.pop();
    const events = [];
    for (const line of lines) {
      const found = this.#take(line);
      if (found) events.push(found);
    }
    return events;
  }

  #take(line) {
    if (line === "") return this.#finish();
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (name === "event") this.#event = value;
    else if (name === "data") this.#lines.push(value);
    return null;
  }

  #finish() {
    const event = { event: this.#event, data: this.#lines.join("\n") };
    const empty = this.#lines.length === 0;
    this.#event = "message";
    this.#lines = [];
    return empty ? null : event;
  }
}

/**
 * Keep a stream open until `close()`. `token()` gives the present token; `report`: `open()`, `event(name, value)`, `lost()`,
 * `denied(status)` (401, 403, 409: the caller reloads the state; the stream tries again).
 */
export function openStream(path, { token, report, chance = Math.random }) {
  let closed = false;
  let failures = 0;
  let wake = () => {};
  let abort = new AbortController();

  async function readOnce() {
    abort = new AbortController();
    let silence = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const answer = await fetch(path, {
        headers: { Authorization: `Bearer ${token()}`, Accept: "text/event-stream" }, cache: "no-store", signal: abort.signal,
      });
      if (!answer.ok) {
        if ([401, 403, 409].includes(answer.status)) report.denied(answer.status);
        return;
      }
      failures = 0;
      report.open();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = new EventReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), SILENCE_MS);
        for (const { event, data } of events.feed(value)) report.event(event, JSON.parse(data));
      }
    } finally {
      clearTimeout(silence);
      abort.abort();   // a stream that is left open would hold one of the browser's few connections
    }
  }

  async function run() {
    while (!closed) {
      try {
        await readOnce();
      } catch { /* a cut line, silence, or an unreadable event: all mean a new connection */ }
      if (closed) return;
      failures += 1;
      report.lost();
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, pauseMs(failures, chance));
      });
    }
  }

  run();
  return {
    nudge: () => wake(),
    close: () => {
      closed = true;
      abort.abort();
      wake();
    },
  };
}

/** Return the status that an attempt's own stream tells first, or null where it does not open. */
export function firstStatus(token) {
  return new Promise((done) => {
    const end = (status) => {
      stream.close();
      done(status);
    };
    const stream = openStream("/delivery/stream", {
      token: () => token,
      report: { open: () => {}, event: (name, status) => name === "status" && end(status), lost: () => end(null), denied: () => {} },
    });
  });
}
