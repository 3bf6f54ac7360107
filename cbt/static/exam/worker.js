// The page's side of the service worker (see sw.js).

const SCRIPT = "/delivery/sw.js";
const PATIENCE_MS = 15_000;

/** Have the exam screen kept on this computer in the page's language; returns whether it is there and loads without a line. */
export async function keepShell() {
  if (!navigator.serviceWorker) return false;
  try {
    const registration = await navigator.serviceWorker.register(SCRIPT, { scope: "/" });
    await settled(registration);
    const { active } = registration;
    return active !== null && await ask(active, { ask: "shell", language: document.documentElement.lang }) === document.documentElement.lang;
  } catch (trouble) {
    console.info("the exam screen is not kept here", trouble);
    return false;
  }
}

/** Have the exam screen kept by a browser that came here without the waiting page's work being done; nothing is taken over. */
export function keepShellBeside() {
  if (navigator.serviceWorker?.controller === null) navigator.serviceWorker.register(SCRIPT, { scope: "/" }).catch(() => null);
}

/** Have the kept screen speak the language that the server has just been told. */
export async function changeShellLanguage(language) {
  const active = navigator.serviceWorker?.controller;
  if (active) await ask(active, { ask: "shell", language }).catch(() => null);
}

/** Wait for a worker that is just being installed, and let it take over: no exam runs on this page. */
async function settled(registration) {
  const coming = registration.installing ?? registration.waiting;
  if (!coming) return;
  await state(coming, ["installed", "activated", "redundant"]);
  if (registration.waiting) ask(registration.waiting, { ask: "take-over" }).catch(() => null);
  await state(coming, ["activated", "redundant"]);
}

function state(worker, wanted) {
  return new Promise((resolve) => {
    const look = () => {
      if (!wanted.includes(worker.state)) return;
      worker.removeEventListener("statechange", look);
      resolve();
    };
    worker.addEventListener("statechange", look);
    setTimeout(resolve, PATIENCE_MS);
    look();
  });
}

function ask(worker, question) {
  return new Promise((done, failed) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    setTimeout(() => failed(new Error("no answer")), PATIENCE_MS);
    worker.postMessage(question, [port2]);
  });
}
