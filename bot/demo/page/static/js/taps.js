/** Taps on inline buttons, and the answers to them. */

import * as api from "./api.js";
import { t } from "./language.js";
import { alertBox, toast } from "./toasts.js";

const PATIENCE = 20_000; // ms until a tap counts as unanswered

export class Taps {
  #store;
  #does;
  #waiting = new Map(); // by the query's id: which buttons, where it was, and the timer that gives up
  #asking = 0; // taps that the server has yet to give an id
  #early = new Map(); // answers meanwhile: one of them may have overtaken the tap's own id

  /** `does`: `start(parameter)` opens the speaker's own chat with the bot; `askInline(query, isElsewhere, isSuitable)`
   * begins an inline query, here or in another chat that is suitable.
   */
  constructor(store, does) {
    this.#store = store;
    this.#does = does;
    store.addEventListener("answered", ({ detail }) => this.#answered(detail));
  }

  async tap(message, button, element) {
    if (button.url) {
      this.#follow(button.url);
      return;
    }
    if (this.#asksInline(button)) return;
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    const key = element.dataset.answer;
    const { chatId, speakerId } = this.#store;
    this.#asking += 1;
    try {
      const { callback_query_id: query } = await api.tap(message.chat.id, message.message_id, speakerId, button.callback_data);
      this.#waiting.set(query, { key, chatId, speakerId, timer: setTimeout(() => this.#giveUp(query), PATIENCE) });
      if (this.#early.has(query)) this.#answered(this.#early.get(query));
    } catch (error) {
      rest(key);
      if (this.#isAt(chatId, speakerId)) toast(error.message);
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0) this.#early.clear();
    }
  }

  /** Whether the button begins an inline query, which it does then. */
  #asksInline({ switch_inline_query: anywhere, switch_inline_query_current_chat: here, switch_inline_query_chosen_chat: chosen }) {
    if (here !== undefined) this.#does.askInline(here, false);
    else if (anywhere !== undefined) this.#does.askInline(anywhere, true);
    else if (chosen) {
      this.#does.askInline(chosen.query ?? "", true, ({ type }) => (type === "private" ? chosen.allow_bot_chats : chosen.allow_group_chats));
    } else return false;
    return true;
  }

  /** Only what answers a tap on this page is shown here, and only where it was and while it is waited for. */
  #answered(answer) {
    const query = answer.callback_query_id;
    if (!this.#waiting.has(query)) {
      if (this.#asking > 0) this.#early.set(query, answer);
      return;
    }
    const isHere = this.#end(query);
    if (answer.text && isHere) (answer.show_alert ? alertBox : toast)(answer.text);
  }

  #giveUp(query) {
    if (this.#end(query)) toast(t("The bot did not answer this tap."));
  }

  /** Whether the one who tapped is still there. */
  #end(query) {
    const { key, chatId, speakerId, timer } = this.#waiting.get(query);
    clearTimeout(timer);
    this.#waiting.delete(query);
    rest(key);
    return this.#isAt(chatId, speakerId);
  }

  #isAt(chatId, speakerId) {
    return chatId === this.#store.chatId && speakerId === this.#store.speakerId;
  }

  #follow(url) {
    const { hostname, pathname, searchParams } = new URL(url);
    if (hostname === "t.me" && pathname === `/${this.#store.bot.username}`) this.#does.start(searchParams.get("start"));
    else if (/^https?:/.test(url)) window.open(url, "_blank", "noopener");
  }
}

function rest(key) {
  for (const button of document.querySelectorAll(`[data-answer="${CSS.escape(key)}"]`)) button.removeAttribute("aria-busy");
}
