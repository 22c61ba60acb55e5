/** A picture at its largest, or the photo and its painting under a slider. */

import { moving } from "./animation.js";
import { fileUrl } from "./api.js";
import { comparison } from "./comparison.js";
import { byId, h, icon } from "./dom.js";
import { t } from "./language.js";

/** Show `picture`, a PhotoSize or Animation; over `before`, the file id of the photo, if it was painted from one. */
export function openViewer(picture, before) {
  const viewer = byId("viewer");
  const close = t("Close");
  const url = fileUrl(picture.file_id);
  const { width, height, mime_type: kind, file_name: name = "stylegram.jpg" } = picture; // photos have neither
  const isMoving = Boolean(kind);
  const stage = before ? comparison(fileUrl(before), url, { width, height }) : h("div", { class: "stage" }, isMoving ? moving(picture) : h("img", { src: url, alt: t("Photo") }));
  viewer.replaceChildren(
    h(
      "header",
      {},
      h("a", { class: "plain", href: fileUrl(picture.file_id, name), download: name, "aria-label": t("Save"), title: t("Save") }, icon("save")),
      h("button", { type: "button", class: "plain", "aria-label": close, title: close, onclick: () => viewer.close() }, icon("close")),
    ),
    stage,
  );
  fit(stage, width, height);
  viewer.onclick = ({ target }) => target === viewer && viewer.close();
  viewer.setAttribute("aria-label", before ? t("Before and after") : t(isMoving ? "Animation" : "Photo"));
  viewer.showModal();
}

/** As large as the window allows, and no larger than three times its own size. */
function fit(stage, width, height) {
  stage.style.aspectRatio = `${width} / ${height}`;
  stage.style.setProperty("--ratio", width / height);
  stage.style.setProperty("--widest", `${3 * width}px`);
}
