// Which items stand on which page: pure arithmetic on measured heights. A page ends where a subject ends.

/** Narrowest column, in letter widths, in which an item still reads well. */
const NARROWEST_EM = 15;

/** Return how many columns fit: what was asked for, unless they would become too narrow. */
export function columnCount(layout, widthPx, gapPx, letterPx) {
  return layout === "2" && (widthPx - gapPx) / 2 >= NARROWEST_EM * letterPx ? 2 : 1;
}

/**
 * Return pages as lists of columns, columns as lists of slots.
 * `items`: [{slot, part, height}] in order, with `lead` and `leadHeight` where a passage comes before the item, once on a page; `room`: the height of a column; `columns`: 1 or 2; `single`: one item a page.
 * An item higher than the room gets a column where it stands first; the page scrolls.
 */
export function fillPages(items, { room, columns, single = false }) {
  const pages = [];
  let page = null;
  let column = null;
  let led = new Set();
  let used = 0;
  let part = null;
  for (const { slot, part: itsPart, height, lead, leadHeight = 0 } of items) {
    const needed = height + (lead === undefined || led.has(lead) ? 0 : leadHeight);
    const full = column !== null && column.length > 0 && used + needed > room;
    if (page === null || single || itsPart !== part || (full && page.length === columns)) {
      page = [[]];
      pages.push(page);
      [column] = page;
      led = new Set();
      used = 0;
    } else if (full) {
      column = [];
      page.push(column);
      used = 0;
    }
    column.push(slot);
    used += height + (lead === undefined || led.has(lead) ? 0 : leadHeight);
    if (lead !== undefined) led.add(lead);
    part = itsPart;
  }
  return pages;
}

/** Return the index of the page that holds `slot`. */
export function pageOf(pages, slot) {
  return Math.max(0, pages.findIndex((page) => page.some((column) => column.includes(slot))));
}

/** Return the width of a text in letter widths: Hangul and other wide letters count 1, the rest a half. */
export function widthEm(text) {
  let width = 0;
  for (const letter of text) width += letter.codePointAt(0) > 0x10ff ? 1 : 0.55;
  return width;
}

/** Tell whether options stand side by side: all short, an even number, nothing but text and formulas in them. */
export function sideBySide(widths, columnEm) {
  const room = columnEm / 2 - 3.6;   // number bubble, padding, gap
  return widths.length > 1 && widths.length % 2 === 0 && widths.every((width) => width <= room);
}
