/** Bundled pictures, each sent with one tap. */

import { getPicture } from "./api.js";
import { byId, h } from "./dom.js";
import { t } from "./language.js";
import { toast } from "./toasts.js";

const NAMES = {
  astronaut: "astronaut",
  cat: "cat",
  palace: "Summer Palace",
  "van-gogh-auvers": "van Gogh, Auvers",
  "degas-dancers": "Degas, dancers",
  "cat-sticker": "cat, a sticker",
};
const ROLES = { content: "Photos", style: "Paintings", sticker: "Stickers" };

export class Samples {
  #store;
  #onSend;

  /** `onSend` posts a message like one that was written, and tells whether it was sent. */
  constructor(store, onSend) {
    this.#store = store;
    this.#onSend = onSend;
    store.addEventListener("world", () => this.#draw());
    store.addEventListener("view", () => this.#offer());
    store.addEventListener("message", ({ detail }) => {
      const { chat, message, before } = detail;
      if (chat === store.chat && (message.reply_markup || message.poll) && !before) this.#show(false); // it asks for a tap
    });
    byId("show-samples").addEventListener("click", () => this.#show(byId("samples").hidden));
    byId("text").addEventListener("input", ({ target }) => target.value.startsWith("@") && this.#show(false)); // there is another strip
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
    this.#offer();
  }

  /** Until somebody says something, they are in sight. */
  #offer() {
    const { chat, people } = this.#store;
    const spoken = [...chat.messages.values()].some(({ from, ...said }) => people.has(from.id) && !said.new_chat_members);
    if (!spoken) this.#show(true);
  }

  #ofRole(role) {
    return this.#store.samples
      .filter((sample) => sample.role === role)
      .map((sample) => {
        const name = t(NAMES[sample.name] ?? sample.name);
        const label = t("Send this sample: {name}", { name });
        return h("button", { type: "button", title: name, "aria-label": label, onclick: () => this.send(sample.name) }, h("img", { src: sample.url, alt: "" }));
      });
  }

  /** Whether it was sent; if not, why not is said. */
  async send(name) {
    const { url, role } = this.#store.samples.find((sample) => sample.name === name);
    try {
      const data = await getPicture(url);
      const file = new File([data], url.split("/").at(-1), { type: data.type });
      return await this.#onSend({ files: [file], sentAs: role === "sticker" ? "sticker" : "photo" });
    } catch (error) {
      toast(error.message);
      return false;
    }
  }

  #show(isShown) {
    byId("samples").hidden = !isShown;
    byId("show-samples").setAttribute("aria-expanded", String(isShown));
  }
}
