/** Taps on inline buttons, and the answers to them. */

import * as api from "./api.js";
import { t } from "./language.js";
import { alertBox, toast } from "./toasts.js";

const PATIENCE = 20_000; // ms until a tap counts as unanswered

export class Taps {
  #store;
  #onStart;
  #waiting = new Map(); // by the query's id: which buttons, and the timer that gives up

  /** `onStart(parameter)` is called for a link that opens the speaker's own chat with the bot. */
  constructor(store, onStart) {
    this.#store = store;
    this.#onStart = onStart;
    store.addEventListener("answered", ({ detail }) => this.#answered(detail));
  }

  async tap(message, button, element) {
    if (button.url) {
      this.#follow(button.url);
      return;
    }
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    const key = element.dataset.answer;
    try {
      const { callback_query_id: query } = await api.tap(message.chat.id, message.message_id, this.#store.speakerId, button.callback_data);
      this.#waiting.set(query, { key, timer: setTimeout(() => this.#giveUp(query), PATIENCE) });
      if (this.#early.has(query)) this.#answered(this.#early.get(query));
    } catch (error) {
      rest(key);
      toast(error.message);
    }
  }

  #early = new Map(); // answers that overtook the tap's own

  #answered(answer) {
    const query = answer.callback_query_id;
    if (!this.#waiting.has(query)) {
      this.#early.set(query, answer);
      return;
    }
    this.#early.delete(query);
    this.#end(query);
    if (answer.text) (answer.show_alert ? alertBox : toast)(answer.text);
  }

  #giveUp(query) {
    this.#end(query);
    toast(t("The bot did not answer this tap."));
  }

  #end(query) {
    const { key, timer } = this.#waiting.get(query);
    clearTimeout(timer);
    this.#waiting.delete(query);
    rest(key);
  }

  #follow(url) {
    const { hostname, pathname, searchParams } = new URL(url);
    if (hostname === "t.me" && pathname === `/${this.#store.bot.username}`) this.#onStart(searchParams.get("start"));
    else if (/^https?:/.test(url)) window.open(url, "_blank", "noopener");
  }
}

function rest(key) {
  for (const button of document.querySelectorAll(`[data-answer="${CSS.escape(key)}"]`)) button.removeAttribute("aria-busy");
}
