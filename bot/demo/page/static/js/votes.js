/** What the person who speaks has chosen in polls, and what everybody has. */

import * as api from "./api.js";
import { t } from "./language.js";
import { correctOptions } from "./poll.js";
import { toast } from "./toasts.js";

export class Votes {
  #store;
  #onChange;
  #chosen = new Map(); // by person and message: the options that are chosen and have yet to be sent
  #sending = new Set(); // by person and message

  /** `onChange(message)` is called when a poll looks different to the one who speaks. */
  constructor(store, onChange) {
    this.#store = store;
    this.#onChange = onChange;
  }

  /** As a poll is drawn: the speaker's `own` options, those `chosen` until they are sent, the names of all `voters`,
   * and of the `votersOf` an option.
   */
  ballotOf(message) {
    const { people, speakerId } = this.#store;
    const votes = Object.entries(message.votes ?? {}).filter(([, options]) => options.length > 0);
    const names = (some) => some.map(([id]) => people.get(Number(id))?.first_name).filter(Boolean);
    return {
      own: message.votes?.[speakerId] ?? [],
      chosen: this.#chosen.get(this.#key(message)) ?? new Set(),
      isSending: this.#sending.has(this.#key(message)),
      voters: names(votes),
      votersOf: (option) => names(votes.filter(([, options]) => options.includes(option))),
    };
  }

  /** Choose one of several, or no longer. */
  choose(message, option) {
    if (this.#sending.has(this.#key(message))) return;
    const chosen = new Set(this.ballotOf(message).chosen);
    if (!chosen.delete(option)) chosen.add(option);
    this.#chosen.set(this.#key(message), chosen);
    this.#onChange(message);
  }

  async vote(message, options) {
    const key = this.#key(message);
    if (this.#sending.has(key)) return;
    const { chatId, speakerId } = this.#store;
    this.#sending.add(key);
    this.#chosen.set(key, new Set(options));
    this.#onChange(message);
    try {
      await api.vote(message.chat.id, message.message_id, speakerId, options);
      this.#chosen.delete(key);
    } catch (error) {
      if (!message.poll.allows_multiple_answers) this.#chosen.delete(key);
      if (this.#store.chatId === chatId && this.#store.speakerId === speakerId) toast(error.message);
    }
    this.#sending.delete(key);
    this.#onChange(message);
  }

  retract(message) {
    return this.vote(message, []);
  }

  /** In words, what has become of a poll since `before`: null for what is nothing to say. */
  news(before, message) {
    if (!message.poll || !before?.poll) return null;
    const own = message.votes?.[this.#store.speakerId] ?? [];
    const justVoted = own.length > 0 && !(before.votes?.[this.#store.speakerId]?.length > 0);
    const { explanation, question, is_closed: isClosed } = message.poll;
    const correct = correctOptions(message.poll);
    if (isClosed && !before.poll.is_closed) return `${t("Final results")}: ${question}`;
    if (!justVoted) return null;
    if (correct.length === 0) return t("Your vote is counted.");
    return [own.every((option) => correct.includes(option)) ? t("That is right!") : t("That is wrong."), explanation].filter(Boolean).join(" ");
  }

  #key(message) {
    return `${this.#store.speakerId} ${message.chat.id}/${message.message_id}`;
  }
}
