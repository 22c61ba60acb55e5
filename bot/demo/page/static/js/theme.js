/** Light or dark: as the system is, until somebody chooses. */

import { byId } from "./dom.js";

const KEPT = "stylegram.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export function startTheme() {
  apply();
  system.addEventListener("change", apply);
  byId("theme").addEventListener("click", () => {
    localStorage.setItem(KEPT, isDark() ? "light" : "dark");
    apply();
  });
}

const isDark = () => (localStorage.getItem(KEPT) ?? (system.matches ? "dark" : "light")) === "dark";

function apply() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}
