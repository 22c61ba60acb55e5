/** Who voted for what, in a poll that is not anonymous. */

import { avatar } from "./avatar.js";
import { byId, h } from "./dom.js";
import { shownName, t } from "./language.js";

/** Show it: `ballot` tells the names of those who chose each option. */
export function showVoters({ question, options }, ballot) {
  const box = byId("list-box");
  const person = (name) => h("li", {}, avatar(name), shownName(name));
  const option = ({ text }, id) => [
    h("h3", { dir: "auto" }, text),
    h("ul", {}, ballot.votersOf(id).map(person)),
  ];
  box.replaceChildren(
    h("h2", { dir: "auto" }, question),
    ...options.map((one, id) => ballot.votersOf(id).length > 0 && option(one, id)).filter(Boolean).flat(),
    h("button", { type: "button", onclick: () => box.close() }, t("Close")),
  );
  box.setAttribute("aria-label", question);
  box.showModal();
}
