// The words of an item as one line of text, so that a marked stretch is two numbers that mean the same after a reload.

// Words of the screen, and what controls move about.
const ASIDE = [
  "legend", ".vh", ".told", ".hint", ".choice > i", "button", "select", "textarea", "annotation", ".offered",
  ...["order", "associate", "points", "drawing", "upload", "media", "slider"].map((kind) => `[data-control="${kind}"]`),
].join(", ");
const BLOCKS = "p, li, td, th, pre, figcaption, caption, h1, h2, h3, h4, .choice > span, .line, math[display='block']";

export class ItemText {
  #pieces = [];      // {node, from, to}, in order
  text = "";

  /** `root` is an item's stem or a passage, as it was made. */
  constructor(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.data === "" || node.parentElement.closest(ASIDE)) continue;
      const from = this.text.length;
      this.text += node.data;
      this.#pieces.push({ node, from, to: this.text.length });
    }
  }

  /** Return the document's ranges for [from, to): one for each piece of text, so that nothing between them is painted. */
  ranges(from, to) {
    return this.#pieces.filter((piece) => piece.from < to && piece.to > from).map(({ node, from: start, to: end }) => new StaticRange({
      startContainer: node, startOffset: Math.max(from, start) - start, endContainer: node, endOffset: Math.min(to, end) - start,
    }));
  }

  /** Return the stretch that a range of the document covers, without blanks at its ends, or null. */
  stretch(range) {
    let from = Infinity;
    let to = -1;
    for (const { node, from: start, to: end } of this.#pieces) {
      if (!range.intersectsNode(node)) continue;
      from = Math.min(from, node === range.startContainer ? start + range.startOffset : start);
      to = Math.max(to, node === range.endContainer ? start + range.endOffset : end);
    }
    return trimmed(this.text, from, to);
  }

  /** Return the sentences as stretches; a sentence ends where its block ends. */
  sentences(language) {
    const cut = "Segmenter" in Intl ? new Intl.Segmenter(language, { granularity: "sentence" }) : null;
    return this.#blocks().flatMap(([from, to]) => {
      const words = this.text.slice(from, to);
      const parts = cut ? [...cut.segment(words)].map(({ index, segment }) => [index, index + segment.length]) : [[0, words.length]];
      return parts.map(([a, b]) => trimmed(this.text, from + a, from + b)).filter((found) => found !== null);
    });
  }

  #blocks() {
    const blocks = [];
    let holder = null;
    for (const { node, from, to } of this.#pieces) {
      const block = node.parentElement.closest(BLOCKS);
      if (blocks.length > 0 && block === holder) blocks[blocks.length - 1][1] = to;
      else blocks.push([from, to]);
      holder = block;
    }
    return blocks;
  }
}

/** Return the stretch [start, end) without blanks at its ends, or null where there is nothing else in it. */
function trimmed(text, start, end) {
  let [from, to] = [start, end];
  while (from < to && /\s/.test(text[from])) from += 1;
  while (to > from && /\s/.test(text[to - 1])) to -= 1;
  return from < to ? [from, to] : null;
}
