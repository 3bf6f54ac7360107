// The pictures and sounds of a paper: opened in the page into blob: addresses, put in place before a fragment is shown.

import { fromBase64url } from "./bytes.js";
import { openAsset } from "./sealing.js";

const ADDRESS = /^(?:asset:|\/delivery\/(?:sealed\/)?assets\/)([0-9a-f]{64})$/;

/** Return the digest that an address names, or null. */
function digestOf(address) {
  return ADDRESS.exec(address ?? "")?.[1] ?? null;
}

export class Assets {
  #key;
  #types;
  #read;
  #fetch;
  #urls = new Map();
  #waiting = new Set();    // digests whose content is not here yet; their places say so: data-missing="src=DIGEST"

  /** `paper` holds `asset_key` and `assets` {digest: type}; `read(digest)` gives what is kept, `fetch(digest)` asks the server. */
  constructor({ paper, read, fetch }) {
    this.#key = paper.asset_key ? fromBase64url(paper.asset_key) : null;
    this.#types = paper.assets ?? {};
    this.#read = read;
    this.#fetch = fetch;
  }

  /** Open everything that is kept; what is missing is asked for later, by `complete`. */
  async openKept() {
    await Promise.all(Object.keys(this.#types).map(async (sha256) => {
      const sealed = await this.#read(sha256);
      if (sealed) await this.#open(sha256, sealed);
    }));
  }

  /** Return a fragment's nodes with their pictures in place; parsed inertly, so that nothing is asked for under its old address. */
  fragment(html) {
    const template = document.createElement("template");
    template.innerHTML = html;   // made and cleaned by the server; the content policy lets no script in
    if (html.includes("asset")) for (const node of template.content.querySelectorAll("*")) this.#placeAll(node);
    return document.importNode(template.content, true);
  }

  /** Fetch what was missing and put it in its places (elements with `data-missing`); returns whether everything is here. */
  async complete(places) {
    for (const sha256 of [...this.#waiting]) {
      const sealed = await this.#fetch(sha256).catch(() => null);
      if (!sealed) return false;
      await this.#open(sha256, sealed);
      this.#waiting.delete(sha256);
      for (const node of places()) this.#fill(node);
    }
    return true;
  }

  get missing() { return this.#waiting.size; }

  close() {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }

  async #open(sha256, sealed) {
    const content = await openAsset(this.#key, sealed, sha256);
    this.#urls.set(sha256, URL.createObjectURL(new Blob([content], { type: this.#types[sha256] ?? "application/octet-stream" })));
  }

  /** Whatever attribute names a picture: those of elements that show one, and those that a control reads. */
  #placeAll(node) {
    for (const name of node.getAttributeNames()) this.#place(node, name);
  }

  #place(node, name) {
    const sha256 = digestOf(node.getAttribute(name));
    if (sha256 === null || this.#key === null) return;
    node.removeAttribute(name);
    node.dataset.missing = `${node.dataset.missing ?? ""} ${name}=${sha256}`.trim();
    if (!this.#urls.has(sha256)) this.#waiting.add(sha256);
    this.#fill(node);
  }

  #fill(node) {
    const missing = node.dataset.missing.split(" ").filter((place) => {
      const [name, sha256] = place.split("=");
      const url = this.#urls.get(sha256);
      if (url) node.setAttribute(name, url);
      return !url;
    });
    if (missing.length > 0) node.dataset.missing = missing.join(" ");
    else delete node.dataset.missing;
  }
}
