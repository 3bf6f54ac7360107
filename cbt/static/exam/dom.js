// Building elements in script: one function for elements, one for icons. Attributes only; no markup from strings.

const SVG = "http://www.w3.org/2000/svg";
let sprite = "";

/** Say where the symbols are. */
export function setSprite(url) {
  sprite = url;
}

/**
 * Make an element. `attributes`: `class`, `text`, `dataset`, `on` (event -> listener) and plain attributes; true writes
 * an empty attribute, false and null none.
 */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) assign(node, key, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function assign(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === "text") node.textContent = value;
  else if (key === "dataset") Object.assign(node.dataset, value);
  else if (key === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  else node.setAttribute(key, value === true ? "" : value);
}

/** Make the icon `name` from the sprite. */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `i ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#i-${name}`);
  svg.append(use);
  return svg;
}

/** Change the symbol that an icon shows. */
export function setIcon(svg, name) {
  svg.querySelector("use").setAttribute("href", `${sprite}#i-${name}`);
}

/** Return words that only a screen reader speaks. */
export function spoken(text) {
  return el("span", { class: "vh", text });
}

/** Set a text only when it differs, so that live regions stay quiet. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
