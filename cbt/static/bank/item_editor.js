// The item editor: preview while somebody types, buttons without a new page, pictures by paste. The server does the rest.
import { dressAll } from "./rich_text.js";
import { upload } from "./pictures.js";

const WAIT_MS = 500;
const token = () => document.querySelector("meta[name=csrf-token]").content;
const words = JSON.parse(document.querySelector("#editor-words").textContent);
const touched = new Set();
let form = document.querySelector("#item-form");
let timer = 0;
let turn = 0;
let dirty = form.querySelector(".errors") !== null;

function fields() {
  const given = new FormData(form);
  for (const [name, value] of [...given]) if (value instanceof File) given.delete(name);
  return new URLSearchParams(given);
}

// Only what somebody has been at is called wrong; saving names the rest.
function tellProblems(problems) {
  for (const place of form.querySelectorAll("p.error[id$='-error']")) {
    const name = place.id.slice(0, -"-error".length);
    const input = document.getElementById(name);
    const told = touched.has(name) ? problems[name] : undefined;
    if (place.childElementCount && problems[name]) continue;
    place.hidden = !told;
    place.textContent = told ?? "";
    if (told) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  }
}

function tellWarnings(warnings) {
  const list = document.querySelector("[data-warnings]");
  list.hidden = warnings.length === 0;
  list.replaceChildren(...warnings.map((told) => {
    const line = document.createElement("li");
    line.textContent = told;
    return line;
  }));
}

async function look() {
  turn += 1;
  const mine = turn;
  try {
    const response = await fetch(form.dataset.preview, {
      method: "POST", body: fields(), headers: { Accept: "application/json", "X-CSRFToken": token() },
    });
    const seen = response.ok ? await response.json() : null;
    if (!seen || mine !== turn) return;
    const shown = document.querySelector("[data-fragment]");
    shown.innerHTML = seen.html;
    shown.closest(".item").lang = seen.language;
    tellProblems(seen.problems);
    tellWarnings(seen.warnings);
  } catch { /* the line is away: the button shows the same */ }
}

function lookSoon() {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(look, WAIT_MS);
}

// A button that changes the form: the server answers with the whole page, of which the form is taken.
async function act(button) {
  const given = new FormData(form, button);
  const open = [...form.querySelectorAll("details[open]")].map((one) => one.closest("[id]")?.id);
  const response = await fetch(form.action, { method: "POST", body: given, headers: { "X-CSRFToken": token() } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("#item-form");
  if (!fresh) return false;
  form.replaceWith(fresh);
  document.querySelector(".write-preview").replaceWith(page.querySelector(".write-preview"));
  form = fresh;
  for (const one of form.querySelectorAll("details")) if (open.includes(one.closest("[id]")?.id) && !one.matches(".kind-menu")) one.open = true;
  begin();
  dirty = true;
  const target = fresh.dataset.go ? document.getElementById(fresh.dataset.go) : null;
  const inputs = target?.matches("button, input, select, textarea") ? target : target?.querySelector("textarea, select") ?? target;
  inputs?.focus();
  return true;
}

async function pressed(event) {
  const button = event.submitter;
  if (!button || button.value === "save") {
    dirty = false;
    return;
  }
  event.preventDefault();
  if (button.disabled) return;
  if (button.value === "look") {
    await look();
    return;
  }
  if (!(await act(button).catch(() => false))) form.requestSubmit(form.querySelector("[value=save]"));
}

async function chosen(input) {
  const holder = input.closest("[data-file]");
  const [file] = input.files;
  if (!holder || !file) return;
  const place = document.getElementById(`${input.id}-error`);
  const kept = await upload(form.dataset.pictures, file, token(), words);
  place.hidden = !kept.error;
  place.textContent = kept.error ?? "";
  if (kept.error) return;
  for (const name of ["sha256", "media_type", "width", "height"]) {
    const field = form.elements[`${holder.dataset.file}-${name}`];
    if (field) field.value = kept[name];
  }
  const shown = holder.querySelector(".file-shown");
  if (kept.media_type.startsWith("image/")) {
    const picture = document.createElement("img");
    picture.src = kept.url;
    picture.alt = "";
    shown.replaceChildren(picture);
  } else shown.textContent = kept.media_type;
  input.value = "";
  lookSoon();
}

function begin() {
  form.addEventListener("submit", pressed);
  form.addEventListener("input", ({ target }) => {
    touched.add(target.name);
    lookSoon();
  });
  form.addEventListener("focusout", ({ target }) => { if (target.name && target.value) touched.add(target.name); });
  form.addEventListener("change", ({ target }) => { if (target.type === "file") chosen(target); });
  for (const one of form.querySelectorAll(".no-script")) one.hidden = true;
  dressAll(form, { words, token, changed: lookSoon });
}

begin();
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
