/** Animations, which play where they stand, without sound, until somebody stops them. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./language.js";

const chosen = new Map(); // by file id: whether it plays, where somebody chose

/** Who wants little motion is asked first. */
const plays = (fileId) => chosen.get(fileId) ?? !matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The animation of a message: a tap opens it large, its badge stops it and lets it go on. */
export function animation(message, does) {
  const { animation: shown, message_id: id } = message;
  const picture = h("button", { type: "button", "data-key": `picture${id}`, "aria-label": t("Open the animation large"), onclick: () => does.openPicture(message) });
  const badge = h("button", { type: "button", class: "badge", "data-key": `badge${id}`, onclick: toggle });
  draw();
  return h("div", { class: "picture" }, picture, badge);

  function toggle() {
    chosen.set(shown.file_id, !plays(shown.file_id));
    draw();
  }

  function draw() {
    const isPlaying = plays(shown.file_id);
    const label = isPlaying ? t("Stop the animation") : t("Play the animation");
    picture.replaceChildren(isPlaying ? moving(shown) : still(shown));
    badge.replaceChildren(...(isPlaying ? [] : [icon("play")]), "GIF");
    badge.setAttribute("aria-label", `GIF: ${label}`);
    badge.title = label;
  }
}

/** A film as Telegram makes of animations, or a GIF, which browsers show as a picture. */
export function moving({ file_id: fileId, mime_type: kind, thumbnail, width, height }) {
  const url = fileUrl(fileId);
  const picture = h("img", { alt: t("Animation"), width, height });
  const showPicture = () => {
    picture.src = url;
    return picture;
  };
  if (!kind?.startsWith("video/")) return showPicture();
  const film = h("video", { src: url, poster: thumbnail && fileUrl(thumbnail.file_id), width, height, loop: true, playsinline: true, "aria-label": t("Animation") });
  film.muted = true; // else no browser would begin by itself
  film.autoplay = true;
  film.addEventListener("error", () => film.replaceWith(showPicture())); // it may call itself a film and be a GIF
  return film;
}

function still({ thumbnail, width, height }) {
  if (thumbnail) return h("img", { src: fileUrl(thumbnail.file_id), alt: t("Animation"), width, height });
  const empty = h("span", { class: "still" });
  empty.style.aspectRatio = `${width || 1} / ${height || 1}`;
  return empty;
}
