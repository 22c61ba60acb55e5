"""Which part a picture plays, in whatever order pictures arrive."""

from dataclasses import replace
from itertools import permutations

import pytest

from bot.chat.picture_refs import SentPicture
from bot.chat.session_parts import swapped, with_answer, with_painting, with_picture
from storage import PictureRef, Session

EMPTY = Session(chat_id=7, thread_id=0, user_id=7)
WAVE = PictureRef.of_painting("hokusai-great-wave")


def sent(message_id: int, album_id: str | None = None) -> SentPicture:
    return SentPicture(PictureRef(f"file {message_id}", None, message_id), album_id)


def with_all(*message_ids: int, album_id: str | None = None, session: Session = EMPTY) -> Session:
    for message_id in message_ids:
        session = with_picture(session, sent(message_id, album_id))
    return session


def parts(session: Session) -> tuple[int | None, ...]:
    content = session.content.message_id if session.content else None
    return content, *(style.message_id for style in session.styles)


@pytest.mark.parametrize("album_id", [None, "album"])
@pytest.mark.parametrize("order", list(permutations([11, 12, 13])))
def test_the_order_of_messages_decides_and_not_that_of_arrival(
    order: tuple[int, ...], album_id: str | None
) -> None:
    """All of an album count; of pictures one by one the first and the last."""
    session = with_all(*order[:2], album_id=album_id)
    assert parts(session) == tuple(sorted(order[:2]))
    session = with_picture(session, sent(order[2], album_id))
    assert parts(session) == ((11, 12, 13) if album_id else (11, 13))


@pytest.mark.parametrize("message_id", [11, 12])
@pytest.mark.parametrize("album_id", [None, "album"])
def test_what_comes_again_changes_nothing(message_id: int, album_id: str | None) -> None:
    session = with_all(11, 12, album_id=album_id)
    for now in (session, swapped(session)):
        assert with_picture(now, sent(message_id, album_id)) == now


def test_a_late_picture_does_not_replace_a_later_style() -> None:
    session = with_all(11, 13)
    assert parts(with_picture(session, sent(12))) == (11, 13)
    assert parts(with_picture(session, sent(14))) == (11, 14)


@pytest.mark.parametrize("order", [(11, 12, 13, 14, 15, 16), (16, 13, 11, 12, 15, 14)])
def test_an_album_is_a_photo_and_up_to_four_styles(order: tuple[int, ...]) -> None:
    session = with_all(*order[:5], album_id="album")
    assert not session.left_out
    session = with_picture(session, sent(order[5], "album"))
    assert parts(session) == (11, 12, 13, 14, 15)
    assert session.left_out
    assert with_picture(session, sent(17, "album")) == session


def test_an_album_is_a_request_of_its_own() -> None:
    session = with_all(12, 13, 14, album_id="album", session=with_all(10, 11))
    assert parts(session) == (12, 13, 14)


def test_an_album_in_answer_are_styles() -> None:
    session = with_answer(with_all(11), sent(12, "album"))
    assert parts(session) == (11, 12)
    assert parts(with_answer(session, sent(13, "album"))) == (11, 12, 13)
    assert parts(with_answer(session, sent(14))) == (11, 14)


@pytest.mark.parametrize("album_id", [None, "album"])
def test_one_more_style_is_added_where_it_is_wanted(album_id: str | None) -> None:
    adding = replace(with_all(11, 12), adding=True)
    session = with_picture(adding, sent(13, album_id))
    assert parts(session) == (11, 12, 13)
    assert with_picture(session, sent(13, album_id)) == session
    further = with_picture(session, sent(14, album_id))
    assert parts(further) == ((11, 12, 13, 14) if album_id else (11, 12, 14))


def test_a_painting_takes_the_place_of_the_last_style_or_is_one_more() -> None:
    session = with_painting(with_all(11, 12), WAVE)
    assert session.styles == (WAVE,)
    more = with_picture(replace(session, adding=True), sent(13))
    assert parts(more) == (11, None, 13)
    assert parts(with_picture(more, sent(14))) == (11, None, 14)
    assert swapped(more).content == WAVE
    assert parts(swapped(more)) == (None, 11, 13)
