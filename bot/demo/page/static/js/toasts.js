/** Short words that come and go, and those that wait to be read. */

import { byId, h } from "./dom.js";
import { t } from "./language.js";

const SHOWN = 4500; // ms

export function toast(text) {
  const shown = h("p", {}, text);
  byId("toasts").append(shown);
  setTimeout(() => shown.remove(), SHOWN);
}

/** Nothing of these is about what is looked at now. */
export function clearToasts() {
  byId("toasts").replaceChildren();
}

/** What a bot wants to be read: stays until it is closed. */
export function alertBox(text) {
  const box = byId("alert");
  box.replaceChildren(h("p", {}, text), h("button", { type: "button", class: "start", onclick: () => box.close() }, t("Close")));
  box.setAttribute("aria-label", text);
  box.showModal();
}
