/** A picture at its largest, and a slider between the photo and its painting. */

import { fileUrl } from "./api.js";
import { byId, h, icon } from "./dom.js";
import { t } from "./language.js";

/** Show `picture`, a PhotoSize or Animation; over `before`, the file id of the photo, if it was painted from one. */
export function openViewer(picture, before) {
  const viewer = byId("viewer");
  const close = t("Close");
  const painted = h("img", { class: "after", src: fileUrl(picture.file_id), alt: before ? t("After") : t("Photo") });
  const stage = h("div", { class: "stage" }, painted);
  viewer.replaceChildren(
    h(
      "header",
      {},
      h("a", { class: "plain", href: fileUrl(picture.file_id, "stylegram.jpg"), download: "stylegram.jpg", "aria-label": t("Save"), title: t("Save") }, icon("save")),
      h("button", { type: "button", class: "plain", "aria-label": close, title: close, onclick: () => viewer.close() }, icon("close")),
    ),
    stage,
  );
  fit(stage, picture.width, picture.height);
  if (before) addSlider(stage, before);
  viewer.onclick = ({ target }) => target === viewer && viewer.close();
  viewer.setAttribute("aria-label", before ? t("Before and after") : t("Photo"));
  viewer.showModal();
}

/** As large as the window allows, and no larger than three times its own size. */
function fit(stage, width, height) {
  stage.style.aspectRatio = `${width} / ${height}`;
  stage.style.setProperty("--ratio", width / height);
  stage.style.setProperty("--widest", `${3 * width}px`);
}

function addSlider(stage, before) {
  const slider = h("input", { type: "range", min: 0, max: 100, value: 50, "aria-label": t("How much of the painting to show") });
  const show = () => stage.style.setProperty("--shown", `${slider.value}%`);
  const follow = ({ clientX, buttons }) => {
    const { left, width } = stage.getBoundingClientRect();
    if (buttons === 0) return;
    slider.value = (100 * (clientX - left)) / width;
    show();
  };
  slider.addEventListener("input", show);
  stage.classList.add("compared");
  stage.prepend(h("img", { class: "before", src: fileUrl(before), alt: t("Before") }));
  stage.append(h("span", { class: "edge", "aria-hidden": "true" }, icon("compare")));
  stage.append(h("span", { class: "label left", "aria-hidden": "true" }, t("Before")), h("span", { class: "label right", "aria-hidden": "true" }, t("After")));
  stage.append(slider);
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
    slider.focus();
    follow(event);
  });
  stage.addEventListener("pointermove", follow);
  show();
}
