/** Bundled pictures, each sent with one tap, and what to say where nothing was said yet. */

import { getPicture } from "./api.js";
import { byId, h } from "./dom.js";
import { t } from "./language.js";
import { toast } from "./toasts.js";

const NAMES = {
  astronaut: "astronaut",
  cat: "cat",
  "van-gogh-auvers": "van Gogh, Auvers",
  "degas-dancers": "Degas, dancers",
};
const ROLES = { content: "Photos", style: "Paintings" };

export class Samples {
  #store;
  #onSend;

  /** `onSend` posts a message like one that was written. */
  constructor(store, onSend) {
    this.#store = store;
    this.#onSend = onSend;
    store.addEventListener("world", () => this.#draw());
    store.addEventListener("view", () => this.#drawEmpty());
    store.addEventListener("message", ({ detail }) => {
      this.#drawEmpty();
      if (detail.chat === store.chat && detail.message.reply_markup && !detail.before) this.#show(false); // it asks for a tap
    });
    byId("show-samples").addEventListener("click", () => this.#show(byId("samples").hidden));
    byId("composer").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.#show(false);
    });
  }

  #draw() {
    byId("samples").replaceChildren(
      ...Object.entries(ROLES).map(([role, title]) =>
        h("div", { class: "role" }, h("p", {}, t(title)), h("div", { class: "shelf" }, this.#ofRole(role))),
      ),
    );
    this.#drawEmpty();
  }

  #ofRole(role) {
    return this.#store.samples
      .filter((sample) => sample.role === role)
      .map((sample) => {
        const name = t(NAMES[sample.name] ?? sample.name);
        const label = t("Send this sample: {name}", { name });
        return h("button", { type: "button", title: name, "aria-label": label, onclick: () => this.#send(sample) }, h("img", { src: sample.url, alt: "" }));
      });
  }

  async #send(sample) {
    try {
      const data = await getPicture(sample.url);
      await this.#onSend({ files: [new File([data], `${sample.name}.jpg`, { type: data.type })] });
    } catch (error) {
      toast(error.message);
    }
  }

  #show(isShown) {
    byId("samples").hidden = !isShown;
    byId("show-samples").setAttribute("aria-expanded", String(isShown));
  }

  /** A welcome, with the samples at hand, until something is said. */
  #drawEmpty() {
    const { chat } = this.#store;
    const empty = byId("empty");
    const spoken = [...chat.messages.values()].some((message) => message.text || message.photo || message.document);
    empty.hidden = spoken;
    if (spoken) return;
    const [title, words] =
      chat.type === "private"
        ? [
            "Send a photo, then a painting",
            "The bot repaints the one in the style of the other. Use pictures of your own, or tap samples: first a photo, then a painting.",
          ]
        : [
            "In a group, reply to a photo",
            "Send a photo, then reply to it with /style. The bot asks for a style: reply to its question with a picture.",
          ];
    empty.replaceChildren(
      h("img", { src: "/static/icon.svg", alt: "", width: 64, height: 64 }),
      h("h3", {}, t(title)),
      h("p", {}, t(words)),
      chat.type === "private" && h("button", { type: "button", class: "start", onclick: () => this.#onSend({ text: "/start" }) }, t("Start")),
    );
    this.#show(true);
  }
}
