/** Where messages are written: text, attached pictures, and what they reply to. */

import { byId, h, icon } from "./dom.js";
import { t } from "./language.js";
import { summary } from "./message.js";
import { toast } from "./toasts.js";

export class Composer {
  #store;
  #onSend;
  #attachments;
  #replyTo = null;
  #sending = false;

  /** `onSend` posts a message and rejects if that failed: then all that was written stays. */
  constructor(store, attachments, onSend) {
    this.#store = store;
    this.#attachments = attachments;
    this.#onSend = onSend;
    store.addEventListener("view", () => this.reply(null));
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    byId("text").addEventListener("input", () => this.#fit());
    byId("text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.defaultPrevented) {
        event.preventDefault();
        this.#send();
      }
      if (event.key === "Escape" && !event.defaultPrevented) this.reply(null);
    });
  }

  /** What the next message replies to; null for nothing. */
  reply(message) {
    this.#replyTo = message;
    byId("replying").hidden = !message;
    if (!message) return;
    const stop = t("Cancel the reply");
    byId("replying").replaceChildren(
      icon("reply"),
      h(
        "p",
        {},
        h("b", {}, t("Replying to {name}", { name: this.#store.nameOf(message.from) })),
        h("span", {}, summary(message).split("\n")[0]),
      ),
      h("button", { type: "button", class: "plain", "aria-label": stop, title: stop, onclick: () => this.reply(null) }, icon("close")),
    );
    byId("text").focus();
  }

  write(text) {
    byId("text").value = text;
    byId("text").dispatchEvent(new Event("input"));
    byId("text").focus();
  }

  /** Send something that was not written here, a sample or a command, as a reply if one was begun; say whether it was sent. */
  async sendInstead(what) {
    const sent = await this.#onSend({ replyTo: this.#replyTo?.message_id, ...what });
    if (sent) this.reply(null);
    return sent;
  }

  async #send() {
    const text = byId("text").value.trim();
    const { sendable: files, asFiles, spoiler } = this.#attachments;
    if (this.#sending) return;
    if (!text && files.length === 0) {
      const [refused] = this.#attachments.files;
      if (refused) toast(t("{name} cannot be sent this way", { name: refused.name }));
      return;
    }
    this.#sending = true;
    byId("send").setAttribute("aria-busy", "true");
    const sent = await this.#onSend({ text, files, sentAs: asFiles ? "file" : "photo", spoiler, replyTo: this.#replyTo?.message_id });
    this.#sending = false;
    byId("send").removeAttribute("aria-busy");
    if (!sent) return;
    byId("text").value = "";
    byId("text").dispatchEvent(new Event("input")); // else what was offered for these words would stay, or come
    this.#attachments.clear();
    this.reply(null);
  }

  #fit() {
    const text = byId("text");
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  }
}
