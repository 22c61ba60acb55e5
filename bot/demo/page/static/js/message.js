/** What one message looks like, or the messages of one album together. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { megabytes, t, time } from "./language.js";

/** A message in words, for lists and quotations. */
export function summary(message) {
  const said = message.text ?? message.caption ?? "";
  if (message.photo) return said || t("Photo");
  if (message.animation) return said || t("Animation");
  if (message.document) return said || message.document.file_name || t("File");
  return said || serviceText(message) || t("Something this page cannot show");
}

export function serviceText(message) {
  const who = message.from.first_name;
  if (message.new_chat_members) {
    return t("{who} added {whom}", { who, whom: message.new_chat_members.map((one) => one.first_name).join(", ") });
  }
  if (message.left_chat_member) return t("{who} removed {whom}", { who, whom: message.left_chat_member.first_name });
  if (message.forum_topic_created) {
    return t("{who} opened the topic “{name}”", { who, name: message.forum_topic_created.name });
  }
  return message.migrate_to_chat_id || message.migrate_from_chat_id ? t("This group became a supergroup") : "";
}

/** A list item. `does` says what can be done: reply, tap, openPicture, command, jump; see conversation.js. */
export function messageItem(messages, { mine, name, showName, does }) {
  const [first] = messages;
  const id = `m${first.message_id}`;
  const service = serviceText(first);
  if (service) return h("li", { id, class: "service" }, h("p", {}, service));
  const captioned = messages.find((message) => message.text ?? message.caption);
  const last = messages.at(-1);
  const bubble = h(
    "div",
    { class: "bubble" },
    showName && h("p", { class: "name" }, name),
    first.reply_to_message && quotation(first.reply_to_message, does),
    media(messages, does),
    captioned && said(captioned, does),
    h(
      "p",
      { class: "meta" },
      last.edit_date && mine && h("span", {}, t("edited")),
      h("time", { datetime: new Date(last.date * 1000).toISOString() }, time(last.date)),
    ),
  );
  const reply = h(
    "button",
    { type: "button", class: "plain reply", "data-key": "reply", "aria-label": t("Reply"), title: t("Reply"), onclick: () => does.reply(first) },
    icon("reply"),
  );
  const kind = [mine ? "mine" : "theirs", first.photo || first.animation ? "pictured" : ""].join(" ");
  return h(
    "li",
    { id, class: kind, "aria-label": name },
    h("div", { class: "line" }, bubble, reply),
    last.reply_markup && buttons(last, does),
  );
}

function said(message, does) {
  const entities = message.entities ?? message.caption_entities;
  return h("p", { class: "text", dir: "auto" }, formatted(message.text ?? message.caption, entities, does.command));
}

function quotation(message, does) {
  const small = message.photo?.[0];
  return h(
    "button",
    { type: "button", class: "quotation", "data-key": "quotation", onclick: () => does.jump(message.message_id) },
    small && h("img", { src: fileUrl(small.file_id), alt: "" }),
    h("span", { class: "quoted" }, h("b", {}, message.from.first_name), h("span", {}, summary(message).split("\n")[0])),
  );
}

function media(messages, does) {
  const pictures = messages.filter((message) => message.photo || message.animation);
  const files = messages.filter((message) => message.document && !message.animation);
  return [
    pictures.length > 0 && h("div", { class: `pictures count-${Math.min(pictures.length, 4)}` }, pictures.map((one) => picture(one, does))),
    ...files.map(file),
  ];
}

function picture(message, does) {
  const shown = message.photo?.at(-1) ?? message.animation;
  const url = fileUrl(shown.file_id);
  return h(
    "div",
    { class: "picture" },
    h(
      "button",
      { type: "button", "data-key": `picture${message.message_id}`, "aria-label": t("Open the picture large"), onclick: () => does.openPicture(message) },
      h("img", { src: url, alt: t("Photo"), width: shown.width, height: shown.height }),
    ),
    does.canCompare(message) &&
      h(
        "button",
        { type: "button", class: "chip", "data-key": "compare", onclick: () => does.openPicture(message) },
        icon("compare"),
        t("Before and after"),
      ),
  );
}

function file(message) {
  const { document: sent } = message;
  const url = fileUrl(sent.file_id, sent.file_name ?? "file");
  return h(
    "a",
    { class: "file", href: url, download: sent.file_name ?? "file", "data-key": "file" },
    sent.thumbnail ? h("img", { src: fileUrl(sent.thumbnail.file_id), alt: "" }) : icon("file"),
    h("span", {}, h("b", {}, sent.file_name ?? t("File")), h("span", {}, megabytes(sent.file_size))),
  );
}

function buttons(message, does) {
  const rows = message.reply_markup.inline_keyboard;
  return h(
    "div",
    { class: "keyboard" },
    rows.map((row) => h("div", {}, row.map((button) => inlineButton(message, button, does)))),
  );
}

function inlineButton(message, button, does) {
  const key = `tap ${button.callback_data ?? button.url}`;
  const attributes = { type: "button", "data-key": key, "data-answer": button.callback_data };
  return h("button", { ...attributes, onclick: (event) => does.tap(message, button, event.currentTarget) }, button.text);
}
