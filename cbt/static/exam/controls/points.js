// Points on a picture: pressed, or set with a cross that the arrow keys move, or typed as distances from left and top.

import { el, icon } from "../dom.js";
import { say } from "../words.js";
import { overlayOf, svg } from "./spots.js";

const STEPS = 50;   // a picture is crossed in so many strokes of an arrow key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function points(root, { send, tell, locked }) {
  const overlay = overlayOf(root);
  const { width, height } = overlay.viewBox.baseVal;
  const rows = [...root.querySelectorAll(".coordinates > li")].map((row) => ({ row, x: row.querySelector(".x"), y: row.querySelector(".y") }));
  const marks = svg("g", { class: "marks" });
  const cross = svg("path", { class: "cross", d: crossPath(width, height) });
  const cursor = { x: Math.round(width / 2), y: Math.round(height / 2) };
  overlay.append(marks, cross);
  overlay.classList.add("live");

  const values = () => rows.filter(({ x, y }) => x.value !== "" && y.value !== "").map(({ x, y }) => `${x.value} ${y.value}`);
  const set = (at) => {
    if (locked()) return;
    const free = rows.find(({ x, y }) => x.value === "" || y.value === "") ?? (rows.length === 1 ? rows[0] : null);
    if (free === null) {
      tell(say("at-most", { n: rows.length }));
      return;
    }
    [free.x.value, free.y.value] = [at.x, at.y];
    send(values());
    tell(say("point-set", { n: rows.indexOf(free) + 1, x: at.x, y: at.y }));
  };
  const remove = ({ x, y }) => {
    [x.value, y.value] = ["", ""];
    send(values());
  };

  rows.forEach((one, place) => {
    one.row.append(el("button", {
      class: "icon", type: "button", "aria-label": say("take-point", { n: place + 1 }), title: say("take-point", { n: place + 1 }),
      on: { click: () => remove(one) },
    }, icon("x")));
    one.row.addEventListener("change", () => {
      for (const [field, most] of [[one.x, width], [one.y, height]]) if (field.value !== "") field.value = clamp(Number(field.value), most);
      if ((one.x.value === "") === (one.y.value === "")) send(values());
    });
  });
  bindPad(root.querySelector(".picture"), {
    at: (event) => spotUnder(event, overlay, width, height),
    press: (at) => {
      Object.assign(cursor, at);
      set(at);
    },
    key: (event) => {
      const by = ARROWS[event.key];
      if (by) {
        const stride = event.shiftKey ? 1 : Math.max(1, Math.round(Math.max(width, height) / STEPS));
        cursor.x = clamp(cursor.x + by[0] * stride, width);
        cursor.y = clamp(cursor.y + by[1] * stride, height);
        tell(say("cross-at", cursor));
      } else if (event.key === "Enter" || event.key === " ") set({ ...cursor });
      else if (event.key === "Delete" || event.key === "Backspace") {
        const last = rows.findLast(({ x }) => x.value !== "");
        if (last && !locked()) remove(last);
      } else return false;
      cross.setAttribute("transform", `translate(${cursor.x} ${cursor.y})`);
      return true;
    },
  });
  cross.setAttribute("transform", `translate(${cursor.x} ${cursor.y})`);

  function show(given) {
    if (JSON.stringify(given) !== JSON.stringify(values())) {
      rows.forEach(({ x, y }, place) => {
        [x.value, y.value] = (given[place] ?? " ").split(" ");
      });
    }
    const used = rows.findLastIndex(({ x, y }) => x.value !== "" || y.value !== "");
    rows.forEach(({ row }, place) => {
      row.hidden = place > used + 1;
    });
    marks.replaceChildren(...given.map((point, place) => makeMark(root.dataset, point.split(" ").map(Number), place, rows.length > 1, Math.max(width, height))));
  }
  show([]);
  return { show };
}

function bindPad(pad, { at, press, key }) {
  pad.classList.add("pad");
  pad.tabIndex = 0;
  pad.setAttribute("role", "application");
  pad.setAttribute("aria-label", say("pad"));
  pad.addEventListener("click", (event) => press(at(event)));
  pad.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.altKey && !event.metaKey && key(event)) event.preventDefault();
  });
}

function spotUnder(event, overlay, width, height) {
  const box = overlay.getBoundingClientRect();
  return {
    x: clamp(((event.clientX - box.left) / box.width) * width, width),
    y: clamp(((event.clientY - box.top) / box.height) * height, height),
  };
}

function clamp(number, most) {
  return Math.min(Math.max(Math.round(number) || 0, 0), most);
}

function makeMark({ mark, markWidth, markHeight, centerX, centerY }, [x, y], place, numbered, size) {
  if (mark) {
    return svg("image", { href: mark, x: x - Number(centerX), y: y - Number(centerY), width: markWidth, height: markHeight });
  }
  const point = svg("g", { class: "point" }, svg("circle", { cx: x, cy: y, r: size / 90 }), svg("circle", { class: "ring", cx: x, cy: y, r: size / 45 }));
  if (numbered) point.append(svg("text", { x, y, dy: "1.6em" }, String(place + 1)));
  return point;
}

function crossPath(width, height) {
  const arm = Math.max(width, height) / 30;
  return `M${-arm} 0H${arm}M0 ${-arm}V${arm}`;
}
