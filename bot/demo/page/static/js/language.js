/** What the page says, in English and Russian. The English sentence is its own key. */

import { russian } from "./russian.js";

const KEPT = "stylegram.language";
export const LANGUAGES = { en: "English", ru: "Русский" };

let language = localStorage.getItem(KEPT) ?? (navigator.language.startsWith("ru") ? "ru" : "en");

export const current = () => language;

export function choose(code) {
  language = code;
  localStorage.setItem(KEPT, code);
}

/** The sentence in the chosen language, with {names} filled in. */
export function t(sentence, values = {}) {
  const said = (language === "ru" && russian[sentence]) || sentence;
  return said.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const FROM_RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Somebody's name as it may stand in a text, which it must not turn round: as `shown_name` of the bot's. */
export function shownName(name) {
  const unmarked = name.replace(MARKS, "");
  return unmarked !== name || FROM_RIGHT.test(name) ? `\u2068${unmarked || "…"}\u2069` : name;
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

/** The time of day, by a clock of as many hours as the browser's locale has, whatever language the page speaks. */
export function time(seconds) {
  const { hourCycle } = new Intl.DateTimeFormat(navigator.language, { hour: "numeric" }).resolvedOptions();
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle }).format(seconds * 1000);
}

export const day = (seconds) =>
  new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(seconds * 1000);

export function megabytes(bytes) {
  const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
  const amount = Math.max(bytes / (bytes < 1e6 ? 1e3 : 1e6), 0.1);
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(amount);
}
