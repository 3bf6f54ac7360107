// The bar of a job: asks each second how far it is, and goes to what it gave once it has ended.

const EVERY_MS = 1_000;
const SOON_MS = 300;
const box = document.querySelector("[data-job]");
const bar = box.querySelector("progress");
const words = box.querySelector("[data-words]");

box.querySelector("[data-again]").hidden = true;

async function look() {
  try {
    const response = await fetch(box.dataset.job, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (response.status === 401 || response.status === 404) return location.reload(); // the page says why
    if (response.ok && show(await response.json())) return undefined;
  } catch { /* the server is away for a moment: the next look tells */ }
  return setTimeout(look, EVERY_MS);
}

function show(status) {
  if (status.go) {
    location.replace(status.go);
    return true;
  }
  if (status.total) {
    bar.max = status.total;
    bar.value = status.done;
  } else bar.removeAttribute("value");
  if (words.textContent !== status.words) words.textContent = status.words;
  return false;
}

setTimeout(look, SOON_MS);
