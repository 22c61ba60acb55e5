/** The chat page of the demo: puts its parts together. */

import * as api from "./api.js";
import { Attachments } from "./attachments.js";
import { Chats } from "./chats.js";
import { Commands } from "./commands.js";
import { Comparisons } from "./comparisons.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { byId } from "./dom.js";
import { Header } from "./header.js";
import * as language from "./language.js";
import { Samples } from "./samples.js";
import { Store } from "./store.js";
import { follow } from "./stream.js";
import { Taps } from "./taps.js";
import { startTheme } from "./theme.js";
import { toast } from "./toasts.js";
import { openViewer } from "./viewer.js";

const RETRY = 1000; // ms

const store = new Store();
const taps = new Taps(store, startInPrivate);
const comparisons = new Comparisons((message) => conversation.redraw(message));
const composer = new Composer(store, new Attachments(), send);
const conversation = new Conversation(store, {
  reply: (message) => composer.reply(message),
  tap: (message, button, element) => taps.tap(message, button, element),
  command: (command) => composer.sendInstead({ text: command }),
  canCompare: (message) => Boolean(comparisons.before(message)),
  openPicture: (message) => openViewer(message.photo?.at(-1) ?? message.animation, comparisons.before(message)),
});
const chats = new Chats(store, open);
const header = new Header(store);
new Samples(store, (what) => composer.sendInstead(what));
new Commands(store, (command) => composer.write(`${command} `));

startTheme();
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
    await api.send(store.chatId, store.speakerId, what);
    return true;
  } catch (error) {
    toast(error.message);
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
  chats.draw();
  header.draw();
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
