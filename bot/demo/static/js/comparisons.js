/** Which pictures were painted from which photos. The server knows; it is asked once for each. */

import { getBefore } from "./api.js";

export class Comparisons {
  #store;
  #known = new Map(); // by chat and message: the photo's file id
  #onFound;

  /** `onFound(messageId)` is called when the photo of a message in the open chat is known. */
  constructor(store, onFound) {
    this.#store = store;
    this.#onFound = onFound;
  }

  before(message) {
    return this.#known.get(keyOf(message)) ?? null;
  }

  /** Whether it is known; asks if it is not and may be. */
  has(message) {
    if (this.before(message)) return true;
    if (message.from.is_bot && message.photo && message.reply_markup) this.#ask(message);
    return false;
  }

  async #ask(message) {
    const before = await getBefore(message.chat.id, message.message_id).catch(() => null);
    if (!before) return; // a question, or a photo of no painting
    this.#known.set(keyOf(message), before);
    if (message.chat.id === this.#store.chatId) this.#onFound(message.message_id);
  }
}

const keyOf = (message) => `${message.chat.id} ${message.message_id}`;
