/** Pictures waiting to be sent: chosen, dropped or pasted. */

import { byId, h, icon } from "./dom.js";
import { t } from "./language.js";
import { toast } from "./toasts.js";

const MOST = 10;

export class Attachments {
  files = [];
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
    return byId("as-files")?.checked ?? false;
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
    this.#draw();
  }

  #drag(change) {
    this.#dragged += change;
    byId("drop").hidden = this.#dragged <= 0;
  }

  #draw() {
    const strip = byId("attached");
    const { asFiles } = this;
    for (const image of strip.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    strip.hidden = this.files.length === 0;
    strip.replaceChildren(
      h("ul", {}, this.files.map((file) => this.#thumbnail(file))),
      h("label", {}, h("input", { type: "checkbox", id: "as-files" }), t("As files, in full quality")),
    );
    byId("as-files").checked = asFiles;
  }

  #thumbnail(file) {
    const remove = t("Remove {name}", { name: file.name });
    const drop = () => {
      this.files = this.files.filter((other) => other !== file);
      this.#draw();
      byId("text").focus();
    };
    return h(
      "li",
      {},
      file.type.startsWith("image/") ? h("img", { src: URL.createObjectURL(file), alt: file.name }) : h("span", {}, file.name),
      h("button", { type: "button", class: "plain", "aria-label": remove, title: remove, onclick: drop }, icon("close")),
    );
  }
}
