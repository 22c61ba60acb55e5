/** Inline mode: what the bot offers for `@bot query` in the composer, in a strip above it. */

import { fileUrl, getInline } from "./api.js";
import { byId, h } from "./dom.js";
import { t } from "./language.js";
import { toast } from "./toasts.js";

const PAUSE = 350; // ms without a key until what is written is asked for
const NEAR_END = 200; // px of the strip, at which more is asked for
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export class Inline {
  #store;
  #does;
  #answer = null; // what is shown: results, next_offset, button
  #query = null; // what was written
  #chosen = -1;
  #timer;
  #isSending = false;
  #asked = 0; // how often, so that an answer that comes late is known as such

  /** `does`: `send({offered})` sends a result and says whether it was sent; `start(parameter)` opens the
   * private chat; `write(text)` writes in the composer.
   */
  constructor(store, does) {
    this.#store = store;
    this.#does = does;
    const text = byId("text");
    text.addEventListener("input", () => this.#read(text.value));
    text.addEventListener("keydown", (event) => this.#press(event), { capture: true });
    byId("inline-results").addEventListener("scroll", () => this.#scrolled(), { passive: true });
    store.addEventListener("view", () => this.#read(text.value, true));
  }

  #read(written, isElsewhere = false) {
    const query = this.#queryIn(written);
    if (query !== null && query === this.#query && !isElsewhere) {
      this.#tellExpanded();
      return;
    }
    this.#query = query;
    this.#asked += 1;
    clearTimeout(this.#timer);
    if (query === null) this.#hide();
    else this.#timer = setTimeout(() => this.#ask(query, ""), PAUSE);
  }

  #queryIn(written) {
    if (!this.#store.bot.supports_inline_queries) return null;
    const [, name, query] = /^@(\w+)\s(.*)$/s.exec(written) ?? [];
    return name?.toLowerCase() === this.#store.bot.username.toLowerCase() ? query.trim() : null;
  }

  async #ask(query, offset) {
    this.#asked += 1;
    const asked = this.#asked;
    byId("inline").setAttribute("aria-busy", "true");
    const { chatId, speakerId } = this.#store;
    const answer = await getInline(chatId, speakerId, query, offset).catch((error) => {
      if (asked === this.#asked) toast(error.message);
      return null;
    });
    if (asked !== this.#asked) return;
    byId("inline").removeAttribute("aria-busy");
    if (!answer) this.#hide();
    else this.#show(offset ? { ...answer, results: [...this.#answer.results, ...answer.results] } : answer, Boolean(offset));
  }

  #show(answer, isMore) {
    this.#answer = answer;
    const { results, button } = answer;
    byId("inline").hidden = results.length === 0 && !button;
    byId("inline-button").hidden = !button;
    byId("inline-button").textContent = button?.text ?? "";
    byId("inline-button").onclick = () => {
      this.#does.write("");
      this.#does.start(button.start_parameter);
    };
    byId("inline-results").hidden = results.length === 0;
    byId("inline-results").replaceChildren(...results.map((result, place) => this.#option(result, place)));
    this.#choose(isMore ? this.#chosen : Math.min(0, results.length - 1));
    if (!isMore) byId("inline-results").scrollLeft = 0;
    this.#tellExpanded();
  }

  #option(result, place) {
    const name = result.title ?? result.caption ?? t("Photo");
    const file = Object.entries(result).find(([field]) => field.endsWith("_file_id"))?.[1];
    const shown = file ? h("img", { src: fileUrl(file), alt: "" }) : h("span", { class: "words" }, h("b", {}, name), result.description);
    return h("li", { role: "option", id: `inline-${place}`, "aria-label": name, title: name, onclick: () => this.#take(result) }, shown);
  }

  #press(event) {
    if (!this.#isOffering) return;
    const count = this.#answer.results.length;
    if (event.key in STEPS && (!event.key.match(/Left|Right/) || this.#isAtEnd)) {
      event.preventDefault();
      this.#choose((this.#chosen + STEPS[event.key] + count) % count);
      this.#scrolled();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#take(this.#answer.results[this.#chosen]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.#hide();
    }
  }

  get #isOffering() {
    return !byId("inline").hidden && this.#answer?.results.length > 0;
  }

  /** Where there is nothing left to go through in the text, arrows to the sides go through the strip. */
  get #isAtEnd() {
    const { selectionStart, selectionEnd, value } = byId("text");
    return selectionStart === value.length && selectionEnd === value.length;
  }

  #choose(place) {
    this.#chosen = place;
    for (const [other, option] of [...byId("inline-results").children].entries()) {
      option.setAttribute("aria-selected", String(other === place));
      if (other === place) option.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    if (place >= 0) byId("text").setAttribute("aria-activedescendant", `inline-${place}`);
  }

  #scrolled() {
    const { scrollWidth, scrollLeft, clientWidth } = byId("inline-results");
    const isNearEnd = scrollWidth - scrollLeft - clientWidth < NEAR_END;
    const isBusy = byId("inline").hasAttribute("aria-busy");
    if (isNearEnd && !isBusy && this.#answer?.next_offset) this.#ask(this.#query, this.#answer.next_offset);
  }

  async #take(result) {
    if (this.#isSending) return;
    this.#isSending = true;
    if (await this.#does.send({ offered: result })) this.#does.write("");
    this.#isSending = false;
  }

  /** The list of commands takes itself for the only one: told after it. */
  #tellExpanded() {
    const isOpen = this.#isOffering;
    byId("text").setAttribute("aria-expanded", String(isOpen));
    byId("text").setAttribute("aria-controls", isOpen ? "inline-results" : "commands");
    if (isOpen) byId("text").setAttribute("aria-activedescendant", `inline-${this.#chosen}`);
  }

  #hide() {
    if (byId("inline").hidden && !this.#answer) return;
    byId("inline").hidden = true;
    byId("inline").removeAttribute("aria-busy");
    this.#answer = null;
    byId("text").removeAttribute("aria-activedescendant");
    this.#tellExpanded();
  }
}
