/** Pictures waiting to be sent: chosen, dropped or pasted. */

import { byId, h, icon } from "./dom.js";
import { t } from "./language.js";
import { toast } from "./toasts.js";

const MOST = 10;

const isTicked = (id) => byId(id)?.checked ?? false;

export class Attachments {
  files = [];
  #refused = new Set();
  #dragged = 0; // how many elements the dragged thing is over, one within another

  constructor() {
    byId("attach").addEventListener("click", () => byId("picker").click());
    byId("picker").addEventListener("change", ({ target }) => {
      this.add([...target.files]);
      target.value = "";
    });
    document.addEventListener("paste", (event) => {
      const pasted = [...event.clipboardData.files];
      if (pasted.length > 0) event.preventDefault();
      this.add(pasted);
    });
    const isFiles = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragenter", (event) => isFiles(event) && this.#drag(1));
    document.addEventListener("dragleave", (event) => isFiles(event) && this.#drag(-1));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault(); // else the browser would leave the page for the picture
      this.#drag(-this.#dragged);
      this.add([...event.dataTransfer.files]);
    });
  }

  get asFiles() {
    return isTicked("as-files");
  }

  /** Only photos can be covered. */
  get spoiler() {
    return !this.asFiles && isTicked("spoiler");
  }

  add(files) {
    if (files.length === 0) return;
    if (this.files.length + files.length > MOST) toast(t("An album holds at most ten pictures."));
    this.files = [...this.files, ...files].slice(0, MOST);
    this.#draw();
    byId("text").focus();
  }

  clear() {
    this.files = [];
    this.#refused.clear();
    for (const id of ["as-files", "spoiler"]) if (byId(id)) byId(id).checked = false;
    this.#draw();
  }

  /** Mark a file that cannot be sent as it is. It stays in sight, and holds up nothing else. */
  refuse(file) {
    this.#refused.add(file);
    this.#draw();
  }

  /** Those that can be sent: as files, all. */
  get sendable() {
    return this.files.filter((file) => !this.#refused.has(file));
  }

  #drag(change) {
    this.#dragged += change;
    byId("drop").hidden = this.#dragged <= 0;
  }

  #draw() {
    const strip = byId("attached");
    const { asFiles } = this;
    const spoiler = isTicked("spoiler");
    for (const image of strip.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    strip.hidden = this.files.length === 0;
    strip.replaceChildren(
      h("ul", {}, this.files.map((file) => this.#thumbnail(file))),
      h("label", {}, h("input", { type: "checkbox", id: "as-files", onchange: () => this.#tryAgain() }), t("As files, in full quality")),
      h("label", { hidden: asFiles }, h("input", { type: "checkbox", id: "spoiler" }), t("Under a spoiler")),
    );
    byId("as-files").checked = asFiles;
    byId("spoiler").checked = spoiler;
  }

  /** What is refused as a photo may do as a file, and the other way round. */
  #tryAgain() {
    this.#refused.clear();
    this.#draw();
    byId("as-files").focus();
  }

  #thumbnail(file) {
    const isRefused = this.#refused.has(file);
    const showName = ({ target }) => target.replaceWith(h("span", {}, file.name)); // there is nothing to be seen of it
    const remove = t("Remove {name}", { name: file.name });
    const drop = () => {
      this.files = this.files.filter((other) => other !== file);
      this.#draw();
      byId("text").focus();
    };
    return h(
      "li",
      { class: isRefused && "refused", title: isRefused && t("{name} cannot be sent this way", { name: file.name }) },
      file.type.startsWith("image/") ? h("img", { src: URL.createObjectURL(file), alt: file.name, onerror: showName }) : h("span", {}, file.name),
      h("button", { type: "button", class: "plain", "aria-label": remove, title: remove, onclick: drop }, icon("close")),
    );
  }
}
