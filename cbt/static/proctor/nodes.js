// Making and changing elements. Everything from the server goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const icons = document.getElementById("room").dataset.icons;

/** Return a new element; `parts` are nodes or texts, `attributes` whose value is false or null are left out. */
export function element(name, attributes = {}, ...parts) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(made, key, value);
  made.append(...parts.filter((part) => part !== null && part !== undefined));
  return made;
}

/** Return a new SVG element. */
export function drawing(name, attributes = {}, ...parts) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(made, key, value);
  made.append(...parts);
  return made;
}

/** Return the icon `name`; `kind` is a class that gives it its colour. */
export function icon(name, kind = "") {
  const use = drawing("use", { href: `${icons}#i-${name}` });
  return drawing("svg", { class: kind ? `i ${kind}` : "i", "aria-hidden": "true" }, use);
}

export function setIcon(svg, name, kind = "") {
  setAttribute(svg.firstElementChild, "href", `${icons}#i-${name}`);
  setAttribute(svg, "class", kind ? `i ${kind}` : "i");
}

/** Set an attribute or take it away, and leave the page alone when nothing changes. */
export function setAttribute(node, key, value) {
  if (value === false || value === null || value === undefined) {
    if (node.hasAttribute(key)) node.removeAttribute(key);
  } else if (node.getAttribute(key) !== String(value)) {
    node.setAttribute(key, value === true ? "" : String(value));
  }
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Return a bar that stands beside its number, and the function that sets its share (0 to 1). */
export function meter() {
  const bar = drawing("rect", { height: "6", width: "0" });
  const svg = drawing("svg", { class: "meter quiet", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" }, bar);
  return { node: svg, set: (share) => setAttribute(bar, "width", (100 * Math.min(1, Math.max(0, share))).toFixed(1)) };
}
