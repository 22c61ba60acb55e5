/** Above the messages: whose chat this is, what the bot is doing, and who speaks. */

import { avatar } from "./avatar.js";
import { MARK, marked } from "./bell.js";
import { chatAvatar, subtitleOf, titleOf } from "./chats.js";
import { byId, h } from "./dom.js";
import { shownName, t } from "./language.js";

const ACTION_LASTS = 5500; // ms; Telegram shows one for five seconds
const ACTIONS = {
  typing: "typing…",
  upload_photo: "sending a photo…",
  upload_document: "sending a file…",
  upload_video: "sending an animation…",
  choose_sticker: "choosing a sticker…",
};

export class Header {
  #store;
  #busy = new Map(); // by chat: what the bot is doing, and the timer that ends it

  constructor(store) {
    this.#store = store;
    store.addEventListener("world", () => this.draw());
    store.addEventListener("view", () => this.draw());
    store.addEventListener("action", ({ detail }) => this.#act(detail.chat, ACTIONS[detail.action]));
    store.addEventListener("message", ({ detail }) => {
      const isResult = detail.message.from.is_bot && detail.message.reply_markup?.inline_keyboard.length !== 1;
      if (isResult) this.#act(detail.chat, null);
    });
  }

  draw() {
    const { chat } = this.#store;
    const title = titleOf(chat, this.#store);
    byId("chat-title").textContent = title;
    byId("chat-avatar").replaceChildren(chatAvatar(chat, this.#store));
    const busy = this.#busy.get(chat.id);
    byId("chat-status").textContent = busy ? `${this.#store.bot.first_name} · ${t(busy.words)}` : subtitleOf(chat, this.#store);
    byId("chat-status").classList.toggle("busy", Boolean(busy));
    document.title = `${marked() ? MARK : ""}${title} · stylegram`;
    this.#drawSpeaker();
  }

  /** On a phone, where the side is not in sight, a group has its switch here. */
  #drawSpeaker() {
    const { chat, speaker } = this.#store;
    byId("speaker-here").hidden = chat.members.length < 2;
    if (chat.members.length < 2) return;
    const next = this.#store.people.get(chat.members[(chat.members.indexOf(speaker.id) + 1) % chat.members.length]);
    const label = t("You speak as {name}. Switch to {other}.", { name: shownName(speaker.first_name), other: shownName(next.first_name) });
    byId("speaker-here").replaceChildren(
      h("button", { type: "button", title: label, "aria-label": label, onclick: () => this.#store.speakAs(next.id) }, avatar(speaker.first_name)),
    );
  }

  #act(chat, words) {
    if (!words && !this.#busy.has(chat.id)) return;
    clearTimeout(this.#busy.get(chat.id)?.timer);
    if (words) this.#busy.set(chat.id, { words, timer: setTimeout(() => this.#act(chat, null), ACTION_LASTS) });
    else this.#busy.delete(chat.id);
    if (chat === this.#store.chat) this.draw();
  }
}
