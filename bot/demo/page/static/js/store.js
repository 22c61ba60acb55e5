/** What the page knows: the world as the server has it, and which of it is looked at. */

/** Events: "world" (all of it is new), "view" (another chat or speaker), and, with details,
 * "message" {chat, message, before}, "deleted" {chat, message}, "action" {chat, action}, "answered".
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
    return this.people.get(sender.id)?.first_name ?? sender.first_name;
  }

  /** Something happened at the server. */
  apply({ number, kind, chat_id: chatId, data }) {
    this.event = number;
    const chat = this.chats.get(chatId);
    if (!chat) return;
    if (kind === "message" || kind === "edited") this.#keep(chat, data, kind === "message");
    if (kind === "deleted" && chat.messages.delete(data.message_id)) {
      this.#tell("deleted", { chat, message: data.message_id });
    }
    if (kind === "action") this.#tell("action", { chat, action: data.action });
    if (kind === "answered") this.#tell("answered", data);
    if (kind === "chat") {
      Object.assign(chat, data);
      this.#tell("world");
    }
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
