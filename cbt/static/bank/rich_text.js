// A bar over a text area that puts HTML around what is selected; pictures are pasted or dropped into it.
import { upload } from "./pictures.js";

const TABLE = "<table>\n<thead><tr><th scope=\"col\"></th><th scope=\"col\"></th></tr></thead>\n<tbody><tr><td></td><td></td></tr></tbody>\n</table>";
const PAIRS = {
  bold: ["<strong>", "</strong>"], italic: ["<em>", "</em>"], sub: ["<sub>", "</sub>"], sup: ["<sup>", "</sup>"],
  list: ["<ul>\n<li>", "</li>\n</ul>"], table: [TABLE, ""], code: ["<code>", "</code>"], formula: ["\\(", "\\)"],
};
const SIGNS = { bold: "B", italic: "I", sub: "x₂", sup: "x²", list: "•", table: "▦", code: "</>", formula: "√x", picture: "▣", gap: "[ … ]", hottext: "[a]", place: "[ ? ]" };

const safe = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

function put(area, before, after, changed) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  area.focus();
  area.setRangeText(before + value.slice(start, end) + after, start, end, "end");
  if (after && start === end) area.setSelectionRange(start + before.length, start + before.length);
  changed();
}

function free(area, mark, letter) {
  const taken = new Set([...area.value.matchAll(new RegExp(`${mark}="([^"]+)"`, "g"))].map((one) => one[1]));
  let number = 1;
  while (taken.has(`${letter}${number}`)) number += 1;
  return `${letter}${number}`;
}

function parts(name, area) {
  if (name === "gap") return [`<span data-gap="${free(area, "data-gap", "G")}"></span>`, ""];
  if (name === "hottext") return [`<span data-hottext="${free(area, "data-hottext", "H")}">`, "</span>"];
  if (name === "place") return [place(area), ""];
  return PAIRS[name];
}

// The first answer that has no place in the text yet.
function place(area) {
  const all = [...document.querySelectorAll(".interaction")];
  const found = all.find((one) => !area.value.includes(`data-interaction="${one.dataset.response}"`)) ?? all[0];
  if (!found) return "";
  const tag = ["text-entry", "inline-choice", "end-attempt"].includes(found.dataset.kind) ? "span" : "div";
  return `<${tag} data-interaction="${found.dataset.response}"></${tag}>`;
}

async function picture(area, file, tools) {
  const note = area.parentElement.querySelector(".rich-note");
  note.textContent = tools.words.uploading;
  const kept = await upload(area.form.dataset.pictures, file, tools.token(), tools.words);
  note.textContent = kept.error ?? "";
  if (kept.error) return;
  const asked = document.createElement("input");
  const label = document.createElement("label");
  asked.className = "input";
  label.append(tools.words.alt, asked);
  note.replaceChildren(label);
  const before = `<img src="asset:${kept.sha256}" alt="`;
  const start = area.selectionStart;
  put(area, `${before}">`, "", tools.changed);
  let alt = "";
  asked.addEventListener("input", (event) => {
    event.stopPropagation();
    const at = area.value.indexOf(`${before}${alt}"`, Math.max(start - 1, 0));
    if (at < 0) return;
    const next = safe(asked.value);
    area.setRangeText(next, at + before.length, at + before.length + alt.length);
    alt = next;
    tools.changed();
  });
  asked.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    note.replaceChildren();
    area.focus();
  });
  asked.focus();
}

function firstPicture(items) {
  return [...(items?.files ?? [])].find((file) => file.type.startsWith("image/"));
}

function dress(area, tools) {
  const bar = document.createElement("div");
  const note = document.createElement("div");
  const chooser = document.createElement("input");
  bar.className = "rich-bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", tools.words.tools);
  note.className = "rich-note hint";
  note.setAttribute("aria-live", "polite");
  chooser.type = "file";
  chooser.accept = "image/*";
  chooser.hidden = true;
  for (const name of [...Object.keys(PAIRS), "picture", ...area.dataset.rich.split(" ").filter(Boolean)]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `rich-tool t-${name}`;
    button.title = tools.words[name];
    button.setAttribute("aria-label", tools.words[name]);
    button.textContent = SIGNS[name];
    button.addEventListener("click", () => (name === "picture" ? chooser.click() : put(area, ...parts(name, area), tools.changed)));
    bar.append(button);
  }
  chooser.addEventListener("change", () => {
    if (chooser.files[0]) picture(area, chooser.files[0], tools);
    chooser.value = "";
  });
  for (const [kind, items] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
    area.addEventListener(kind, (event) => {
      const file = firstPicture(event[items]);
      if (!file) return;
      event.preventDefault();
      picture(area, file, tools);
    });
  }
  area.before(bar);
  area.after(chooser, note);
}

export function dressAll(form, tools) {
  for (const area of form.querySelectorAll("textarea[data-rich]")) dress(area, tools);
}
