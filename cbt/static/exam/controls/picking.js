// Choosing parts of a picture.

import { choice } from "./choosing.js";
import { spotsOf } from "./spots.js";

/** A picture with parts, and the same parts as a list. */
export function hotspot(root, tools) {
  const list = choice(root, tools);
  const spots = spotsOf(root, (name) => {
    const input = root.querySelector(`input[value="${name}"]`);
    if (tools.locked() || (input.type === "radio" && input.checked)) return;
    input.click();
    input.focus({ preventScroll: true });
  });
  return {
    show(values) {
      list.show(values);
      for (const spot of spots.values()) spot.mark(values.includes(spot.name));
    },
  };
}
