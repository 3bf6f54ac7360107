// What this PC's browser can do, measured with the very parts that the exam uses. Each function gives plain values; none raises.

import { toBase64url, toHex } from "../exam/bytes.js";
import { receiptCheck } from "../exam/receipts.js";
import { keepShell } from "../exam/worker.js";

const DATABASE = "cbt-check";
const ASKS = 20;
const ASK_LIMIT_MS = 5_000;
const LOAD_LIMIT_MS = 60_000;
const MEGABYTE = 1024 * 1024;
const TEXT = "cbt-check 한글";

/** Return the browser's name and version as it gives them. */
export function browserName() {
  const brands = navigator.userAgentData?.brands?.filter(({ brand }) => !/not.?a.?brand/i.test(brand)) ?? [];
  const told = brands.find(({ brand }) => brand !== "Chromium") ?? brands[0];
  if (told) return `${told.brand} ${told.version}`;
  const [found] = navigator.userAgent.match(/(Firefox|Edg|Chrome|Version)\/[\d.]+/) ?? [navigator.userAgent];
  return found.replace("/", " ").slice(0, 80);
}

/** What the exam screen is built on. */
export function features() {
  return CSS.supports("selector(:has(a))") && CSS.supports("color", "light-dark(#000, #fff)") && "DecompressionStream" in window
    && "HTMLDialogElement" in window && "locks" in navigator && "ReadableStream" in window && typeof AbortSignal.timeout === "function";
}

/** The kinds of cipher with which papers are opened and answers are kept. */
export async function crypt() {
  try {
    const { subtle } = crypto;
    const seed = await subtle.importKey("raw", crypto.getRandomValues(new Uint8Array(32)), "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode(DATABASE) };
    const key = await subtle.deriveKey(how, seed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const pair = await subtle.generateKey(
      { name: "RSA-OAEP", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, false, ["encrypt", "decrypt"]);
    const wrapped = await subtle.encrypt("RSA-OAEP", pair.publicKey, new Uint8Array(32));
    const unwrapped = await subtle.decrypt("RSA-OAEP", pair.privateKey, wrapped);
    return unwrapped.byteLength === 32 && await roundTrip(key) === TEXT;
  } catch {
    return false;
  }
}

/** Keep an encrypted entry on the disk, read it again, and take everything away; returns {kept, ms}. */
export async function keepEntry() {
  const began = performance.now();
  let database = null;
  try {
    database = await opened();
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const entry = { key, ...await sealed(key) };
    await settled(database, "readwrite", (store) => store.put(entry, 1));
    const found = await settled(database, "readonly", (store) => store.get(1));
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, found.key, found.cipher);
    return { kept: new TextDecoder().decode(plain) === TEXT, ms: Math.round(performance.now() - began) };
  } catch {
    return { kept: false, ms: null };
  } finally {
    forget(database);
  }
}

/** Have the exam screen kept for work without a line. */
export async function worker() {
  try {
    return await keepShell();
  } catch {
    return false;
  }
}

/** How many megabytes the browser lets us keep. */
export async function quota() {
  try {
    const { quota: bytes, usage } = await navigator.storage.estimate();
    return Math.floor((bytes - usage) / MEGABYTE);
  } catch {
    return null;
  }
}

/** Ask the server's clock many times; returns {offsetMs, latencyMs, asks}: the offset is this PC's clock minus the server's. */
export async function line(ask, progress) {
  const latencyMs = [];
  let best = { trip: Infinity, offset: null };
  for (let turn = 0; turn < ASKS; turn += 1) {
    const sentAt = performance.now();
    try {
      const { status, body } = await ask("/delivery/clock", { limitMs: ASK_LIMIT_MS });
      const trip = performance.now() - sentAt;
      if (status === 200) {
        latencyMs.push(Math.round(trip));
        const offset = Date.now() - trip / 2 - Date.parse(body.now);
        if (trip < best.trip) best = { trip, offset };
      }
    } catch { /* counted as lost */ }
    progress(turn + 1, ASKS);
  }
  return { offsetMs: best.offset === null ? null : Math.round(best.offset), latencyMs, asks: ASKS };
}

/** Fetch a megabyte; returns {bytes, ms}. */
export async function load(url) {
  try {
    const began = performance.now();
    const answer = await fetch(url, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(LOAD_LIMIT_MS) });
    const { byteLength } = await answer.arrayBuffer();
    return answer.ok ? { bytes: byteLength, ms: Math.max(1, Math.round(performance.now() - began)) } : { bytes: 0, ms: null };
  } catch {
    return { bytes: 0, ms: null };
  }
}

/** Send a test save and verify the server's signature of it, as the exam does with every receipt. */
export async function save(ask, url) {
  try {
    const nonce = toBase64url(crypto.getRandomValues(new Uint8Array(24)));
    const { status, body } = await ask(url, { method: "POST", send: { nonce } });
    if (status !== 200) return false;
    const head = toHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(nonce)));
    const check = await receiptCheck(body.key, body.receipt.attempt);
    return body.receipt.head === head && await check(body.receipt) && !await check({ ...body.receipt, number: 1 });
  } catch {
    return false;
  }
}

/** The window in CSS pixels, and how far the page is zoomed (null where the browser does not tell). */
export function screenFacts() {
  const zoom = outerWidth > 0 ? Math.round(100 * (outerWidth / innerWidth) * (visualViewport?.scale ?? 1)) : null;
  return { width: innerWidth, height: innerHeight, zoom };
}

async function sealed(key) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, cipher: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(TEXT)) };
}

async function roundTrip(key) {
  const { iv, cipher } = await sealed(key);
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, cipher));
}

function opened() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("entries");
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
    request.onblocked = () => failed(new Error("blocked"));
  });
}

/** Take away what was kept; a browser that keeps nothing may refuse even that. */
function forget(database) {
  try {
    database?.close();
    indexedDB.deleteDatabase(DATABASE);
  } catch { /* the check has said so already */ }
}

/** Run one deed in a transaction of its own, written through to the disk; returns its result once all is done. */
function settled(database, mode, deed) {
  return new Promise((done, failed) => {
    const transaction = database.transaction("entries", mode, { durability: "strict" });
    const request = deed(transaction.objectStore("entries"));
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = () => failed(transaction.error);
    transaction.onerror = () => failed(transaction.error);
  });
}
