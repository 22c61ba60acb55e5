/** What stands in a private chat where nothing was said yet: what comes out of it, and how to begin. */

import { comparison } from "./comparison.js";
import { byId, h } from "./dom.js";
import { t } from "./language.js";

/** Painted by this very bot: the sample photo, and the painting of its gallery. */
const PAIR = {
  photo: "palace",
  title: "The Great Wave off Kanagawa",
  caption: "In the style of Hokusai’s Great Wave",
  before: "/static/showcase/before.jpg",
  after: "/static/showcase/after.jpg",
  width: 640,
  height: 427,
};
const PATIENCE = 30_000; // ms until the gallery should have come
const TO_SEE = 900; // ms in which one sees what is about to be tapped

export class Arrival {
  #store;
  #does;

  /** `does` is what can be done here: send, a message like one that was written, and sendSample, by its name. */
  constructor(store, does) {
    this.#store = store;
    this.#does = does;
    for (const kind of ["world", "view"]) store.addEventListener(kind, () => this.#draw());
    store.addEventListener("message", () => !this.isShown && this.#draw());
  }

  /** In a group the bot says by itself how to begin. */
  get isShown() {
    return this.#store.chat.type === "private" && this.#store.chat.messages.size === 0;
  }

  #draw() {
    const empty = byId("empty");
    empty.hidden = !this.isShown;
    byId("chat").classList.toggle("arrived", this.isShown);
    if (!this.isShown) return;
    const stage = comparison(PAIR.before, PAIR.after, PAIR);
    empty.style.setProperty("--pair", PAIR.width / PAIR.height);
    stage.classList.add("by-itself");
    empty.replaceChildren(
      h("figure", {}, stage, h("figcaption", {}, t(PAIR.caption))),
      h(
        "div",
        { class: "words" },
        h("h3", {}, t("Your photo, as a painting")),
        h("p", {}, t("Send a photo, tap a painting, choose how strong: three taps.")),
        h(
          "div",
          { class: "ways" },
          h("button", { type: "button", class: "start", onclick: ({ currentTarget }) => this.#try(currentTarget) }, t("Try this one")),
          h("button", { type: "button", class: "start quiet", onclick: () => this.#does.send({ text: "/start" }) }, t("Start")),
        ),
      ),
    );
  }

  /** As a person would: send the photo, and in the gallery that comes tap the painting. */
  async #try(button) {
    const { chat } = this.#store;
    button.setAttribute("aria-busy", "true");
    const looking = new AbortController();
    const coming = this.#gallery(chat, looking);
    if (!(await this.#does.sendSample(PAIR.photo))) {
      looking.abort();
      button.removeAttribute("aria-busy");
      return;
    }
    const found = await coming;
    if (!found) return;
    await new Promise((resolve) => setTimeout(resolve, 100)); // it is being drawn
    const shown = document.querySelector(`#m${found.message_id} [data-answer="${CSS.escape(found.data)}"]`);
    shown?.classList.add("about-to-be-tapped");
    await new Promise((resolve) => setTimeout(resolve, TO_SEE));
    shown?.classList.remove("about-to-be-tapped");
    if (this.#store.chat === chat && shown?.isConnected) shown.click();
  }

  /** The message that asks for a style, and what the painting's button sends; null if none comes. */
  #gallery(chat, looking) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => looking.abort(), PATIENCE);
      const look = ({ detail: { chat: where, message } }) => {
        const data = where === chat && message.from.is_bot && dataOf(message);
        if (!data) return;
        resolve({ message_id: message.message_id, data });
        looking.abort();
      };
      looking.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve(null); // unless it was found
      });
      this.#store.addEventListener("message", look, { signal: looking.signal });
    });
  }
}

/** The caption says which number the painting has, and the button has the number. */
function dataOf(message) {
  const line = (message.caption ?? message.text ?? "").split("\n").find((one) => one.includes(t(PAIR.title)));
  const number = line?.match(/^\s*(\d+)/)?.[1];
  const buttons = (message.reply_markup?.inline_keyboard ?? []).flat();
  return buttons.find((button) => button.text === number)?.callback_data ?? null;
}
