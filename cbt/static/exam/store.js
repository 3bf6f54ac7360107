// The database of this browser: IndexedDB with promises, and writes that are on the disk when they say so.

const NAME = "cbt-exam";
const VERSION = 1;
const OPEN_PATIENCE_MS = 5_000;   // a broken profile leaves the question unanswered
const TABLES = ["current", "seats", "papers", "assets", "entries", "snapshots"];

/** This browser keeps nothing: private window, storage forbidden, disk full or broken. */
export class StoreClosed extends Error {}

export class Store {
  #database;
  lasting = true;

  constructor(database) {
    this.#database = database;
    database.onversionchange = () => database.close();
  }

  /** Open the database; raises StoreClosed. */
  static async open() {
    try {
      return new Store(await patient(opened()));
    } catch (trouble) {
      throw new StoreClosed(String(trouble));
    }
  }

  /** Return one value, or undefined; raises StoreClosed. */
  get(table, key) {
    return this.#ask(table, (rows) => rows.get(key));
  }

  /** Return all values, those in a range of keys, or their keys alone. */
  list(table, range = undefined) {
    return this.#ask(table, (rows) => rows.getAll(range));
  }

  keys(table, range = undefined) {
    return this.#ask(table, (rows) => rows.getAllKeys(range));
  }

  /** Write `changes` together or not at all: [{table, key, value}], without a value the key (or range) goes. Raises StoreClosed. */
  write(changes) {
    return new Promise((done, failed) => {
      try {
        const act = this.#database.transaction([...new Set(changes.map(({ table }) => table))], "readwrite", { durability: "strict" });
        act.oncomplete = () => done();
        act.onabort = () => failed(new StoreClosed(String(act.error)));
        for (const { table, key, value } of changes) change(act.objectStore(table), key, value);
        act.commit();
      } catch (trouble) {
        failed(new StoreClosed(String(trouble)));
      }
    });
  }

  /** Return the database, or what lasts as long as the page. */
  static async openOrPage() {
    return Store.open().catch(() => new PageStore());
  }

  /** Take the database away where nothing is left in it; until then others may still be using it. */
  async end() {
    const counts = await Promise.all(TABLES.map((table) => this.keys(table)));
    if (counts.some((keys) => keys.length > 0)) return;
    this.#database.close();
    indexedDB.deleteDatabase(NAME);
  }

  #ask(table, question) {
    return new Promise((done, failed) => {
      try {
        const request = question(this.#database.transaction(table).objectStore(table));
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(new StoreClosed(String(request.error)));
      } catch (trouble) {
        failed(new StoreClosed(String(trouble)));
      }
    });
  }
}

/** The same for as long as the page lives, where the browser keeps nothing. */
export class PageStore {
  #tables = new Map(TABLES.map((table) => [table, new Map()]));
  lasting = false;

  async get(table, key) {
    return this.#tables.get(table).get(JSON.stringify(key))?.value;
  }

  async list(table, range = undefined) {
    return this.#found(table, range).map(({ value }) => value);
  }

  async keys(table, range = undefined) {
    return this.#found(table, range).map(({ key }) => key);
  }

  async write(changes) {
    for (const { table, key, value } of changes) {
      const rows = this.#tables.get(table);
      if (value !== undefined) rows.set(JSON.stringify(key), { key, value });
      else if (key instanceof IDBKeyRange) for (const row of this.#found(table, key)) rows.delete(JSON.stringify(row.key));
      else rows.delete(JSON.stringify(key));
    }
  }

  async end() { /* it goes with the page */ }

  #found(table, range) {
    return [...this.#tables.get(table).values()].filter(({ key }) => range === undefined || range.includes(key));
  }
}

function change(rows, key, value) {
  if (value === undefined) rows.delete(key);
  else rows.put(value, key);
}

function opened() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const table of TABLES) request.result.createObjectStore(table);
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

function patient(work) {
  return Promise.race([work, new Promise((_, failed) => {
    setTimeout(() => failed(new Error("no answer")), OPEN_PATIENCE_MS);
  })]);
}
