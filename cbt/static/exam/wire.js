// Requests to the server: JSON in and out, a time limit, and one kind of error when there is no answer at all.

const LIMIT_MS = 8_000;

/** No answer came: line cut, server away, or slower than the limit. */
export class NoAnswer extends Error {}

/**
 * Ask the server. Returns {status, body, retryAfterS}; `body` is null where the answer is not JSON. A redirect (signed
 * out) counts as 401. Raises NoAnswer.
 */
export async function ask(path, { method = "GET", token = null, send = null, limitMs = LIMIT_MS, leaving = false } = {}) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (send !== null) headers["Content-Type"] = "application/json";
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method, headers, body: send === null ? undefined : JSON.stringify(send), cache: "no-store", credentials: "same-origin",
      redirect: "manual", keepalive: leaving, signal: AbortSignal.timeout(limitMs),
    });
    text = await answer.text();
  } catch (trouble) {
    throw new NoAnswer(String(trouble));
  }
  const status = answer.type === "opaqueredirect" ? 401 : answer.status;
  return { status, body: parse(text), retryAfterS: Number(answer.headers.get("Retry-After")) || 0 };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
