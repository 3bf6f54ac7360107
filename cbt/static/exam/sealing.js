// Seals: how the page opens its paper and pictures, with the key that the server gave or that a release code makes.
//
// The server's `delivery/core/sealing.py` writes what is read here; both are held to the same examples.

import { CROCKFORD, fromHex, fromText, joined } from "./bytes.js";

const MARK = "cbt1";
const NONCE_BYTES = 12;
const CODE_LENGTH = 20;
const CHECK_MODULUS = 37;
const PAPER_KEY = fromText("cbt paper key/1");
const MISREAD = { I: "1", L: "1", O: "0" };

/** The seal does not open: another key, another paper, or bytes that were changed. */
export class SealBroken extends Error {}

/** Return the twenty symbols of a release code as somebody typed it, or null where it cannot be one. */
export function readReleaseCode(typed) {
  const symbols = [...typed.toUpperCase()].filter((letter) => !/[\s-]/.test(letter)).map((letter) => MISREAD[letter] ?? letter);
  if (symbols.length !== CODE_LENGTH + 1 || !symbols.every((symbol) => CROCKFORD.includes(symbol))) return null;
  const rest = symbols.slice(0, CODE_LENGTH).reduce((value, symbol) => (32 * value + CROCKFORD.indexOf(symbol)) % CHECK_MODULUS, 0);
  return CROCKFORD[rest] === symbols[CODE_LENGTH] ? symbols.slice(0, CODE_LENGTH).join("") : null;
}

/** Return the key (32 bytes) of an attempt's paper that a release code makes. */
export async function paperKey(code, attempt) {
  const material = await crypto.subtle.importKey("raw", fromText(code), "HKDF", false, ["deriveBits"]);
  const purpose = joined(PAPER_KEY, fromHex(attempt));
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: purpose }, material, 256);
  return new Uint8Array(bits);
}

/** Return the paper's document; raises SealBroken. */
export async function openPaper(key, sealed, { attempt, form }) {
  const packed = await openSeal(key, sealed, joined(fromHex(attempt), fromHex(form)));
  const text = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  const paper = JSON.parse(await text);
  if (paper.attempt !== attempt || paper.form !== form) throw new SealBroken("another paper");
  return paper;
}

/** Return the bytes of the picture whose digest is `sha256` (hexadecimal); raises SealBroken. */
export function openAsset(key, sealed, sha256) {
  return openSeal(key, sealed, fromHex(sha256));
}

async function openSeal(key, sealed, owner) {
  const bytes = new Uint8Array(sealed);
  const mark = new TextDecoder().decode(bytes.subarray(0, MARK.length));
  if (mark !== MARK) throw new SealBroken("not a seal");
  const nonce = bytes.subarray(MARK.length, MARK.length + NONCE_BYTES);
  try {
    const opener = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
    return await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: owner }, opener, bytes.subarray(MARK.length + NONCE_BYTES));
  } catch {
    throw new SealBroken("the seal does not open");
  }
}
