"""Open a duel of styles, list who brings what, and close it to further styles."""

from contextlib import suppress
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot.chat.games.details import DuelDetails
from bot.chat.games.table import Table
from bot.chat.style_sheet import mark_of
from bot.gallery import sheets
from bot.gateway.refusals import refusal_of
from bot.wording.keyboards.gallery_sheet import duel_keyboard
from bot.wording.phrases import mention, shown_name
from storage import Entry, PictureRef

if TYPE_CHECKING:
    from bot.gallery.collection import Gallery
    from bot.wording.translation import Translator

# The states of a duel.
ENTERING = "entering"  # people bring their styles
PAINTING = "painting"  # these are painted small
SHOWN = "shown"  # all have seen that, and are to be asked which is best
VOTING = "voting"  # they are asked
CROWNING = "crowning"  # the winner is to be painted at full size

MOST_ENTRIES = 4
FEWEST_ENTRIES = 2
ENTRY_SECONDS = 120.0
PAINTING_SECONDS = 300.0  # of a worker that has no time for small paintings
ROOM = 1000  # signs of the 1024 under a picture
LONGEST_OPTION = 100  # signs, Telegram's limit
LONGEST_NAME = 45  # signs of it, of which the rest is a title's


def title_of(picture: PictureRef, gallery: "Gallery", t: "Translator") -> str:
    """Say in a word or two what somebody brings."""
    painting = gallery.get(picture.painting) if picture.painting else None
    return painting.label(t.language).short if painting else t("own picture")


def option(table: Table, entry: Entry) -> str:
    """Say who brings what, as in a poll, which takes no more than so many signs."""
    title, name = title_of(entry.picture, table.services.gallery, table.t), shown_name(entry.name)
    if len(entry.name) > LONGEST_NAME:
        name = shown_name(f"{entry.name[: LONGEST_NAME - 1]}…")
    room = LONGEST_OPTION - len(f"{entry.number} ·  ({name})")
    return f"{entry.number} · {title if len(title) <= room else title[: room - 1] + '…'} ({name})"


async def hear_entries(table: Table) -> None:
    """Open the duel; then keep the list below it, until there are all or the time is over.

    It is opened again in a supergroup that the group has become, where its message is left behind.
    """
    game, entries = table.game, await table.services.games.entries(table.game.id)
    was_opened = DuelDetails.of(game).was_opened
    if game.message_id is None and not was_opened:
        await _open(table, entries, until=table.services.now() + ENTRY_SECONDS)
    elif game.message_id is None and not table.is_due:
        await _open(table, entries, until=game.due)
    elif len(entries) < MOST_ENTRIES and not table.is_due:
        await _reword(table, _invitation(table, entries), _keyboard(table, entries))
    elif len(entries) < FEWEST_ENTRIES:
        await end_for_want_of_entries(table, entries)
    else:
        await _close(table, entries)


async def _open(table: Table, entries: list[Entry], *, until: float | None) -> None:
    """Invite people to bring styles until this time, and note the message that does."""
    invitation = await _invite(table, entries)
    details = replace(DuelDetails.of(table.game), is_sheet=bool(invitation.photo))
    await table.services.games.move_on(
        table.game, ENTERING, due=until, message_id=invitation.message_id, details=details.as_json
    )


async def _close(table: Table, entries: list[Entry]) -> None:
    """Take no more styles, and have those that were brought painted."""
    now = table.services.now()
    details = replace(DuelDetails.of(table.game), give_up=now + PAINTING_SECONDS)
    if await table.go_on_to(PAINTING, due=now, details=details.as_json):
        lines = [escape(option(table, entry)) for entry in entries]
        await _reword(table, "\n".join([table.t("⚔️ The duel is on! I'm painting them small:"), *lines]))


async def _invite(table: Table, entries: list[Entry]) -> Message:
    """Send the gallery's first sheet with the invitation, or that alone where no photo can be sent."""
    game, pictures, gallery = table.game, table.services.sheets, table.services.gallery
    text, keyboard = _invitation(table, entries), _keyboard(table, entries)
    photo = game.content.message_id if game.content else None
    page = gallery.pages[0]
    async for picture in pictures.of(page):
        try:
            message = await table.bot.send_photo(
                game.chat_id,
                picture,
                text,
                parse_mode=ParseMode.HTML,
                message_thread_id=game.thread_id or None,
                reply_parameters=table.quoting(photo),
                reply_markup=keyboard,
            )
        except BadRequest as error:
            if refusal_of(error):
                raise
        else:
            await pictures.has(page, message)
            return message
    return await table.say(text, keyboard, reply_to=photo)


def _invitation(table: Table, entries: list[Entry]) -> str:
    t, gallery = table.t, table.services.gallery
    asked = t("⚔️ A duel of styles! You have two minutes: reply to this message with a style, or tap one.")
    rule = t("One style each, two to four people.")
    names = escape(sheets.legend(gallery.pages[0], gallery, t.language), quote=False)
    brought = [escape(option(table, entry)) for entry in entries]
    lines = [asked, rule, *brought]
    if sum(map(len, [*lines, names])) > ROOM:  # the numbers on the sheet are seen anyway
        return "\n".join(lines)
    return "\n".join([*lines, f"<blockquote expandable>{names}</blockquote>"])


def _keyboard(table: Table, entries: list[Entry]) -> InlineKeyboardMarkup:
    gallery = table.services.gallery
    choices = [(str(gallery.number(painting)), mark_of(painting)) for painting in gallery.pages[0]]
    return duel_keyboard(table.game.id, choices, table.t, can_begin=len(entries) >= FEWEST_ENTRIES)


async def _reword(table: Table, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Say something else in the duel's message. It is no loss where that cannot be edited."""
    game = table.game
    if game.message_id is None:
        return
    with suppress(BadRequest, ChatMigrated):
        if DuelDetails.of(game).is_sheet:
            await table.bot.edit_message_caption(
                game.chat_id,
                game.message_id,
                caption=text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
            )
        else:
            await table.bot.edit_message_text(
                text, game.chat_id, game.message_id, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )


async def end_for_want_of_entries(table: Table, entries: list[Entry]) -> None:
    if entries:
        only = table.t("Only {name} brought a style, and a duel needs two people: next time!")
        word = only.format(name=mention(entries[0].user_id, entries[0].name))
    else:
        word = table.t("Nobody brought a style, so this duel ends. /duel begins another.")
    await table.end(word, reply_to=table.game.message_id)
