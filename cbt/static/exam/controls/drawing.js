// Drawing on a picture: with a pointer, or with a pen that the arrow keys move and Space sets down and lifts. What is drawn is kept
// as a PNG of the whole picture, sent after a rest.

import { el } from "../dom.js";
import { say } from "../words.js";
import { fileAddress, sendFile } from "./files.js";
import { overlayOf, svg } from "./spots.js";

const REST_MS = 1_200;
const STRIDE = 60;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const INK = "#b3261e";   // one colour that shows on light and dark pictures

export function drawing(root, { send, tell, locked }) {
  const overlay = overlayOf(root);
  const picture = root.querySelector(".picture img");
  const { width, height } = overlay.viewBox.baseVal;
  const board = el("canvas", { width, height, tabindex: "0", role: "application", "aria-label": say("pen") });
  const pen = board.getContext("2d");
  const cross = svg("circle", { class: "pen", r: Math.max(width, height) / 80 });
  const cursor = { x: Math.round(width / 2), y: Math.round(height / 2), down: false };
  let strokes = [];
  let base = null;       // what was drawn before the page was loaded
  let shown;
  let timer = null;

  overlay.before(board);
  overlay.append(cross);
  const paint = () => {
    pen.clearRect(0, 0, width, height);
    if (base) pen.drawImage(base, 0, 0, width, height);
    Object.assign(pen, { strokeStyle: INK, lineWidth: Math.max(2, Math.max(width, height) / 200), lineCap: "round", lineJoin: "round" });
    for (const [start, ...rest] of strokes) {
      pen.beginPath();
      pen.moveTo(start.x, start.y);
      for (const { x, y } of rest.length > 0 ? rest : [start]) pen.lineTo(x + (rest.length > 0 ? 0 : 0.1), y);
      pen.stroke();
    }
    cross.setAttribute("cx", cursor.x);
    cross.setAttribute("cy", cursor.y);
    cross.classList.toggle("down", cursor.down);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, REST_MS);
  };
  const keep = async () => {
    if (locked()) return;
    if (strokes.length === 0 && base === null) {
      shown = undefined;
      send([]);
      return;
    }
    const payload = await new Promise((made) => {
      flat(picture, board).toBlob(made, "image/png");
    });
    try {
      const kept = await sendFile(payload, { name: "drawing.png", variable: root.dataset.response, slot: root.closest(".item").dataset.slot });
      if (!kept.sha256) {
        tell(say("file-refused"));
        return;
      }
      shown = kept.sha256;
      send([kept.sha256]);
      tell(say("drawing-kept"));
    } catch {
      tell(say("file-not-sent"));
      later();
    }
  };
  const change = (made) => {
    strokes = made;
    paint();
    later();
  };
  const at = (event) => {
    const box = board.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * width, y: ((event.clientY - box.top) / box.height) * height };
  };
  board.addEventListener("pointerdown", (event) => {
    if (locked() || event.button !== 0) return;
    board.setPointerCapture(event.pointerId);
    change([...strokes, [at(event)]]);
  });
  board.addEventListener("pointermove", (event) => {
    if (!board.hasPointerCapture(event.pointerId) || strokes.length === 0) return;
    strokes.at(-1).push(at(event));
    paint();
    later();
  });
  board.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey || locked() || !(by || event.key === " ")) return;
    event.preventDefault();
    if (by) {
      const stride = event.shiftKey ? 1 : Math.max(1, Math.max(width, height) / STRIDE);
      cursor.x = Math.min(Math.max(cursor.x + by[0] * stride, 0), width);
      cursor.y = Math.min(Math.max(cursor.y + by[1] * stride, 0), height);
      if (cursor.down) strokes.at(-1).push({ x: cursor.x, y: cursor.y });
    } else {
      cursor.down = !cursor.down;
      if (cursor.down) strokes.push([{ x: cursor.x, y: cursor.y }]);
      tell(say(cursor.down ? "pen-down" : "pen-up"));
    }
    paint();
    if (strokes.length > 0) later();
  });
  root.append(el("div", { class: "row" },
    el("button", { class: "btn", type: "button", text: say("undo"), on: { click: () => change(strokes.slice(0, -1)) } }),
    el("button", { class: "btn", type: "button", text: say("clear-drawing"), on: { click: () => {
      base = null;
      cursor.down = false;
      change([]);
    } } })));
  paint();
  return {
    show([sha256]) {
      if (sha256 === shown || strokes.length > 0) return;
      shown = sha256;
      base = null;
      paint();
      if (sha256 === undefined) return;
      const before = new Image();
      before.addEventListener("load", () => {
        base = before;
        paint();
      });
      before.src = fileAddress(sha256);
    },
  };
}

/** Return the picture with what was drawn on it, as one. */
function flat(picture, board) {
  const whole = el("canvas", { width: board.width, height: board.height });
  const pen = whole.getContext("2d");
  pen.drawImage(picture, 0, 0, board.width, board.height);
  pen.drawImage(board, 0, 0);
  return whole;
}
