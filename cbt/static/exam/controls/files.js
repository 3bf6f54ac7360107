// Files of the candidate: sent as they are, known by their digest from then on.

import { NoAnswer, ask } from "../wire.js";

const LIMIT_MS = 120_000;
const PATH = "/delivery/files";

/** Send a file; returns {sha256, name, bytes} or {code} when it was refused. Raises NoAnswer. */
export async function sendFile(payload, { name, variable, slot }) {
  const where = new URLSearchParams({ slot, response: variable, name });
  let answer;
  let body = null;
  try {
    const token = (await ask("/delivery/form-token")).body?.token ?? "";
    answer = await fetch(`${PATH}?${where}`, {
      method: "POST", body: payload, credentials: "same-origin", redirect: "manual", cache: "no-store",
      headers: { Accept: "application/json", "X-CSRFToken": token, "Content-Type": "application/octet-stream" },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    body = await answer.json();
  } catch (trouble) {
    if (!answer || answer.ok) throw new NoAnswer(String(trouble));
  }
  return answer.ok ? body : { code: body?.error?.code ?? "refused" };
}

/** Where a sent file can be looked at. */
export function fileAddress(sha256) {
  return `${PATH}/${sha256}`;
}

/** Return what is known of a sent file: {name}. */
export async function askFile(sha256) {
  const answer = await fetch(`${fileAddress(sha256)}/facts`, { credentials: "same-origin", headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}
