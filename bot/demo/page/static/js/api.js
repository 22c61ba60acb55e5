/** What can be asked of the server. */

import { t } from "./language.js";

/** Something the server refused, or that did not reach it; the message is for the person who tried.
 *
 * `file` is the place of the file that it was refused for, if it was one.
 */
export class Refused extends Error {
  constructor(message, file = null) {
    super(message);
    this.file = file;
  }
}

const EXPLAINED = {
  not_a_picture: "That picture cannot be read: send it as a file, or choose another.",
  too_large: "A photo can be up to 10 MB, a file up to 50 MB.",
  too_many: "An album holds at most ten pictures.",
  too_long: "That text is too long.",
  poll_closed: "This poll is closed: it takes no more votes.",
};

export const fileUrl = (fileId, name) =>
  `/api/files/${encodeURIComponent(fileId)}${name ? `?name=${encodeURIComponent(name)}` : ""}`;

export const getWorld = () => ask("/api/world");

export const getCommands = (chatId, userId) => ask(`/api/commands?chat=${chatId}&user=${userId}`);

export const getBefore = async (chatId, messageId) =>
  (await ask(`/api/chats/${chatId}/messages/${messageId}/before`)).file_id;

export const setLanguage = (language) => ask("/api/language", json({ language }));

export const tap = (chatId, messageId, user, data) =>
  ask(`/api/chats/${chatId}/messages/${messageId}/tap`, json({ user, data }));

export const getInline = (chatId, userId, query, offset) =>
  ask(`/api/inline?${new URLSearchParams({ chat: chatId, user: userId, query, offset })}`);

/** One of what was offered inline, by way of the bot. */
export const sendOffered = (chatId, user, { offered, replyTo = null }) =>
  ask(`/api/chats/${chatId}/inline`, json({ user, query_id: offered.query_id, result_id: offered.id, reply_to: replyTo }));

/** Of no options at all: the vote is taken back. */
export const vote = (chatId, messageId, user, options) =>
  ask(`/api/chats/${chatId}/messages/${messageId}/vote`, json({ user, options }));

export function send(chatId, user, { text = "", files = [], sentAs = "photo", spoiler = false, replyTo = null }) {
  const form = new FormData();
  form.append("user", user);
  if (text) form.append("text", text);
  if (replyTo) form.append("reply_to", replyTo);
  form.append("sent_as", sentAs);
  if (spoiler) form.append("spoiler", "1");
  for (const file of files) form.append("files", file, file.name);
  return ask(`/api/chats/${chatId}/messages`, { method: "POST", body: form });
}

const json = (body) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

export const getPicture = (path) => reach(path, {}, (response) => response.blob());

const ask = (path, options) => reach(path, options, (response) => response.json());

/** What `read` makes of the answer to a request, whatever it is for. Throws Refused, and nothing else. */
async function reach(path, options, read) {
  let response;
  try {
    response = await fetch(path, options);
    if (response.ok) return await read(response);
  } catch {
    throw new Refused(t(response ? "The server sent an answer this page cannot read." : "No connection: nothing was sent. Please try again."));
  }
  const { error, message, file } = await response.json().catch(() => ({}));
  const reason = message ?? String(response.status);
  throw new Refused(EXPLAINED[error] ? t(EXPLAINED[error]) : t("The server refused that: {reason}", { reason }), file);
}
