/** The side: who speaks, and the chats. */

import { avatar } from "./avatar.js";
import { byId, h } from "./dom.js";
import { shownName, t, time } from "./language.js";
import { summary } from "./message.js";

export class Chats {
  #store;
  #onOpen;

  constructor(store, onOpen) {
    this.#store = store;
    this.#onOpen = onOpen;
    for (const kind of ["world", "view", "message", "deleted"]) store.addEventListener(kind, () => this.draw());
    byId("speakers").addEventListener("change", ({ target }) => store.speakAs(Number(target.value)));
  }

  draw() {
    this.#drawSpeakers();
    const chats = [...this.#store.chats.values()].filter((chat) => !chat.migrated_to);
    const focused = document.activeElement?.dataset.chat;
    byId("chats").replaceChildren(...chats.map((chat) => h("li", {}, this.#entry(chat))));
    if (focused) byId("chats").querySelector(`[data-chat="${focused}"]`)?.focus();
  }

  #drawSpeakers() {
    const fieldset = byId("speakers");
    if (fieldset.querySelectorAll("label").length !== this.#store.people.size) {
      const people = [...this.#store.people.values()];
      const choices = people.map((person) =>
        h("label", {}, h("input", { type: "radio", name: "speaker", value: person.id }), avatar(person.first_name), person.first_name),
      );
      fieldset.replaceChildren(fieldset.querySelector("legend"), ...choices);
    }
    fieldset.querySelector(`[value="${this.#store.speakerId}"]`).checked = true;
  }

  #entry(chat) {
    const last = [...chat.messages.values()].at(-1);
    const isOpen = chat.id === this.#store.chatId;
    return h(
      "button",
      { type: "button", "data-chat": chat.id, "aria-current": isOpen && "true", onclick: () => this.#onOpen(chat.id) },
      chatAvatar(chat, this.#store),
      h(
        "span",
        { class: "two-lines" },
        h("span", { class: "first" }, h("b", {}, titleOf(chat, this.#store)), last && h("time", {}, time(last.edit_date ?? last.date))),
        h(
          "span",
          { class: "second" },
          h("span", { class: "preview" }, last ? summary(last).split("\n")[0] : t("No messages yet")),
          chat.unread > 0 &&
            h("span", { class: "unread", "aria-label": t("{count} unread", { count: chat.unread }) }, String(chat.unread)),
        ),
      ),
    );
  }
}

export function titleOf(chat, store) {
  return chat.type === "private" ? `${shownName(store.people.get(chat.members[0]).first_name)} ↔ ${store.bot.first_name}` : chat.title;
}

/** Who is in it, if the title does not say so, and who of them is speaking. */
export function subtitleOf(chat, store) {
  const speaker = t("you are {name}", { name: shownName(store.speaker.first_name) });
  if (chat.type === "private") return speaker;
  const names = chat.members.map((id) => shownName(store.people.get(id).first_name)).join(", ");
  return `${t("{names} and {bot}", { names, bot: store.bot.first_name })} · ${speaker}`;
}

/** The face of a private chat is its owner's. */
export function chatAvatar(chat, store) {
  return chat.type === "private" ? avatar(store.people.get(chat.members[0]).first_name) : avatar(chat.title, true);
}
