"""Show the gallery: one picture with all the paintings of a page, numbered, and a button for each."""

from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from bot.gallery import sheets
from bot.gateway.refusals import Refusal, is_deleted, is_not_modified, refusal_of
from bot.wording.keyboards.gallery_sheet import GalleryPage, gallery_keyboard
from storage import Session, name_of_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.request_context import RequestContext
    from bot.gallery.collection import Gallery
    from bot.gallery.painting import Painting
    from bot.wording.translation import Translator
    from storage import Job

LEGEND_ROOM = 780  # signs of the 1024 under a picture; the rest is for the question
MARK = 8  # letters of a painting's digest, by which a button names it


def asks_for_style(session: Session) -> bool:
    """Say whether a style is to be chosen next, the first or one more."""
    return session.content is not None and (not session.styles or session.adding)


def sheet_question(session: Session) -> str:
    """Name the question that a sheet asks: which style comes after those that stay."""
    return name_of_question(session.content, session.styles if session.adding else session.styles[:-1])


async def send_sheet(
    request: "RequestContext",
    session: Session,
    question: str,
    *,
    last: "Job | None" = None,
    reply_to: int | None = None,
) -> Message:
    """Send the first page, under this question in HTML, or its names in words where no photo may be sent.

    Args:
        request: of the person whose buttons they are.
        session: what a tap gives the style to.
        question: what is said above the names.
        last: a job whose styles are offered once more.
        reply_to: the message to reply to, if another than is replied to anyway.
    """
    gallery, pictures = request.services.gallery, request.services.sheets
    page = gallery.pages[0]
    text = _text(question, page, gallery, request.t)
    keyboard = _keyboard(request, sheet_question(session), 0, last)
    async for picture in pictures.of(page):
        try:
            folded = _text(question, page, gallery, request.t, folded=True)
            message = await request.show(picture, folded, keyboard, reply_to=reply_to)
        except (BadRequest, Forbidden) as error:
            if _allows_no_photo(error):
                break
        else:
            await pictures.has(page, message)
            return message
    return await request.say(text, keyboard, reply_to=reply_to)


async def turn_to(request: "RequestContext", question: str, number: int) -> None:
    """Show another page, in the same message."""
    gallery, pictures = request.services.gallery, request.services.sheets
    page = gallery.pages[number]
    words = request.t("Tap the painting whose style you like:")
    text = _text(words, page, gallery, request.t)
    caption = _text(words, page, gallery, request.t, folded=True)
    keyboard = _keyboard(request, question, number)
    if request.message and request.message.text:
        with suppress(BadRequest):  # it is gone, or shows that page already
            await request.bot.edit_message_text(
                text,
                request.key.chat_id,
                request.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
            )
        return
    async for picture in pictures.of(page):
        media = InputMediaPhoto(picture, caption, parse_mode=ParseMode.HTML)
        try:
            shown = await request.bot.edit_message_media(
                media, request.key.chat_id, request.message_id, reply_markup=keyboard
            )
        except BadRequest as error:
            if is_not_modified(error) or is_deleted(error):
                return
        else:
            if isinstance(shown, Message):
                await pictures.has(page, shown)
            return
    await request.say(text, keyboard)  # a sheet cannot be drawn any more, and a picture becomes no words


async def offer(
    request: "RequestContext", session: Session, paintings: "Sequence[Painting]", question: str
) -> Message:
    """Ask which of these paintings is meant, in words, with a button for each."""
    gallery, t = request.services.gallery, request.t
    choices = [
        (f"{gallery.number(painting)}. {painting.label(t.language).short}", mark_of(painting))
        for painting in paintings
    ]
    keyboard = gallery_keyboard(session.user_id, sheet_question(session), GalleryPage(choices, columns=1), t)
    return await request.say(_text(question, paintings, gallery, t), keyboard)


def mark_of(painting: "Painting") -> str:
    """Return what stands for the painting in a button: another file under its name is another painting."""
    return painting.digest[:MARK]


def marked(mark: str, gallery: "Gallery") -> "Painting | None":
    """Return the painting of a button; None where it is not, or no longer, in the gallery."""
    return next((painting for painting in gallery if mark_of(painting) == mark), None)


def _keyboard(
    request: "RequestContext", question: str, number: int, last: "Job | None" = None
) -> InlineKeyboardMarkup:
    gallery = request.services.gallery
    page = gallery.pages[number]
    choices = [(str(gallery.number(painting)), mark_of(painting)) for painting in page]
    shown = GalleryPage(choices, number=number, pages=len(gallery.pages), by_lot=True)
    return gallery_keyboard(request.user.id, question, shown, request.t, last)


def _text(
    question: str, page: "Sequence[Painting]", gallery: "Gallery", t: "Translator", *, folded: bool = False
) -> str:
    """Put the numbered names below the question; all of it fits under a picture.

    Where the paintings are seen, the names are `folded` to a few lines, so that the buttons are near them.
    """
    legend = sheets.legend(page, gallery, t.language)
    if len(legend) > LEGEND_ROOM:
        longest = LEGEND_ROOM // len(page) - 1
        lines = legend.splitlines()
        legend = "\n".join(line if len(line) <= longest else f"{line[: longest - 1]}…" for line in lines)
    names = escape(legend, quote=False)
    return f"{question}\n<blockquote expandable>{names}</blockquote>" if folded else f"{question}\n\n{names}"


def _allows_no_photo(error: Exception) -> bool:
    """Say whether the chat lets no photos in. Raises what words cannot help against either."""
    refusal = refusal_of(error)
    if refusal not in (None, Refusal.NO_PHOTOS, Refusal.NO_MEDIA):
        raise error
    return refusal is not None
