// What this browser keeps of one attempt, so that reload, crash and power cut lose nothing: entries and a snapshot, encrypted
// under the attempt's journal key; the sealed paper and its pictures. All of it goes when the ending is receipted.

import { openRecord, sealRecord } from "./secret.js";

/** Return the range of the keys that begin with `parts`. */
function under(...parts) {
  return IDBKeyRange.bound(parts, [...parts, []]);
}

const entryName = (attempt, { lease, number }) => `cbt entry/1 ${attempt} ${lease} ${number}`;
const snapshotName = (attempt) => `cbt snapshot/1 ${attempt}`;

export class Vault {
  #store;
  #seat;
  #describe = () => null;
  #changes = new Map();  // to be written, the last word on each place: "lease/number" -> {lease, number, content or null}
  #round = null;         // the writing that has not begun
  #last = Promise.resolve();
  #closed = false;

  /** `seat` is {attempt, form, receiptKey, key, wrapped, keyId, ...}: what was fetched before the start. */
  constructor(store, seat) {
    this.#store = store;
    this.#seat = seat;
  }

  /** Return the vault of an attempt, by default of the one that was sat at last; null where there is none. */
  static async of(store, attempt = null) {
    const wanted = attempt ?? await store.get("current", "attempt");
    const seat = wanted && await store.get("seats", wanted);
    return seat ? new Vault(store, seat) : null;
  }

  /** Return the vaults of all attempts that this browser knows. */
  static async all(store) {
    return (await store.list("seats")).map((seat) => new Vault(store, seat));
  }

  get seat() { return this.#seat; }

  /** Keep the seat (anew) and make it the one that a reloaded page goes on with. */
  async keepSeat(seat) {
    await this.#store.write([
      { table: "seats", key: seat.attempt, value: seat }, { table: "current", key: "attempt", value: seat.attempt },
    ]);
    this.#seat = seat;
  }

  /** Take what is new of the seat; where the disk refuses it, this page alone knows. */
  async renew(facts) {
    this.#seat = { ...this.#seat, ...facts };
    await this.keepSeat(this.#seat).catch((trouble) => console.info("not kept on this computer", trouble));
  }

  /** The sealed paper and its pictures, as they came. */
  paper() { return this.#store.get("papers", this.#seat.attempt); }
  asset(sha256) { return this.#store.get("assets", [this.#seat.attempt, sha256]); }
  keepPaper(sealed) { return this.#store.write([{ table: "papers", key: this.#seat.attempt, value: sealed }]); }
  keepAsset(sha256, sealed) { return this.#store.write([{ table: "assets", key: [this.#seat.attempt, sha256], value: sealed }]); }

  /** Return the digests of the pictures that are here. */
  async assets() {
    return new Set((await this.#store.keys("assets", under(this.#seat.attempt))).map(([, sha256]) => sha256));
  }

  /** Say what a snapshot is: `describe()` is asked whenever something is written. */
  describe(describe) {
    this.#describe = describe;
  }

  /**
   * Write entries ({lease, number, kind, ...}) and the present snapshot, take `dropped` ({lease, number}) away; resolves when all
   * is on the disk. Raises StoreClosed; what could not be written is tried again with the next writing.
   */
  keep({ entries = [], dropped = [] } = {}) {
    for (const { lease, number } of dropped) this.#changes.set(`${lease}/${number}`, { lease, number, content: null });
    for (const { lease, number, ...content } of entries) this.#changes.set(`${lease}/${number}`, { lease, number, content });
    if (this.#round === null) {
      this.#round = this.#last.then(() => this.#flush());
      this.#last = this.#round.catch(() => {});
    }
    return this.#round;
  }

  /** Tell whether what is kept outlives the page. */
  get lasting() { return this.#store.lasting; }

  /** Return {snapshot, entries} as they were kept; `snapshot` is null before the start. */
  async load() {
    const { attempt, key } = this.#seat;
    const [sealed, rows, places] = await Promise.all([
      this.#store.get("snapshots", attempt), this.#store.list("entries", under(attempt)), this.#store.keys("entries", under(attempt)),
    ]);
    const snapshot = sealed ? await openRecord(key, sealed, snapshotName(attempt)) : null;
    const entries = await Promise.all(rows.map(async (row, index) => {
      const [, lease, number] = places[index];
      return { lease, number, ...await openRecord(key, row, entryName(attempt, { lease, number })) };
    }));
    return { snapshot, entries };
  }

  /** Take everything of this attempt away, for good. */
  async wipe() {
    this.#closed = true;
    await this.#last;
    const { attempt } = this.#seat;
    const current = await this.#store.get("current", "attempt");
    await this.#store.write([
      ...["seats", "papers", "snapshots"].map((table) => ({ table, key: attempt })),
      ...["assets", "entries"].map((table) => ({ table, key: under(attempt) })),
      ...(current === attempt ? [{ table: "current", key: "attempt" }] : []),
    ]);
    await this.#store.end();
  }

  async #flush() {
    const [changes, snapshot] = [this.#changes, this.#describe()];
    [this.#round, this.#changes] = [null, new Map()];
    if (this.#closed) return;
    try {
      await this.#store.write(await this.#sealed([...changes.values()], snapshot));
    } catch (trouble) {
      this.#changes = new Map([...changes, ...this.#changes]);
      throw trouble;
    }
  }

  async #sealed(changes, snapshot) {
    const { attempt, key } = this.#seat;
    const rows = await Promise.all(changes.map(async ({ lease, number, content }) => ({
      table: "entries", key: [attempt, lease, number],
      value: content === null ? undefined : await sealRecord(key, content, entryName(attempt, { lease, number })),
    })));
    if (snapshot !== null) rows.push({ table: "snapshots", key: attempt, value: await sealRecord(key, snapshot, snapshotName(attempt)) });
    return rows;
  }
}
