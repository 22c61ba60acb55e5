/** What one message looks like, or the messages of one album together. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { shownName, t, time } from "./language.js";
import { media, pictureOf, sticker } from "./media.js";
import { pollPart } from "./poll.js";

/** A message in words, for lists and quotations. */
export function summary(message) {
  const said = message.text ?? message.caption ?? "";
  if (message.poll) return `📊 ${message.poll.question}`;
  if (message.photo) return said || t("Photo");
  if (message.sticker) return `${message.sticker.emoji ?? ""} ${t("Sticker")}`.trim();
  if (message.animation) return said || t("Animation");
  if (message.document) return said || message.document.file_name || t("File");
  return said || serviceText(message) || t("Something this page cannot show");
}

export function serviceText(message) {
  const who = shownName(message.from.first_name);
  if (message.new_chat_members) {
    return t("{who} added {whom}", { who, whom: message.new_chat_members.map((one) => shownName(one.first_name)).join(", ") });
  }
  if (message.left_chat_member) return t("{who} removed {whom}", { who, whom: shownName(message.left_chat_member.first_name) });
  if (message.forum_topic_created) {
    return t("{who} opened the topic “{name}”", { who, name: message.forum_topic_created.name });
  }
  return message.migrate_to_chat_id || message.migrate_from_chat_id ? t("This group became a supergroup") : "";
}

/** The id of the list item that shows a message: an album's is one, whichever of its pictures are left. */
export const itemId = (message) => (message.media_group_id ? `album${message.media_group_id}` : `m${message.message_id}`);

/** A list item. `does` says what can be done, and what is known of messages; see conversation.js. */
export function messageItem(messages, { mine, name, showName, does }) {
  const [first] = messages;
  const { via_bot: via } = first;
  const id = itemId(first);
  const service = serviceText(first);
  if (service) return h("li", { id, class: "service" }, h("p", {}, service));
  const captioned = messages.find((message) => message.text ?? message.caption);
  const last = messages.at(-1);
  const bubble = h(
    "div",
    { class: "bubble" },
    (showName || via) && h("p", { class: "name" }, showName && name, via && h("span", { class: "via" }, `${showName ? " " : ""}${t("via {bot}", { bot: `@${via.username}` })}`)),
    first.reply_to_message && quotation(first.reply_to_message, does),
    first.external_reply && quotationFromElsewhere(first.external_reply),
    media(messages, does),
    first.sticker && sticker(first.sticker),
    first.poll && pollPart(first, does),
    captioned && said(captioned, does),
    messages.some((message) => message.reaction) && h("p", { class: "reactions" }, reactions(messages)),
    h(
      "p",
      { class: "meta" },
      last.edit_date && mine && h("span", {}, t("edited")),
      h("time", { datetime: new Date(last.date * 1000).toISOString() }, time(last.date)),
    ),
  );
  const reply = h(
    "button",
    { type: "button", class: "plain reply", tabindex: -1, "data-key": "reply", "aria-label": t("Reply"), title: t("Reply"), onclick: () => does.reply(first) },
    icon("reply"),
  );
  const kind = [mine ? "mine" : "theirs", first.photo || first.animation ? "pictured" : "", first.sticker ? "stuck" : ""].join(" ");
  const [shown, ...others] = messages.map(pictureOf).filter(Boolean);
  if (shown && others.length === 0) {
    // As wide as its picture, whatever is said under it.
    bubble.classList.add("of-picture");
    bubble.style.setProperty("--wide", `${shown.width}px`);
    bubble.style.setProperty("--ratio", shown.width / shown.height);
  }
  return h(
    "li",
    { id, class: kind, "aria-label": name },
    h("div", { class: "line" }, bubble, reply),
    last.reply_markup && buttons(last, does),
  );
}

function said(message, does) {
  const entities = message.entities ?? message.caption_entities;
  return h("div", { class: "text", dir: "auto" }, formatted(message.text ?? message.caption, entities, does.command));
}

function quotation(message, does) {
  const small = message.photo?.[0];
  return h(
    "button",
    { type: "button", class: "quotation", "data-key": "quotation", onclick: () => does.jump(message.message_id) },
    small && h("img", { class: message.has_media_spoiler && "hidden-picture", src: fileUrl(small.file_id), alt: "" }),
    h("span", { class: "quoted" }, h("b", {}, message.from.first_name), h("span", {}, summary(message).split("\n")[0])),
  );
}

/** Of another chat: there is nothing to jump to. */
function quotationFromElsewhere({ origin, photo }) {
  const who = origin.sender_user?.first_name ?? origin.sender_user_name ?? "";
  return h(
    "div",
    { class: "quotation" },
    photo && h("img", { src: fileUrl(photo[0].file_id), alt: "" }),
    h("span", { class: "quoted" }, h("b", {}, who), h("span", {}, t("from another chat"))),
  );
}

function reactions(messages) {
  return messages.filter(({ reaction }) => reaction).map(({ reaction }) => h("span", {}, reaction));
}

function buttons(message, does) {
  const rows = message.reply_markup.inline_keyboard;
  return h(
    "div",
    { class: "keyboard" },
    rows.map((row) => h("div", { class: row.length > 3 && "narrow" }, row.map((button) => inlineButton(message, button, does)))),
  );
}

function inlineButton(message, button, does) {
  const key = `tap ${button.callback_data ?? button.url ?? button.text}`;
  const attributes = { type: "button", "data-key": key, "data-answer": button.callback_data };
  return h("button", { ...attributes, onclick: (event) => does.tap(message, button, event.currentTarget) }, button.text);
}
