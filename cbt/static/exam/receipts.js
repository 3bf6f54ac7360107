// Receipts: the server's signature over what it has on disk. Checked before an entry leaves the outbox.

function bytesOf(base64url) {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Return the bytes that the signature covers (RFC 8785: sorted names, no spaces). */
export function signedBytes({ at, attempt, head, lease, number }) {
  return new TextEncoder().encode(JSON.stringify({ at, attempt, head, lease, number }));
}

/**
 * Return an async check `receipt -> boolean` for the paper's key. Where the browser has no WebCrypto or no Ed25519 (plain
 * http off this computer, an old browser) nothing can be checked, and every receipt passes.
 */
export async function receiptCheck(receiptKey, attempt) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", bytesOf(receiptKey), "Ed25519", false, ["verify"]);
  } catch {
    return async (receipt) => receipt.attempt === attempt;
  }
  return async (receipt) => {
    if (receipt.attempt !== attempt) return false;
    try {
      return await crypto.subtle.verify("Ed25519", key, bytesOf(receipt.signature), signedBytes(receipt));
    } catch {
      return false;
    }
  };
}
