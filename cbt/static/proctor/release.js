// The release code: asked for with a reason, shown large, and gone from the page when the dialog closes.

const dialog = document.querySelector('dialog[data-release="dialog"]');
const form = dialog.querySelector("form");
const part = Object.fromEntries([...dialog.querySelectorAll("[data-release]")].map((node) => [node.dataset.release, node]));
const { reason } = form.elements;

function show(code) {
  part.ask.hidden = part.submit.hidden = code !== "";
  part.shown.hidden = code === "";
  part.code.replaceChildren(...code.split("-").flatMap((group, place) => {
    const made = document.createElement("b");
    made.textContent = group;
    return place ? ["\u2011", made] : [made];
  }));
  if (code) part.code.focus();
}

function complain(words) {
  part.errors.hidden = !words;
  part.error.textContent = words;
  if (words) part.errors.focus();
}

async function ask() {
  part.submit.disabled = true;
  try {
    const response = await fetch(dialog.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content },
      body: JSON.stringify({ reason: reason.value.trim() }),
    });
    const answer = await response.json();
    if (answer.error) complain(answer.error.message);
    else {
      complain("");
      show(answer.code);
    }
  } catch {
    complain(dialog.dataset.away);
  } finally {
    part.submit.disabled = false;
  }
}

for (const opener of document.querySelectorAll('[data-release="open"]'))
  opener.addEventListener("click", () => {
    form.reset();
    complain("");
    show("");
    dialog.showModal();
    reason.focus();
  });
for (const quick of dialog.querySelectorAll('[data-release="quick"]'))
  quick.addEventListener("click", () => {
    reason.value = quick.textContent;
    reason.focus();
  });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
part.close.addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => show(""));
