/** One of the speaker's chats, to be chosen. */

import { chatAvatar, titleOf } from "./chats.js";
import { byId, h } from "./dom.js";
import { t } from "./language.js";

/** Ask where to; `onChoose(chatId)` is told. `isSuitable` leaves out chats, if it is given. */
export function chooseChat(store, onChoose, isSuitable = () => true) {
  const chooser = byId("list-box");
  const chats = [...store.chats.values()].filter((chat) => chat.members.includes(store.speakerId) && !chat.migrated_to && isSuitable(chat));
  const choose = (chat) => {
    chooser.close();
    onChoose(chat.id);
  };
  const entry = (chat) => h("li", {}, h("button", { type: "button", onclick: () => choose(chat) }, chatAvatar(chat, store), titleOf(chat, store)));
  chooser.replaceChildren(
    h("h2", {}, t("Choose a chat")),
    h("ul", {}, chats.map(entry)),
    h("button", { type: "button", onclick: () => chooser.close() }, t("Close")),
  );
  chooser.setAttribute("aria-label", t("Choose a chat"));
  chooser.showModal();
}
