// The parts of a picture: shapes that the server drew over it. They are for eyes and pointers; a list beside the picture holds
// the same for keyboards and readers.

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element. */
export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Return the overlay of the picture in `root`, or null. */
export function overlayOf(root) {
  return root.querySelector(".picture > svg");
}

/** Return the parts of the picture in `root` by name; `press(name)` hears clicks. */
export function spotsOf(root, press) {
  const spots = new Map();
  for (const node of root.querySelectorAll(".picture .spot")) {
    const spot = new Spot(node);
    spots.set(spot.name, spot);
    node.addEventListener("click", () => press(spot.name));
  }
  overlayOf(root)?.classList.add("live");
  return spots;
}

class Spot {
  #node;
  #added = [];

  constructor(node) {
    this.#node = node;
    this.name = node.dataset.name;
    this.x = Number(node.dataset.x);
    this.y = Number(node.dataset.y);
  }

  /** Mark the part as chosen or not. */
  mark(on) {
    this.#node.classList.toggle("on", on);
  }

  /** Write a sign beside the letter: a rank, or nothing. */
  rank(words) {
    this.#clear();
    if (words) this.#add(svg("text", { class: "rank", x: this.x, y: this.y, dy: "1.5em" }), words);
  }

  /** Lay words or a picture ({href, width, height}) onto the part. */
  lay(things) {
    this.#clear();
    things.forEach((thing, place) => {
      if (typeof thing === "string") {
        this.#add(svg("text", { class: "laid", x: this.x, y: this.y, dy: `${1.5 * (place + 1)}em` }), thing);
      } else {
        const { href, width, height } = thing;
        const [x, y] = [this.x - width / 2 + place * width, this.y - height / 2];
        this.#add(svg("image", { href, x, y, width, height }), "");
      }
    });
  }

  #add(node, words) {
    node.textContent = words;
    this.#node.append(node);
    this.#added.push(node);
  }

  #clear() {
    for (const node of this.#added) node.remove();
    this.#added = [];
  }
}
