// The journal key of one attempt: this browser may use it and never show it; whoever holds the sitting's key can unwrap it.

import { fromBase64url, fromHex, fromText, joined, toBase64url, toHex } from "./bytes.js";

const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/** Return a new journal key {key, wrapped, keyId}, wrapped to the sitting's public key (base64url SPKI). */
export async function makeSecret(sittingKey) {
  const spki = fromBase64url(sittingKey);
  const lock = await crypto.subtle.importKey("spki", spki, { name: "RSA-OAEP", hash: "SHA-256" }, false, ["encrypt"]);
  const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const wrapped = await crypto.subtle.encrypt("RSA-OAEP", lock, raw);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return { key, wrapped, keyId: toHex(await crypto.subtle.digest("SHA-256", spki)) };
}

/** Return a document encrypted for the disk; `owner` says what it is, so that no record passes for another. */
export function sealRecord(key, document, owner) {
  return seal(key, document, fromText(owner));
}

/** Return what `sealRecord` encrypted; raises OperationError where it was changed or is another record. */
export async function openRecord(key, sealed, owner) {
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: sealed.subarray(0, NONCE_BYTES), additionalData: fromText(owner) }, key, sealed.subarray(NONCE_BYTES));
  return JSON.parse(new TextDecoder().decode(plain));
}

/** Return the answer file of `held` (the entries of one lease) that only the sitting's key opens. */
export async function answerFile({ seat, lease, held, savedAt }) {
  const sealed = await seal(seat.key, held, joined(fromHex(seat.attempt), fromHex(seat.form)));
  return {
    format: "cbt-answers/1", attempt: seat.attempt, form: seat.form, lease, saved_at: savedAt,
    wrapped_key: toBase64url(seat.wrapped), key_id: seat.keyId, sealed: toBase64url(sealed),
  };
}

async function seal(key, document, additionalData) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, fromText(JSON.stringify(document)));
  return joined(iv, new Uint8Array(sealed));
}
