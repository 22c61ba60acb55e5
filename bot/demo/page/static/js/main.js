/** The chat page of the demo: puts its parts together. */

import * as api from "./api.js";
import { Arrival } from "./arrival.js";
import { Attachments } from "./attachments.js";
import { Bell } from "./bell.js";
import { Chats } from "./chats.js";
import { chooseChat } from "./chooser.js";
import { Commands } from "./commands.js";
import { Comparisons } from "./comparisons.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { startCountdowns } from "./countdown.js";
import { byId } from "./dom.js";
import { Header } from "./header.js";
import { Inline } from "./inline.js";
import * as language from "./language.js";
import { Samples } from "./samples.js";
import { Store } from "./store.js";
import { follow } from "./stream.js";
import { Taps } from "./taps.js";
import { startTheme } from "./theme.js";
import { clearToasts, toast } from "./toasts.js";
import { openViewer } from "./viewer.js";
import { Votes } from "./votes.js";

const RETRY = 1000; // ms

const store = new Store();
const taps = new Taps(store, { start: startInPrivate, askInline });
const uncovered = new Set(); // the messages whose spoilers were tapped
const keyOf = ({ chat, message_id: id }) => `${chat.id}/${id}`;
const comparisons = new Comparisons(store, (message) => conversation.redraw(message));
const votes = new Votes(store, (message) => conversation.redraw(message));
const attachments = new Attachments();
const composer = new Composer(store, attachments, send);
const conversation = new Conversation(store, {
  reply: (message) => composer.reply(message),
  tap: (message, button, element) => taps.tap(message, button, element),
  command: (command) => composer.sendInstead({ text: command }),
  isCovered: (message) => Boolean(message.has_media_spoiler) && !uncovered.has(keyOf(message)),
  uncover: (message) => {
    uncovered.add(keyOf(message));
    conversation.redraw(message);
  },
  canCompare: (message) => Boolean(comparisons.before(message)),
  compare: (message) => openViewer(message.photo.at(-1), comparisons.before(message)),
  ballotOf: (message) => votes.ballotOf(message),
  choose: (message, option) => votes.choose(message, option),
  vote: (message, options) => votes.vote(message, options),
  retract: (message) => votes.retract(message),
  pollNews: (before, message) => votes.news(before, message),
  openPicture: (message) => openViewer(message.photo?.at(-1) ?? message.animation),
});
new Chats(store, open);
new Header(store);
new Arrival(store, {
  send: (what) => composer.sendInstead(what),
  sendSample: (name) => samples.send(name),
});
const samples = new Samples(store, (what) => composer.sendInstead(what));
new Bell(store);
new Commands(store, (command) => composer.write(`${command} `));
new Inline(store, {
  send: (what) => composer.sendInstead(what),
  start: startInPrivate,
  write: (text) => composer.write(text),
}); // after the commands, whose list closes when something else is written

startTheme();
startCountdowns();
store.addEventListener("view", clearToasts);
byId("back").addEventListener("click", () => showScreen("chats"));
byId("language").addEventListener("click", switchLanguage);
await load();
byId("app").hidden = false;
byId("text").focus({ preventScroll: true });

/** Take the world in and follow it, however often it takes. */
async function load() {
  const world = await getWorld();
  store.load(world);
  drawLanguage();
  if (world.people.some((person) => person.language_code !== language.current())) {
    await api.setLanguage(language.current()).catch(() => {}); // the next load tries again
  }
  follow(world.world, world.event, { onEvent: (event) => store.apply(event), onReload: load, onConnection: showConnection });
}

async function getWorld() {
  for (;;) {
    try {
      return await api.getWorld();
    } catch {
      showConnection(false);
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}

/** Whether it was sent; if not, why not is said. */
async function send(what) {
  try {
    await (what.offered ? api.sendOffered : api.send)(store.chatId, store.speakerId, what);
    return true;
  } catch (error) {
    const refused = what.files?.[error.file];
    toast(refused ? `${refused.name}: ${error.message}` : error.message);
    if (refused) attachments.refuse(refused);
    return false;
  }
}

function open(chatId) {
  store.open(chatId);
  showScreen("chat");
  byId("text").focus({ preventScroll: true });
}

function startInPrivate(parameter) {
  open(store.privateChatOf(store.speakerId).id);
  send({ text: `/start ${parameter}` });
}

/** Begin an inline query here, or in a chat that is chosen first, of those that are suitable. */
function askInline(query, isElsewhere, isSuitable) {
  const write = () => composer.write(`@${store.bot.username} ${query}`);
  if (!isElsewhere) write();
  else {
    chooseChat(store, (chatId) => {
      open(chatId);
      write();
    }, isSuitable);
  }
}

/** On a phone there is room for one of the two. */
function showScreen(screen) {
  byId("app").dataset.screen = screen;
}

function showConnection(isThere) {
  byId("connection").hidden = isThere;
  byId("connection").textContent = isThere ? "" : language.t("Connecting again…");
}

async function switchLanguage() {
  const next = language.current() === "en" ? "ru" : "en";
  language.choose(next);
  drawLanguage();
  store.dispatchEvent(new CustomEvent("world"));
  await api.setLanguage(next).catch((error) => toast(error.message));
}

function drawLanguage() {
  language.translatePage();
  const now = language.LANGUAGES[language.current()];
  const other = language.LANGUAGES[language.current() === "en" ? "ru" : "en"];
  byId("language").textContent = language.current().toUpperCase();
  byId("language").title = language.t("This chat is in {language}. Switch to {other}.", { language: now, other });
}
