/** The messages of the open chat: drawn, kept up to date, scrolled and read aloud. */

import { byId, h } from "./dom.js";
import { day, t } from "./language.js";
import { itemId, messageItem, serviceText, summary } from "./message.js";

const NEAR_END = 120; // px
const DECODING = 1500; // ms to wait for a picture before it replaces the one shown
const CLICKING = 50; // ms within which a click follows when a finger or a button of the mouse is lifted

export class Conversation {
  #store;
  #does;
  #list = byId("messages");
  #scroller = byId("scroller");
  #toEnd = byId("to-end");
  #versions = new Map(); // by the item's id: the newest drawing of it that was begun
  #lifted = null; // settled once nothing is being pressed

  /** `does` is what can be done with messages: reply, tap, openPicture, uncover, compare, command, and in polls
   * choose, vote and retract; and what else is known of them: isCovered, canCompare, ballotOf and pollNews.
   */
  constructor(store, does) {
    this.#store = store;
    this.#does = { ...does, jump: (id) => this.#jump(id) };
    store.addEventListener("world", () => this.draw());
    store.addEventListener("view", () => this.draw());
    store.addEventListener("message", ({ detail }) => this.#changed(detail));
    store.addEventListener("deleted", ({ detail }) => this.#deleted(detail));
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#list.addEventListener("keydown", (event) => this.#moveAmongReplies(event));
    this.#list.addEventListener("pointerdown", () => (this.#lifted = lifted()));
    this.#toEnd.addEventListener("click", () => this.#goToEnd("smooth"));
    // What is loaded late, or a keyboard that slides in, moves the end: stay there.
    new ResizeObserver(() => this.#follows && this.#goToEnd()).observe(this.#scroller);
    new ResizeObserver(() => this.#follows && this.#goToEnd()).observe(this.#list);
  }

  #follows = true; // does the view stay at the end? Until somebody scrolls away from it
  #seen = { scrollHeight: 0, scrollTop: 0, clientHeight: 0 }; // of the scroller, when it last moved

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
    this.#leaveOneReply();
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
    if (before && (message.reaction ?? null) !== (before.reaction ?? null)) {
      if (message.reaction) announce(`${this.#store.bot.first_name}: ${message.reaction}`);
    } else if (before && message.poll) {
      const news = this.#does.pollNews(before, message);
      if (news) announce(news);
    } else if (!isMine && !(before && isMereProgress(before, message))) {
      announce(`${this.#store.nameOf(message.from)}: ${inWords(message)}`);
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
      await this.#lifted; // else what is being tapped would be gone before the tap is one
      const old = byId(item.id);
      if (this.#versions.get(item.id) !== item || !old) return; // newer ones came, or it was deleted
      replaceKeepingFocus(old, item);
    }
    this.#leaveOneReply();
    if (this.#follows) this.#goToEnd();
  }

  #groupOf(message) {
    if (!message.media_group_id) return [message];
    return [...this.#store.chat.messages.values()].filter((one) => one.media_group_id === message.media_group_id);
  }

  #deleted({ chat, message }) {
    if (chat !== this.#store.chat) return;
    const [left] = this.#groupOf(message);
    if (left && left !== message) {
      this.#put(left);
    } else {
      this.#versions.delete(itemId(message));
      byId(itemId(message))?.remove();
      this.#leaveOneReply();
    }
  }

  #jump(messageId) {
    const message = this.#store.chat.messages.get(messageId);
    const item = message && byId(itemId(message));
    if (!item) return;
    this.#follows = false; // it was asked for
    item.scrollIntoView({ block: "center", behavior: "smooth" });
    item.classList.add("found");
    setTimeout(() => item.classList.remove("found"), 1500);
  }

  #goToEnd(behavior = "instant") {
    this.#follows = true;
    this.#toEnd.hidden = true;
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior });
  }

  /** It was a person who scrolled if nothing else has changed: growing and shrinking move the view, too. */
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const isByHand = scrollHeight === this.#seen.scrollHeight && clientHeight === this.#seen.clientHeight;
    const isNearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (isNearEnd) this.#follows = true;
    else if (isByHand && scrollTop < this.#seen.scrollTop) this.#follows = false;
    this.#seen = { scrollHeight, scrollTop, clientHeight };
    this.#toEnd.hidden = this.#follows;
  }

  /** Of all Reply buttons the Tab key stops at one only, the newest message's; arrows lead to the others. */
  #leaveOneReply() {
    const replies = [...this.#list.querySelectorAll(".reply")];
    const one = replies.find((reply) => reply === document.activeElement) ?? replies.at(-1);
    for (const reply of replies) reply.tabIndex = reply === one ? 0 : -1;
  }

  #moveAmongReplies(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const replies = [...this.#list.querySelectorAll(".reply")];
    const place = replies.indexOf(event.target);
    const next = replies[place + step];
    if (place < 0 || !next) return;
    event.preventDefault();
    next.focus();
    this.#leaveOneReply();
  }
}

function announce(words) {
  byId("announcements").textContent = words;
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

function lifted() {
  return new Promise((resolve) => {
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, () => setTimeout(resolve, CLICKING), { once: true });
  });
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
