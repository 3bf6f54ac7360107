// Filling gaps, in a text or on a picture: a list in each gap; what is offered can be dragged there too, or pressed and then its place.

import { say } from "../words.js";
import { draggable } from "./drag.js";
import { dim } from "./pairs.js";
import { spotsOf } from "./spots.js";

export function gaps(root, { send, tell, locked }) {
  const lists = [...root.querySelectorAll("select.gap")];
  const tokens = new Map([...root.querySelectorAll(".token")].map((token) => [token.dataset.name, token]));
  let pressed = null;

  const pairs = () => lists.filter((list) => list.value).map((list) => `${list.value} ${list.dataset.target}`);
  const offer = (list, before) => {
    const given = pairs();
    const most = Number(tokens.get(list.value)?.dataset.max) || Infinity;
    const spent = list.value && lists.filter((other) => other.value === list.value).length > most;
    if (!spent && new Set(given).size === given.length) return send(given);
    list.value = before;
    return tell(spent ? say("used-up", { n: most }) : say("pair-twice"));
  };
  const isSpent = (list, name) => {
    const others = lists.filter((other) => other !== list && other.value === name);
    const most = Number(tokens.get(name)?.dataset.max) || Infinity;
    return others.length >= most || others.some((other) => other.dataset.target === list.dataset.target);
  };
  const lay = (name, list) => {
    const before = list.value;
    list.value = name;
    offer(list, before);
  };
  const layOn = (name, target) => {
    const there = lists.filter((list) => list.dataset.target === target);
    lay(name, there.find((list) => !list.value) ?? there[0]);
  };
  const press = (token) => {
    pressed = pressed === token ? null : token;
    for (const other of tokens.values()) other.classList.toggle("pressed", other === pressed);
  };
  const spots = spotsOf(root, (target) => {
    if (locked() || pressed === null) return;
    layOn(pressed.dataset.name, target);
    press(pressed);
  });
  draggable(tokens.values(), {
    locked, pressed: press,
    over: (node) => {
      const under = node?.closest("select.gap, .spot");
      for (const place of root.querySelectorAll("select.gap, .spot")) place.classList.toggle("over", place === under);
    },
    dropped: (token, node) => {
      const list = node?.closest("select.gap");
      const spot = node?.closest(".spot");
      if (list && lists.includes(list)) lay(token.dataset.name, list);
      else if (spot && spots.has(spot.dataset.name)) layOn(token.dataset.name, spot.dataset.name);
    },
  });
  root.addEventListener("focusin", ({ target }) => {
    if (target.matches("select.gap")) target.dataset.before = target.value;
  });
  root.addEventListener("change", ({ target }) => {
    offer(target, target.dataset.before ?? "");
    target.dataset.before = target.value;
  });

  return {
    show(values) {
      if (JSON.stringify([...values].sort()) !== JSON.stringify(pairs().sort())) fill(lists, values);
      for (const [name, token] of tokens) {
        const used = lists.filter((list) => list.value === name).length;
        token.classList.toggle("used", used >= (Number(token.dataset.max) || Infinity));
      }
      for (const list of lists) {
        list.classList.toggle("has", list.value !== "");
        dim(list, (name) => isSpent(list, name));
      }
      for (const spot of spots.values()) {
        const laid = lists.filter((list) => list.dataset.target === spot.name && list.value).map((list) => shownOf(tokens.get(list.value)));
        spot.mark(laid.length > 0);
        spot.lay(laid);
      }
    },
  };
}

function fill(lists, values) {
  const waiting = values.map((pair) => pair.split(" "));
  for (const list of lists) {
    const place = waiting.findIndex(([, target]) => target === list.dataset.target);
    list.value = place < 0 ? "" : waiting.splice(place, 1)[0][0];
  }
}

function shownOf(token) {
  const image = token.querySelector("img");
  return image ? { href: image.src, width: Number(image.getAttribute("width")), height: Number(image.getAttribute("height")) } : token.textContent.trim();
}
