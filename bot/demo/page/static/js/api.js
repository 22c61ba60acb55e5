/** What can be asked of the server. */

import { t } from "./language.js";

/** Something the server refused, or that did not reach it; the message is for the person who tried. */
export class Refused extends Error {}

const EXPLAINED = {
  not_a_picture: "That picture cannot be read: send it as a file, or choose another.",
  too_large: "A photo may have 10 MB, a file 50 MB.",
  too_many: "An album holds at most ten pictures.",
  too_long: "That text is too long.",
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

export function send(chatId, user, { text = "", files = [], asFiles = false, replyTo = null }) {
  const form = new FormData();
  form.append("user", user);
  if (text) form.append("text", text);
  if (replyTo) form.append("reply_to", replyTo);
  if (asFiles) form.append("as_files", "1");
  for (const file of files) form.append("files", file, file.name);
  return ask(`/api/chats/${chatId}/messages`, { method: "POST", body: form });
}

const json = (body) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

export const getPicture = async (path) => (await reach(path)).blob();

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Refused(t("No connection: nothing was sent. Please try again."));
  }
}

async function ask(path, options) {
  const response = await reach(path, options);
  const answer = await response.json();
  if (!response.ok) {
    const reason = EXPLAINED[answer.error];
    throw new Refused(reason ? t(reason) : t("The server refused that: {reason}", { reason: answer.message }));
  }
  return answer;
}
