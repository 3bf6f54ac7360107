// The first step of a load without leaving the page, so that the chosen file stays in its input for the second one.

const form = document.querySelector("#load");
const outcome = document.querySelector("#outcome");

async function look(button) {
  const sent = new FormData(form, button);
  sent.delete("seen");
  form.setAttribute("aria-busy", "true");
  outcome.replaceChildren(said(form.dataset.busy));
  try {
    const response = await fetch(location.href, { method: "POST", body: sent, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector("#outcome");
    if (!found?.childElementCount) throw new Error(`status ${response.status}`);
    outcome.replaceChildren(...found.childNodes);
    lead();
    (outcome.querySelector("[data-focus]") ?? outcome).focus();
  } catch {
    outcome.replaceChildren(said(form.dataset.failed));
  } finally {
    form.removeAttribute("aria-busy");
  }
}

// One leading button: the load when there is one, else the look.
function lead() {
  form.querySelector("[value=check]").classList.toggle("primary", !outcome.querySelector("[value=load]"));
}

function said(words) {
  const line = document.createElement("p");
  line.className = "muted";
  line.textContent = words;
  return line;
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.value === "load") return;
  event.preventDefault();
  look(event.submitter);
});

// Another file makes what was looked at out of date.
form.addEventListener("change", (event) => {
  if (event.target.matches("[type=file], select")) {
    outcome.replaceChildren();
    lead();
  }
});
