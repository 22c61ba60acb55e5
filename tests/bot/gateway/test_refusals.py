"""What a chat does not allow is told apart from a chat that is gone."""

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.gateway.refusals import Refusal, refusal_of


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (BadRequest("Not enough rights to send photos to the chat"), Refusal.NO_PHOTOS),
        (BadRequest("CHAT_SEND_PHOTOS_FORBIDDEN"), Refusal.NO_PHOTOS),
        (Forbidden("Forbidden: CHAT_SEND_PHOTOS_FORBIDDEN"), Refusal.NO_PHOTOS),
        (BadRequest("Not enough rights to send documents to the chat"), Refusal.NO_FILES),
        (BadRequest("CHAT_SEND_DOCS_FORBIDDEN"), Refusal.NO_FILES),
        (BadRequest("CHAT_SEND_MEDIA_FORBIDDEN"), Refusal.NO_MEDIA),
        (BadRequest("Not enough rights to send stickers to the chat"), Refusal.NO_STICKERS),
        (BadRequest("CHAT_SEND_STICKERS_FORBIDDEN"), Refusal.NO_STICKERS),
        (BadRequest("Not enough rights to send animations to the chat"), Refusal.NO_STICKERS),
        (BadRequest("CHAT_SEND_GIFS_FORBIDDEN"), Refusal.NO_STICKERS),
        (BadRequest("Not enough rights to send text messages to the chat"), Refusal.NO_TEXT),
        (BadRequest("Have no rights to send a message"), Refusal.NO_TEXT),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), Refusal.NO_TEXT),
        (BadRequest("CHAT_RESTRICTED"), Refusal.NO_TEXT),
        (BadRequest("USER_BANNED_IN_CHANNEL"), Refusal.NO_TEXT),
        (BadRequest("TOPIC_CLOSED"), Refusal.TOPIC_CLOSED),
        (BadRequest("SLOWMODE_WAIT_35"), Refusal.SLOW_MODE),
        (BadRequest("Chat not found"), Refusal.GONE),
        (BadRequest("Message thread not found"), Refusal.GONE),
        (Forbidden("Forbidden: bot was blocked by the user"), Refusal.GONE),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Refusal.GONE),
        (BadRequest("Message is not modified"), None),
        (NetworkError("Bad Gateway"), None),
    ],
)
def test_each_refusal_is_known_by_its_words(error: TelegramError, refusal: Refusal | None) -> None:
    assert refusal_of(error) is refusal
