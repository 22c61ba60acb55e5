/** What the page knows: the world as the server has it, and which of it is looked at. */

import { shownName } from "./language.js";

/** Events: "world" (all of it is new), "view" (another chat or speaker), and, with details,
 * "message" {chat, message, before}, "deleted" {chat, message}, "action" {chat, action}, "answered".
 * Of "message" and "deleted", `message` is the message itself, and `before` its last version.
 */
export class Store extends EventTarget {
  chats = new Map(); // by id; of each, `messages` by id and `unread`, a count
  people = new Map();
  bot = null;
  samples = [];
  world = null;
  event = 0;
  chatId = null;
  speakerId = null;

  get chat() {
    return this.chats.get(this.chatId);
  }

  get speaker() {
    return this.people.get(this.speakerId);
  }

  /** Takes the whole world in. The chat and the speaker stay, if they are still there. */
  load(world) {
    const unread = new Map([...this.chats].map(([id, chat]) => [id, chat.unread]));
    this.world = world.world;
    this.event = world.event;
    this.bot = world.bot;
    this.samples = world.samples;
    this.people = new Map(world.people.map((person) => [person.id, person]));
    this.chats = new Map(world.chats.map((chat) => [chat.id, withMessages(chat, unread.get(chat.id))]));
    if (!this.speaker) this.speakerId = world.people[0].id;
    if (!this.chat) this.chatId = this.privateChatOf(this.speakerId).id;
    this.#tell("world");
  }

  /** A private chat is its owner's: to open it is to speak as that person. */
  open(chatId) {
    this.chatId = chatId;
    this.chat.unread = 0;
    if (!this.chat.members.includes(this.speakerId)) this.speakerId = this.chat.members[0];
    this.#tell("view");
  }

  /** Somebody else speaks: here if they may, else in their own chat with the bot. */
  speakAs(personId) {
    this.speakerId = personId;
    if (this.chat.members.includes(personId)) this.#tell("view");
    else this.open(this.privateChatOf(personId).id);
  }

  privateChatOf(personId) {
    return [...this.chats.values()].find((chat) => chat.type === "private" && chat.members[0] === personId);
  }

  nameOf(sender) {
    return shownName(this.people.get(sender.id)?.first_name ?? sender.first_name);
  }

  /** Something happened at the server. */
  apply({ number, kind, chat_id: chatId, data }) {
    this.event = number;
    const chat = this.chats.get(chatId);
    if (!chat) return;
    if (kind === "message") this.#keep(chat, data, true);
    if (kind === "edited" || kind === "reacted") this.#change(chat, data);
    const deleted = kind === "deleted" && chat.messages.get(data.message_id);
    if (deleted) {
      chat.messages.delete(data.message_id);
      this.#tell("deleted", { chat, message: deleted });
    }
    if (kind === "action") this.#tell("action", { chat, action: data.action });
    if (kind === "answered") this.#tell("answered", data);
    if (kind === "chat") {
      Object.assign(chat, data);
      this.#tell("world");
    }
  }

  /** With the fields that are new; reactions and votes are told apart from all else. */
  #change(chat, fields) {
    const { reaction, votes, ...before } = chat.messages.get(fields.message_id) ?? {};
    const isWhole = "date" in fields; // an edit: what it does not have is gone
    this.#keep(chat, { ...(isWhole ? {} : before), reaction, votes, ...fields }, false);
  }

  #keep(chat, message, isNew) {
    const before = chat.messages.get(message.message_id);
    chat.messages.set(message.message_id, message);
    if (isNew && chat.id !== this.chatId) chat.unread += 1;
    this.#tell("message", { chat, message, before });
  }

  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

function withMessages(chat, unread = 0) {
  return { ...chat, messages: new Map(chat.messages.map((message) => [message.message_id, message])), unread };
}
