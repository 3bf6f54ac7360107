// Receipts: the server's signature over what it has on disk. Checked before an entry leaves the outbox.

import { CROCKFORD, fromBase64url } from "./bytes.js";

const CODE_SYMBOLS = 10;

/** Return the code by which people name a journal head (hexadecimal): its first fifty bits, `8HQ2X-77TM4`. */
export function shortCode(head) {
  let bits = BigInt(`0x${head.slice(0, 14)}`) >> 6n;
  let text = "";
  for (let place = 0; place < CODE_SYMBOLS; place += 1) {
    text = CROCKFORD[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return `${text.slice(0, 5)}-${text.slice(5)}`;
}

/** Return the bytes that the signature covers (RFC 8785: sorted names, no spaces). */
function signedBytes({ at, attempt, head, lease, number }) {
  return new TextEncoder().encode(JSON.stringify({ at, attempt, head, lease, number }));
}

/** Return an async check `receipt -> boolean` for the paper's key; raises where the browser has no Ed25519: such a one may sit no exam. */
export async function receiptCheck(receiptKey, attempt) {
  const key = await crypto.subtle.importKey("raw", fromBase64url(receiptKey), "Ed25519", false, ["verify"]);
  return async (receipt) => {
    if (receipt.attempt !== attempt) return false;
    try {
      return await crypto.subtle.verify("Ed25519", key, fromBase64url(receipt.signature), signedBytes(receipt));
    } catch {
      return false;
    }
  };
}
