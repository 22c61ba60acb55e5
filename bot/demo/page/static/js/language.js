/** What the page says, in English and Russian. The English sentence is its own key. */

import { russian } from "./russian.js";

const KEPT = "stylegram.language";
export const LANGUAGES = { en: "English", ru: "Русский" };

let language = localStorage.getItem(KEPT) ?? (navigator.language.startsWith("ru") ? "ru" : "en");

export const current = () => language;

export function choose(code) {
  language = code;
  localStorage.setItem(KEPT, code);
  translatePage();
}

/** The sentence in the chosen language, with {names} filled in. */
export function t(sentence, values = {}) {
  const said = (language === "ru" && russian[sentence]) || sentence;
  return said.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** What stands in index.html: `data-text` is shown, `data-label` names what shows no text. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.localName === "button") element.title = t(element.dataset.label);
    if (element.localName === "textarea") element.placeholder = t(element.dataset.label);
  }
}

export const time = (seconds) =>
  new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(seconds * 1000);

export const day = (seconds) =>
  new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(seconds * 1000);

export function megabytes(bytes) {
  const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
  const amount = Math.max(bytes / (bytes < 1e6 ? 1e3 : 1e6), 0.1);
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(amount);
}
