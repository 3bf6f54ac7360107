// Every kind of control by the name that the server writes into `data-control`. Each binds one element and returns how to
// show values in it: `show(values)`, and where needed `lock(locked)` and `clear(target)`. Most papers need few kinds: the rarer
// ones are fetched when a paper has them.

import { choice, flag, select } from "./choosing.js";
import { entry, text } from "./typing.js";
import { el } from "../dom.js";

const KINDS = { choice, hottext: choice, select, flag, entry, text };
const RARE = {
  hotspot: () => import("./picking.js"), order: () => import("./ordering.js"), match: () => import("./pairs.js"),
  associate: () => import("./pairs.js"), gaps: () => import("./gaps.js"), points: () => import("./points.js"),
  slider: () => import("./slider.js"), upload: () => import("./upload.js"), drawing: () => import("./drawing.js"),
  media: () => import("./media.js"),
};
const NAMED = /data-control="([a-z]+)"/g;

/** Fetch the kinds of controls that a paper has; before its items are made. */
export async function loadControls({ slots }) {
  const kinds = new Set(slots.flatMap(({ html }) => [...html.matchAll(NAMED)].map(([, kind]) => kind)));
  await Promise.all([...kinds].filter((kind) => kind in RARE).map(async (kind) => {
    KINDS[kind] = (await RARE[kind]())[kind];
  }));
}

/** Bind all controls of an article; returns them. `respond(variable, values)` takes what the candidate does. */
export function bindControls(article, respond) {
  return [...article.querySelectorAll("[data-response]")].map((root) => bindControl(root, respond));
}

function bindControl(root, respond) {
  root.dataset.control ??= root.matches("input") ? "entry" : "choice";   // papers of version 0.1 do not say it
  const { control, response } = root.dataset;
  const told = makeTold(root);
  const send = (values) => {
    told("");
    respond(response, values);
  };
  const bound = KINDS[control](root, { send, tell: told, locked: () => root.closest("[data-locked]") !== null });
  root.addEventListener("take-back", ({ detail }) => (bound.clear ? bound.clear(detail.target) : send([])));
  return { response, ...bound };
}

/** Words about a control, for eyes and ears; they stand until the next answer. */
function makeTold(root) {
  let place = null;
  return (words) => {
    if (place === null) {
      if (!words || root.tagName !== "FIELDSET") return;
      place = el("p", { class: "told", role: "status" });
      root.append(place);
    }
    place.textContent = words;
  };
}
