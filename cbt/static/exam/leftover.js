// Exams that have ended while this computer was off: what it still holds of them is sent, and then nothing of them stays here. Runs
// on the pages that a candidate meets first; an exam that goes on is its own page's business.

import { ENDINGS } from "./endings.js";
import { Keeping } from "./keeping.js";
import { Outbox } from "./outbox.js";
import { receiptCheck } from "./receipts.js";
import { Store } from "./store.js";
import { firstStatus } from "./stream.js";
import { Vault } from "./vault.js";
import { ask } from "./wire.js";

async function settle(vault) {
  const { snapshot, entries } = await vault.load();
  if (!snapshot?.token || !ENDINGS.has((await firstStatus(snapshot.token))?.state)) return;
  const { receiptKey, attempt } = vault.seat;
  const keeping = new Keeping({ vault, report: { changed: () => {} } });
  const done = () => (outbox.waiting().length === 0 ? keeping.wipe() : keeping.keep());
  const outbox = new Outbox({
    snapshot, entries, keeping, check: await receiptCheck(receiptKey, attempt), clock: { instant: () => new Date().toISOString() },
    session: {
      post: (request, { token = snapshot.token } = {}) => ask("/delivery/entries", { method: "POST", token, send: request }),
      load: async () => null,
    },
    report: { changed: () => {}, receipted: done, refused: () => {}, leaseEnded: () => {}, relet: () => {}, olderSent: done },
  });
  keeping.begin(() => ({ ...snapshot, ...outbox.describe() }));
  done();
}

async function run() {
  if (!(await indexedDB.databases()).some(({ name }) => name === "cbt-exam")) return;
  const vaults = await Vault.all(await Store.open());
  await Promise.all(vaults.map((vault) => settle(vault).catch((trouble) => console.info("left as it is", trouble))));
}

// Beside an exam that is open in another tab nothing is touched.
navigator.locks?.request("cbt-exam", { ifAvailable: true }, (lock) => lock && run().catch((trouble) => console.info("nothing to settle", trouble)));
