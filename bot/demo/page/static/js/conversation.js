/** The messages of the open chat: drawn, kept up to date, scrolled and read aloud. */

import { byId, h } from "./dom.js";
import { day, t } from "./language.js";
import { messageItem, serviceText, summary } from "./message.js";

const NEAR_END = 120; // px
const DECODING = 1500; // ms to wait for a picture before it replaces the one shown

export class Conversation {
  #store;
  #does;
  #list = byId("messages");
  #scroller = byId("scroller");
  #toEnd = byId("to-end");
  #versions = new Map(); // by the item's id: the newest drawing of it that was begun

  /** `does` is what can be done with messages: reply, tap, openPicture, canCompare, command. */
  constructor(store, does) {
    this.#store = store;
    this.#does = { ...does, jump: (id) => this.#jump(id) };
    store.addEventListener("world", () => this.draw());
    store.addEventListener("view", () => this.draw());
    store.addEventListener("message", ({ detail }) => this.#changed(detail));
    store.addEventListener("deleted", ({ detail }) => this.#deleted(detail));
    this.#scroller.addEventListener("scroll", () => this.#offerEnd(), { passive: true });
    this.#toEnd.addEventListener("click", () => this.#goToEnd("smooth"));
    // What is loaded late, or a keyboard that slides in, moves the end: stay there.
    new ResizeObserver(() => this.#follows && this.#goToEnd()).observe(this.#scroller);
    new ResizeObserver(() => this.#follows && this.#goToEnd()).observe(this.#list);
  }

  #follows = true; // does the view stay at the end?

  /** Draw all of the chat anew. */
  draw() {
    this.#versions.clear();
    const items = [];
    let lastDay = null;
    for (const group of grouped([...this.#store.chat.messages.values()])) {
      const today = day(group[0].date);
      if (today !== lastDay && lastDay !== null) items.push(h("li", { class: "service" }, h("p", {}, today)));
      lastDay = today;
      items.push(this.#item(group));
    }
    this.#list.replaceChildren(...items);
    this.#goToEnd();
  }

  /** Something that a message was drawn without is known now. */
  redraw({ chat, message_id: id }) {
    const message = chat.id === this.#store.chatId && this.#store.chat.messages.get(id);
    if (message) this.#put(message);
  }

  #item(group) {
    const [{ from }] = group;
    const mine = from.id === this.#store.speakerId;
    return messageItem(group, {
      mine,
      name: this.#store.nameOf(from),
      showName: !mine && this.#store.chat.type !== "private",
      does: this.#does,
    });
  }

  #changed({ chat, message, before }) {
    if (chat !== this.#store.chat) return;
    const isMine = message.from.id === this.#store.speakerId;
    if (isMine && !before) this.#follows = true;
    this.#put(message);
    if (!isMine && !(before && isMereProgress(before, message))) {
      byId("announcements").textContent = `${this.#store.nameOf(message.from)}: ${inWords(message)}`;
    }
  }

  async #put(message) {
    const group = this.#groupOf(message);
    const item = this.#item(group);
    this.#versions.set(item.id, item);
    if (!byId(item.id)) {
      this.#list.append(item);
    } else {
      await pictured(item); // else there would be a flash of nothing between two pictures
      const old = byId(item.id);
      if (this.#versions.get(item.id) !== item || !old) return; // newer ones came, or it was deleted
      replaceKeepingFocus(old, item);
    }
    if (this.#follows) this.#goToEnd();
    this.#offerEnd();
  }

  #groupOf(message) {
    if (!message.media_group_id) return [message];
    return [...this.#store.chat.messages.values()].filter((one) => one.media_group_id === message.media_group_id);
  }

  #deleted({ chat, message }) {
    if (chat === this.#store.chat) byId(`m${message}`)?.remove();
  }

  #jump(messageId) {
    const message = this.#store.chat.messages.get(messageId);
    const item = message && byId(`m${this.#groupOf(message)[0].message_id}`);
    if (!item) return;
    item.scrollIntoView({ block: "center", behavior: "smooth" });
    item.classList.add("found");
    setTimeout(() => item.classList.remove("found"), 1500);
  }

  #goToEnd(behavior = "instant") {
    this.#follows = true;
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior });
  }

  #offerEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#follows = scrollHeight - scrollTop - clientHeight < NEAR_END;
    this.#toEnd.hidden = this.#follows;
  }
}

/** Albums' messages together, each other message alone. */
function grouped(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.media_group_id && last?.[0].media_group_id === message.media_group_id) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

async function pictured(item) {
  const pictures = [...item.querySelectorAll("img")].map((image) => image.decode().catch(() => {}));
  await Promise.race([Promise.all(pictures), new Promise((resolve) => setTimeout(resolve, DECODING))]);
}

/** Whoever stands on a button of the old item stands on the same one of the new, or on its first. */
function replaceKeepingFocus(old, item) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const pending = old.querySelector("[aria-busy]")?.dataset.key;
  old.replaceWith(item);
  if (pending) item.querySelector(`[data-key="${CSS.escape(pending)}"]`)?.setAttribute("aria-busy", "true");
  if (!focused) return;
  const same = item.querySelector(`[data-key="${CSS.escape(focused.dataset.key ?? "")}"]`);
  (same ?? item.querySelector(".keyboard button") ?? item.querySelector("button"))?.focus({ preventScroll: true });
}

/** The first line, as it is read aloud. */
function inWords(message) {
  const [line] = (serviceText(message) || summary(message)).split("\n");
  return message.photo && line !== t("Photo") ? `${line} ${t("Photo")}` : line;
}

/** Whether only numbers changed: nobody wants to hear every percent. */
function isMereProgress(before, message) {
  const [one, other] = [before, message].map((version) => inWords(version).replace(/\d/g, ""));
  return one === other;
}
