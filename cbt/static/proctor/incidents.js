// The room's log of incidents, newest first.

import { element, icon } from "./nodes.js";
import { shortTime } from "./tick.js";
import { say } from "./words.js";

const ICONS = { environment: "msg", "test-taker": "user", staff: "people", technical: "pc" };

/** Show `incidents` in `list`, or `empty` where there are none. */
export function showIncidents(list, empty, incidents) {
  empty.hidden = incidents.length > 0;
  list.replaceChildren(
    ...incidents.map((incident) =>
      element(
        "li", {},
        incident.about === "end" ? icon("void", "bad") : icon(incident.about === "grant-seat" ? "swap" : ICONS[incident.category]),
        element("b", {}, title(incident)), element("time", {}, shortTime(incident.at)),
        element("p", {}, say("incident-line", { category: say(`category.${incident.category}`), words: incident.words }), element("span", { class: "muted" }, ` — ${incident.by}`)),
      ),
    ),
  );
}

function title({ seat, about }) {
  const what = about === "note" ? "" : say(`incident.${about}`);
  if (!seat) return what || say("whole-room");
  return what ? say("alert-title", { seat, word: what }) : say("seat-number", { seat });
}
