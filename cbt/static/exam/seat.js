// The seat of this browser before the start: its sealed paper and pictures are fetched and kept, so that only a key is missing.

import { makeSecret } from "./secret.js";
import { Vault } from "./vault.js";
import { NoAnswer, ask } from "./wire.js";

const SEALED_LIMIT_MS = 60_000;
const AT_ONCE = 3;

/** Fetch the seat; returns {seat} or {code, status}. Raises NoAnswer. */
export async function fetchSeat() {
  const { status, body } = await ask("/delivery/seat");
  if (status === 200 && body?.seat_token) return { seat: body };
  if (status >= 500 || status === 429) throw new NoAnswer(String(status));
  return { code: body?.error?.code ?? body?.waits ?? "refused", status };
}

/** Return the vault of a seat: the one that is there for the same paper, or a new one with a journal key of its own. */
export async function vaultOf(store, seat, { allowedS, zone = seat.zone } = {}) {
  const { attempt, form, receipt_key: receiptKey, sitting_key: sittingKey, seat_token: token, sealed, assets = [], needs } = seat;
  const known = await Vault.of(store, attempt).catch(() => null);
  const same = known !== null && known.seat.form === form && known.seat.sittingKey === sittingKey;
  const facts = { attempt, form, receiptKey, sittingKey, token, sealed, assets: assets.map(({ url }) => url), allowedS, zone, needs };
  const kept = same ? definedOver(known.seat, facts) : { ...facts, ...await makeSecret(sittingKey) };
  const vault = same ? known : new Vault(store, kept);
  await vault.keepSeat(kept);
  return vault;
}

/** Fetch what is still missing of the sealed paper and its pictures, or the paper `anew`; `progress(done, of)` is told. Raises NoAnswer. */
export async function fetchSealed(vault, { anew = false, progress = () => {} } = {}) {
  const { sealed, assets } = vault.seat;
  const here = await vault.assets();
  const missing = assets.filter((url) => !here.has(digestWithin(url)));
  const of = missing.length + 1;
  let done = 0;
  const told = () => progress(done += 1, of);
  if (anew || !await vault.paper()) await vault.keepPaper(await bytesAt(sealed));
  told();
  const fetchNext = async () => {
    for (let url = missing.shift(); url !== undefined; url = missing.shift()) {
      await vault.keepAsset(digestWithin(url), await bytesAt(url));
      told();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchNext));
}

/** Fetch one sealed picture that was missing. Raises NoAnswer. */
export async function fetchAsset(vault, sha256) {
  const url = vault.seat.assets.find((address) => digestWithin(address) === sha256) ?? `/delivery/sealed/assets/${sha256}`;
  const sealed = await bytesAt(url);
  await vault.keepAsset(sha256, sealed).catch(() => {});
  return sealed;
}

function digestWithin(url) {
  return url.slice(url.lastIndexOf("/") + 1);
}

function definedOver(known, facts) {
  return { ...known, ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== null)) };
}

async function bytesAt(url) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(SEALED_LIMIT_MS) });
    if (answer.ok) return await answer.arrayBuffer();
    throw new Error(String(answer.status));
  } catch (trouble) {
    throw new NoAnswer(String(trouble));
  }
}
