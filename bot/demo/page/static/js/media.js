/** Pictures, files and stickers as they stand in messages. */

import { animation } from "./animation.js";
import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { megabytes, t } from "./language.js";

const NARROWEST = 0.7; // width by height, of a cell of an album
const WIDEST = 1.6;

/** Of those that move there is no picture a page could show: their emoji stands for them. */
export function sticker({ file_id, is_animated, is_video, emoji, width, height }) {
  if (is_animated || is_video) return h("p", { class: "emoji" }, emoji);
  return h("img", { class: "sticker", src: fileUrl(file_id), alt: t("Sticker"), width, height });
}

export const pictureOf = (message) => message.photo?.at(-1) ?? message.animation;

/** What the messages of one item show: photos and animations as one album, files below each other. */
export function media(messages, does) {
  const pictures = messages.filter(pictureOf);
  const files = messages.filter((message) => message.document && !message.animation);
  return [
    pictures.length > 0 && album(pictures, does),
    ...files.map(file),
  ];
}

/** Cells have the shape of the pictures: those of a duel are all alike, and none should lose its edges. */
function album(pictures, does) {
  const ratios = pictures.map(pictureOf).map(({ width, height }) => width / height || 1);
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const shape = ratios[0] > 1 ? "wide" : "tall";
  const shown = h("div", { class: `pictures count-${Math.min(pictures.length, 4)} ${shape}` }, pictures.map((one) => picture(one, does)));
  shown.style.setProperty("--cell", Math.min(Math.max(mean, NARROWEST), WIDEST));
  return shown;
}

function picture(message, does) {
  if (message.animation && !does.isCovered(message)) return animation(message, does);
  const shown = pictureOf(message);
  const url = fileUrl(shown.file_id);
  const isCovered = does.isCovered(message);
  const label = isCovered ? t("Show the hidden picture") : t("Open the picture large");
  const open = () => (isCovered ? does.uncover(message) : does.openPicture(message));
  return h(
    "div",
    { class: isCovered ? "picture covered" : "picture" },
    h(
      "button",
      { type: "button", "data-key": `picture${message.message_id}`, "aria-label": label, onclick: open },
      h("img", { class: isCovered && "hidden-picture", src: url, alt: isCovered ? "" : t("Photo"), width: shown.width, height: shown.height }),
      isCovered && h("span", { class: "cover", "aria-hidden": "true" }, icon("eye")),
    ),
    !isCovered &&
      does.canCompare(message) &&
      h(
        "button",
        { type: "button", class: "chip", "data-key": "compare", onclick: () => does.compare(message) },
        icon("compare"),
        t("Before and after"),
      ),
  );
}

function file(message) {
  const { document: sent } = message;
  const url = fileUrl(sent.file_id, sent.file_name ?? "file");
  return h(
    "a",
    { class: "file", href: url, download: sent.file_name ?? "file", "data-key": "file" },
    sent.thumbnail ? h("img", { src: fileUrl(sent.thumbnail.file_id), alt: "" }) : icon("file"),
    h("span", {}, h("b", {}, sent.file_name ?? t("File")), h("span", {}, megabytes(sent.file_size))),
  );
}
