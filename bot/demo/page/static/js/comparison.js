/** A photo and its painting, one over the other, and a slider that shows more of the one or the other. */

import { h, icon } from "./dom.js";
import { t } from "./language.js";

/** The stage with both, by their addresses. It is as wide as its style says. */
export function comparison(before, after, { width, height }) {
  const slider = h("input", { type: "range", min: 0, max: 100, value: 50, "aria-label": t("How much of the painting to show") });
  const stage = h(
    "div",
    { class: "stage compared" },
    h("img", { class: "before", src: before, alt: t("Before") }),
    h("img", { class: "after", src: after, alt: t("After") }),
    h("span", { class: "edge", "aria-hidden": "true" }, icon("compare")),
    h("span", { class: "label left", "aria-hidden": "true" }, t("Before")),
    h("span", { class: "label right", "aria-hidden": "true" }, t("After")),
    slider,
  );
  stage.style.aspectRatio = `${width} / ${height}`;
  stage.style.setProperty("--ratio", width / height);
  const show = () => {
    stage.classList.remove("by-itself");
    stage.style.setProperty("--shown", `${slider.value}%`);
  };
  const follow = ({ clientX, buttons }) => {
    const { left, width: wide } = stage.getBoundingClientRect();
    if (buttons === 0) return;
    slider.value = (100 * (clientX - left)) / wide;
    show();
  };
  slider.addEventListener("input", show);
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
    slider.focus({ preventScroll: true });
    follow(event);
  });
  stage.addEventListener("pointermove", follow);
  return stage;
}
