// The items as elements: the server's fragment in an article with number and flag, its controls bound to the work.

import { el, icon, spoken } from "./dom.js";
import { sideBySide, widthEm } from "./pages.js";
import { say } from "./words.js";

const TYPING_MS = 400;

/** Make the article of one slot. `report`: `respond(slot, variable, values)`, `flag(slot)`. */
export function makeItem({ slot, html }, report) {
  const number = el("h3", { id: `q${slot}-no` }, spoken(`${say("item")} `), el("span", { class: "num", text: slot }));
  const stem = el("div", { class: "stem" });
  stem.innerHTML = html;   // made and sanitized by the server; the content policy lets no script in
  const article = el("article", { class: "item", id: `q${slot}`, tabindex: "-1", "aria-labelledby": number.id, dataset: { slot } },
    el("div", { class: "item-no" }, number, makeFlag(slot, () => report.flag(slot))), stem);
  for (const table of stem.querySelectorAll("table")) {
    const wide = el("div", { class: "wide" });
    table.replaceWith(wide);
    wide.append(table);
  }
  bindControls(article, slot, report);
  return article;
}

/** Make the button that marks a slot for another look. */
export function makeFlag(slot, press) {
  const words = say("flag-item", { slot });
  return el("button", { class: "flag", type: "button", "aria-pressed": "false", title: say("flag"), on: { click: press } },
    icon("flag"), spoken(words));
}

function bindControls(article, slot, report) {
  for (const group of article.querySelectorAll(".choices[data-response]")) {
    group.addEventListener("change", () => report.respond(slot, group.dataset.response, chosen(group)));
  }
  for (const input of article.querySelectorAll("input.entry[data-response], textarea[data-response]")) {
    bindTyping(input, () => report.respond(slot, input.dataset.response, typed(input)));
  }
}

/** Report while a person types: after a short rest, and at once on leaving the field or Enter. */
function bindTyping(input, send) {
  let timer = null;
  const now = () => {
    clearTimeout(timer);
    send();
  };
  input.autocomplete = "off";
  input.spellcheck = false;
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(send, TYPING_MS);
  });
  input.addEventListener("compositionend", () => {
    timer = setTimeout(send, TYPING_MS);
  });
  input.addEventListener("blur", now);
  input.addEventListener("change", now);
}

function chosen(group) {
  return [...group.querySelectorAll("input:checked")].map((input) => input.value);
}

function typed(input) {
  const text = input.value.trim();
  return text === "" ? [] : [text];
}

/** Show in an article what the work holds. */
export function showWork(article, response, flagged) {
  for (const group of article.querySelectorAll(".choices[data-response]")) {
    const values = response[group.dataset.response] ?? [];
    for (const input of group.querySelectorAll("input")) input.checked = values.includes(input.value);
  }
  for (const input of article.querySelectorAll("input.entry[data-response], textarea[data-response]")) {
    const text = (response[input.dataset.response] ?? [""])[0] ?? "";
    if (document.activeElement !== input && input.value.trim() !== text) input.value = text;
  }
  article.querySelector(".flag").setAttribute("aria-pressed", String(flagged));
}

/** Put options side by side where they are short. */
export function arrangeChoices(article, columnEm) {
  for (const group of article.querySelectorAll(".choices")) {
    const labels = [...group.querySelectorAll(".choice > span")];
    const plain = labels.every((label) => label.querySelector("img, table, pre, svg, math[display='block']") === null);
    group.classList.toggle("two", plain && sideBySide(labels.map((label) => widthEm(label.textContent.trim())), columnEm));
  }
}

/** Let the keyboard reach what is wider than its column. */
export function openWideBlocks(article) {
  for (const block of article.querySelectorAll("pre, .wide")) {
    if (block.scrollWidth > block.clientWidth + 1) block.tabIndex = 0;
    else block.removeAttribute("tabindex");
  }
}

/** Choose the nth option of an article (1-9), as the keyboard asks; returns whether there is one. */
export function chooseNth(article, n) {
  const input = article.querySelectorAll(".choices input:not(:disabled)")[n - 1];
  if (!input) return false;
  input.focus({ preventScroll: true });
  input.click();
  return true;
}
