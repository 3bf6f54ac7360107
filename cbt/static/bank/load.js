// Says that a file is on its way, and takes away what was said about another one as soon as it is out of date.

const form = document.querySelector("#load");
const outcome = document.querySelector("#outcome");

form.addEventListener("submit", () => {
  form.setAttribute("aria-busy", "true");
  const line = document.createElement("p");
  line.className = "muted";
  line.textContent = form.dataset.busy;
  outcome.replaceChildren(line);
});

form.addEventListener("change", (event) => {
  if (!event.target.matches("[type=file], select")) return;
  outcome.replaceChildren();
  form.querySelector("button[type=submit]").classList.add("primary");
});

// Back from the next page: nothing is on its way any more.
addEventListener("pageshow", (event) => {
  if (event.persisted) form.removeAttribute("aria-busy");
});
