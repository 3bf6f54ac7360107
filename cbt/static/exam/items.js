// The items as elements: the server's fragment in an article with number and flag, its controls bound to the work.

import { bindControls } from "./controls/index.js";
import { el, icon, spoken } from "./dom.js";
import { sideBySide, widthEm } from "./pages.js";
import { say } from "./words.js";

const CONTROLS = new WeakMap();   // article -> its bound controls

/** Make the article of one slot; `assets` has its pictures. `report`: `respond(slot, variable, values)`, `flag(slot)`. */
export function makeItem({ slot, html }, report, assets) {
  const number = el("h3", { id: `q${slot}-no` }, spoken(`${say("item")} `), el("span", { class: "num", text: slot }));
  const stem = el("div", { class: "stem" });
  stem.append(assets.fragment(html));
  const article = el("article", { class: "item", id: `q${slot}`, tabindex: "-1", "aria-labelledby": number.id, dataset: { slot } },
    el("div", { class: "item-no" }, number, makeFlag(slot, () => report.flag(slot))), stem);
  for (const table of stem.querySelectorAll("table")) {
    const wide = el("div", { class: "wide" });
    table.replaceWith(wide);
    wide.append(table);
  }
  CONTROLS.set(article, bindControls(article, (variable, values) => report.respond(slot, variable, values)));
  return article;
}

/** Make the button that marks a slot for another look. */
export function makeFlag(slot, press) {
  const words = say("flag-item", { slot });
  return el("button", { class: "flag", type: "button", "aria-pressed": "false", title: say("flag"), on: { click: press } },
    icon("flag"), spoken(words));
}

/** Show in an article what the work holds. */
export function showWork(article, response, flagged) {
  for (const { response: variable, show } of CONTROLS.get(article)) show(response[variable] ?? []);
  article.querySelector(".flag").setAttribute("aria-pressed", String(flagged));
}

/** Let nothing in an article be changed any more (or again). */
export function lockItem(article, locked) {
  article.toggleAttribute("data-locked", locked);
  for (const input of article.querySelectorAll(".stem :is(input, textarea, select, button), .flag")) input.disabled = locked;
  for (const { lock } of CONTROLS.get(article)) lock?.(locked);
}

/** Make the passage that the items after it ask about. */
export function makePassage({ title, html }, assets) {
  const heading = title ? el("h3", { text: title }) : null;
  const body = el("div", { class: "stem" });
  body.append(assets.fragment(html));
  return el("section", { class: "passage", "aria-label": title || say("passage") }, heading, body);
}

/** Put options side by side where they are short. */
export function arrangeChoices(article, columnEm) {
  for (const group of article.querySelectorAll(".choices:not([class*='qti-'])")) {
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
  const input = article.querySelectorAll(".choices input:not(:disabled)")[n - 1];   // the numbered ones
  if (!input) return false;
  input.focus({ preventScroll: true });
  input.click();
  return true;
}
