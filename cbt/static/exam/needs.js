// What one person needs of the screen, as the profile says that was set at registration: how it begins, and which tools there are.

import { begin, note } from "./prefs.js";
import { FOR_EVERYBODY } from "./tools/toolbox.js";

const ABOUT_CONTENT = { sign_language: "sign-language", read_aloud: "read-aloud" };

/**
 * Take a profile {theme, scale, layout, tools, sign_language, read_aloud}; what it leaves out is as for everybody. Colours, text size and
 * layout begin as it says, once for each attempt: afterwards the person's own choice stands, over a reload too. Returns the tools.
 */
export function applyNeeds(profile, attempt) {
  const given = profile ?? {};
  if (note("attempt", attempt)) begin({ theme: given.theme, scale: given.scale, layout: given.layout });
  for (const [name, attribute] of Object.entries(ABOUT_CONTENT)) document.documentElement.toggleAttribute(`data-${attribute}`, Boolean(given[name]));
  return given.tools ?? FOR_EVERYBODY;
}
