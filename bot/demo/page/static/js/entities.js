/** Telegram's formatted text: plain text beside a list of what is bold, a link, a command… */

import { h } from "./dom.js";
import { t } from "./language.js";

const PLAIN = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  spoiler: "mark",
  text_mention: "b",
  mention: "b",
};

/** The nodes that show `text`. Offsets count UTF-16 units, as strings here do. */
export function formatted(text, entities = [], onCommand = null) {
  return between(0, text.length, entities);

  function between(start, end, inside) {
    const nodes = [];
    let position = start;
    for (const [index, entity] of inside.entries()) {
      if (entity.offset < position) continue; // lies within the one before
      const until = Math.min(entity.offset + entity.length, end);
      const nested = inside.slice(index + 1).filter((other) => other.offset < until);
      nodes.push(...withBars(text.slice(position, entity.offset)));
      nodes.push(shown(entity, text.slice(entity.offset, until), between(entity.offset, until, nested)));
      position = until;
    }
    return [...nodes, ...withBars(text.slice(position, end))];
  }

  function shown(entity, said, children) {
    const url = entity.type === "text_link" ? entity.url : said;
    if ((entity.type === "text_link" || entity.type === "url") && /^https?:\/\//.test(url)) {
      return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
    }
    if (entity.type === "bot_command" && onCommand) {
      return h("button", { type: "button", class: "command", onclick: () => onCommand(said) }, said);
    }
    if (entity.type === "expandable_blockquote") return foldable(children);
    return h(PLAIN[entity.type] ?? "span", {}, children);
  }
}

/** A quotation of which three lines are shown until somebody wants all. */
function foldable(children) {
  const quotation = h("blockquote", { class: "folded" }, children);
  const toggle = ({ currentTarget }) => {
    const isFolded = quotation.classList.toggle("folded");
    currentTarget.setAttribute("aria-expanded", String(!isFolded));
    currentTarget.textContent = isFolded ? t("Show all") : t("Show less");
  };
  const button = h("button", { type: "button", class: "unfold", "aria-expanded": "false", onclick: toggle }, t("Show all"));
  return h("span", { class: "foldable" }, quotation, button);
}

/** Bars of blocks are for the eye: a screen reader would spell them out. */
function withBars(text) {
  return text
    .split(/([▓░]{4,})/)
    .filter(Boolean)
    .map((part) => (/^[▓░]/.test(part) ? h("span", { class: "blocks", "aria-hidden": "true" }, part) : part));
}
