/** The faces of people and groups. */

import { h } from "./dom.js";

/** The first letter on a colour of its own, the same each time. */
export function avatar(name, isGroup = false) {
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 5;
  return h("span", { class: `avatar hue-${hue}${isGroup ? " group" : ""}`, "aria-hidden": "true" }, name[0]);
}
