// Every kind of control by the name that the server writes into `data-control`. Each binds one element and returns how to
// show values in it: `show(values)`, and where needed `lock(locked)` and `clear(target)`.

import { choice, flag, hotspot, select } from "./choosing.js";
import { drawing } from "./drawing.js";
import { gaps } from "./gaps.js";
import { media } from "./media.js";
import { order } from "./ordering.js";
import { associate, match } from "./pairs.js";
import { points } from "./points.js";
import { slider } from "./slider.js";
import { entry, text } from "./typing.js";
import { upload } from "./upload.js";
import { el } from "../dom.js";

const KINDS = {
  choice, hottext: choice, select, flag, hotspot, entry, text, order, match, associate, gaps, points, slider, upload, drawing, media,
};

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
