// Bytes and their spellings: base64url and hexadecimal as the wire writes them, ids as their sixteen bytes.

/** The symbols of codes that people read and type (Crockford's base 32): none looks like another. */
export const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Return the bytes that a base64url text spells (padding or not). */
export function fromBase64url(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Return bytes as base64url without padding. */
export function toBase64url(bytes) {
  let plain = "";
  for (const byte of new Uint8Array(bytes)) plain += String.fromCharCode(byte);
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Return the bytes of a hexadecimal text; hyphens (of an id) do not matter. */
export function fromHex(text) {
  const digits = text.replace(/-/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, place) => parseInt(digits.slice(2 * place, 2 * place + 2), 16));
}

/** Return bytes as lower-case hexadecimal digits. */
export function toHex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return the UTF-8 bytes of a text. */
export function fromText(text) {
  return new TextEncoder().encode(text);
}

/** Return several runs of bytes as one. */
export function joined(...runs) {
  const whole = new Uint8Array(runs.reduce((length, run) => length + run.length, 0));
  let place = 0;
  for (const run of runs) {
    whole.set(run, place);
    place += run.length;
  }
  return whole;
}
