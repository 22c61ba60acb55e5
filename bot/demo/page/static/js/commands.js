/** The bot's commands, offered after a slash. */

import { getCommands } from "./api.js";
import { byId, h } from "./dom.js";

export class Commands {
  #store;
  #onChoose;
  #all = [];
  #chosen = -1;

  constructor(store, onChoose) {
    this.#store = store;
    this.#onChoose = onChoose;
    const text = byId("text");
    text.addEventListener("input", () => this.#offer(text.value));
    text.addEventListener("blur", () => this.#hide());
    text.addEventListener("keydown", (event) => this.#press(event), { capture: true });
    // Before the field loses the focus, which would close the list.
    byId("show-commands").addEventListener("pointerdown", (event) => event.preventDefault());
    byId("show-commands").addEventListener("click", () => {
      text.focus();
      if (byId("commands").hidden) this.#offer("/");
      else this.#hide();
    });
  }

  async #offer(written) {
    if (!/^\/\w*$/.test(written)) {
      this.#hide();
      return;
    }
    if (byId("commands").hidden) {
      this.#all = await getCommands(this.#store.chatId, this.#store.speakerId).catch(() => []);
    }
    if (byId("text").value !== written && written !== "/") return; // more was written meanwhile, or it was sent
    const found = this.#all.filter(({ command }) => `/${command}`.startsWith(written));
    const options = found.map(({ command, description }, index) =>
      h(
        "li",
        { role: "option", id: `command-${index}`, "data-command": `/${command}`, onpointerdown: (event) => this.#take(event, `/${command}`) },
        h("b", {}, `/${command}`),
        h("span", {}, description),
      ),
    );
    byId("commands").replaceChildren(...options);
    byId("commands").hidden = options.length === 0;
    byId("text").setAttribute("aria-expanded", String(options.length > 0));
    this.#choose(options.length > 0 ? 0 : -1);
  }

  #press(event) {
    const options = byId("commands").children;
    if (byId("commands").hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : options.length - 1;
      event.preventDefault();
      this.#choose((this.#chosen + step) % options.length);
    } else if (event.key === "Enter" || event.key === "Tab") {
      const { command } = options[this.#chosen].dataset;
      if (byId("text").value === command) this.#hide(); // all of it was written: it is sent, or left
      else this.#take(event, command);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.#hide();
    }
  }

  #choose(index) {
    this.#chosen = index;
    for (const [place, option] of [...byId("commands").children].entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView({ block: "nearest" });
    }
    if (index >= 0) byId("text").setAttribute("aria-activedescendant", `command-${index}`);
    else byId("text").removeAttribute("aria-activedescendant");
  }

  #take(event, command) {
    event.preventDefault();
    this.#hide();
    this.#onChoose(command);
  }

  #hide() {
    byId("commands").hidden = true;
    byId("text").setAttribute("aria-expanded", "false");
    byId("text").removeAttribute("aria-activedescendant");
  }
}
