// The seat of this browser before the start: its sealed paper and pictures are fetched and kept, so that only a key is missing.

import { makeSecret } from "./secret.js";
import { PageStore, StoreClosed } from "./store.js";
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

/**
 * Return the vault of a seat with its sealed paper and pictures in it: the vault that is there for the same paper, or a new one with a
 * journal key of its own. What is missing is fetched, or all of the paper `anew`; `progress(done, of)` is told. A disk that refuses to
 * write gives way to what lasts as long as the page. Raises NoAnswer.
 */
export async function furnishedSeat(store, seat, { anew = false, progress = () => {} } = {}) {
  const furnish = async (holder) => {
    const vault = await vaultOf(holder, seat);
    await fetchSealed(vault, { anew, progress });
    return vault;
  };
  try {
    return await furnish(store);
  } catch (trouble) {
    if (!(trouble instanceof StoreClosed)) throw trouble;
    console.info("this computer keeps nothing", trouble);
    return furnish(new PageStore());
  }
}

async function vaultOf(store, seat) {
  const { attempt, form, receipt_key: receiptKey, sitting_key: sittingKey, seat_token: token, allowed_s: allowedS, sealed, needs } = seat;
  const facts = { attempt, form, receiptKey, sittingKey, token, allowedS, sealed, needs, assets: seat.assets.map(({ url }) => url) };
  const known = await Vault.of(store, attempt).catch(() => null);
  if (known !== null && known.seat.form === form && known.seat.sittingKey === sittingKey) {
    await known.renew(facts);
    return known;
  }
  const kept = { ...facts, ...await makeSecret(sittingKey) };
  const vault = new Vault(store, kept);
  await vault.keepSeat(kept);
  if (store.lasting) navigator.storage?.persist?.().catch(() => {});   // what is here is no cache to be cleared when space is short
  return vault;
}

async function fetchSealed(vault, { anew, progress }) {
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

async function bytesAt(url) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(SEALED_LIMIT_MS) });
    if (answer.ok) return await answer.arrayBuffer();
    throw new Error(String(answer.status));
  } catch (trouble) {
    throw new NoAnswer(String(trouble));
  }
}
