"""Say what to send instead of what shows something and is no picture: a film, a story, a place."""

from typing import TYPE_CHECKING

from bot.wording.phrases import moving_sticker

if TYPE_CHECKING:
    from telegram import Document, ExternalReplyInfo, Message

    from bot.wording.translation import Translator


def instead_of(message: "Message", t: "Translator") -> str | None:
    """Word, in one sentence, what to send instead of what this message or its quotation shows.

    None where there is nothing that a picture could be taken of, as with words, voices, polls and dice.
    To be asked of what has no picture: see `picture_refs`.
    """
    quoted = message.external_reply
    return _instead_of(message, t) or (_instead_of(quoted, t) if quoted else None)


def _instead_of(shown: "Message | ExternalReplyInfo", t: "Translator") -> str | None:
    if shown.sticker:
        return moving_sticker(t)
    if shown.video_note:
        return t("I can't paint video messages: send me a screenshot or a photo.")
    if shown.video or shown.animation or _is_film(shown.document):
        return t("I can't paint videos: send me a screenshot or a photo.")
    if shown.story:
        return t("I can't open stories: send me a screenshot or a photo.")
    if shown.paid_media:
        return t("I can't see paid media: send me the photo itself.")
    if shown.location or shown.venue:
        return t("I can't see that place from here: send me a photo of it.")
    if shown.contact:
        return t("I can't paint a contact: send me a photo instead.")
    return None


def _is_film(document: "Document | None") -> bool:
    return document is not None and (document.mime_type or "").lower().startswith("video/")
