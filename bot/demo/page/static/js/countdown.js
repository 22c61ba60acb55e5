/** The time that is left until a poll closes, as it runs. */

import { h } from "./dom.js";

const STEP = 250; // ms
const HURRY = 5; // seconds

/** Counts down to `date`, in seconds since 1970. */
export function countdown(date) {
  const shown = h("span", { class: "countdown", role: "timer", "data-until": date });
  draw(shown);
  return shown;
}

/** Keep all countdowns of the page going. */
export function startCountdowns() {
  setInterval(() => document.querySelectorAll(".countdown").forEach(draw), STEP);
}

function draw(shown) {
  const left = Math.max(0, Math.ceil(Number(shown.dataset.until) - Date.now() / 1000));
  const words = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (shown.textContent !== words) shown.textContent = words;
  shown.classList.toggle("hurry", left <= HURRY);
}
