/** Which pictures were painted from which photos. The server knows, a moment after a result is seen. */

import { getBefore } from "./api.js";

const TRIES = [0, 500, 2500]; // ms between asking and asking again

export class Comparisons {
  #photos = new Map(); // by the picture's file id: its photo's, or null while nothing is known
  #store;
  #onFound;

  /** `onFound(message)` is called when the photo behind a message's picture is known. */
  constructor(store, onFound) {
    this.#store = store;
    this.#onFound = onFound;
  }

  /** The file id of the photo, or null; asks for it if that was not done yet. */
  before(message) {
    const picture = message.photo?.at(-1).file_id;
    if (!picture || !message.from.is_bot) return null;
    if (!this.#photos.has(picture)) this.#ask(picture, message);
    return this.#photos.get(picture);
  }

  /** A question's picture may still be there when the question has become a painting, of which it is none. */
  #saysOtherwise({ chat, message_id: id, caption }) {
    return this.#store.chats.get(chat.id)?.messages.get(id)?.caption !== caption;
  }

  async #ask(picture, message) {
    this.#photos.set(picture, null);
    for (const wait of TRIES) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (this.#saysOtherwise(message)) return;
      const photo = await getBefore(message.chat.id, message.message_id).catch(() => null);
      if (!photo) continue; // a picture on its way, a question, or a result that the bot has yet to put away
      this.#photos.set(picture, photo);
      this.#onFound(message);
      return;
    }
  }
}
