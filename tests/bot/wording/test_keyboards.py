"""Buttons: what comes back from a tap is what went out, and always fits."""

from dataclasses import replace

import pytest
from telegram import InlineKeyboardMarkup

from bot.wording.keyboards.broadcasts import broadcast_keyboard, stop_keyboard
from bot.wording.keyboards.forgetting import forget_keyboard
from bot.wording.keyboards.gallery_sheet import GalleryPage, gallery_keyboard
from bot.wording.keyboards.history import history_keyboard, numbers_keyboard
from bot.wording.keyboards.progress import cancelled_keyboard, failed_keyboard, job_keyboard
from bot.wording.keyboards.results import more_keyboard, result_keyboard
from bot.wording.keyboards.settings import settings_keyboard
from bot.wording.keyboards.strength_labels import EMOJI
from bot.wording.keyboards.strength_question import strength_keyboard
from bot.wording.keyboards.taps import Action, Tap
from bot.wording.translation import LANGUAGES, translator
from core.recipe import Strength
from storage import Job, PictureRef, Session, State, User

LARGE = 2**52  # ids at Telegram have at most 52 bits
LAST = 2**63 - 1  # of SQLite's row ids

JOB = Job(
    id=LAST,
    request_key="",
    chat_id=-LARGE,
    user_id=LARGE,
    content=PictureRef("content"),
    styles=(PictureRef("style"),),
    strength="balanced",
    state=State.DONE,
    attempt=1,
    error=None,
    refusal=None,
    worker_losses=0,
    result_photo_file_id="result",
    result_document_file_id=None,
    created=0,
    started=0,
    finished=0,
    delivered=0,
)
SESSION = Session(chat_id=-LARGE, thread_id=0, user_id=LARGE)
MANY_STYLES = replace(SESSION, styles=(PictureRef("style"),) * 4)
PAGE = GalleryPage([(str(number), "12345678") for number in range(13, 25)], number=1, pages=3, by_lot=True)
USER = User(id=LARGE, language=None, strength="wild", larger=True, keep_colours=False, created=0)


def everything(language: str) -> list[InlineKeyboardMarkup]:
    t = translator(language)
    return [
        strength_keyboard(SESSION, USER, t),
        strength_keyboard(MANY_STYLES, USER, t),
        gallery_keyboard(LARGE, SESSION.question, PAGE, t, JOB),
        job_keyboard(JOB, t),
        *(result_keyboard(JOB, t, among_others=others) for others in (False, True)),
        more_keyboard(JOB, t),
        cancelled_keyboard(JOB, t),
        failed_keyboard(JOB, t),
        history_keyboard([JOB] * 10, ["a label"] * 10, t),
        numbers_keyboard([JOB] * 10),
        settings_keyboard(USER, t),
        forget_keyboard(LARGE, t),
        broadcast_keyboard(LARGE, LAST, t),
        stop_keyboard(LARGE, LAST, t),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_data_fits_and_can_be_read_back(language: str) -> None:
    seen = set()
    for keyboard in everything(language):
        for row in keyboard.inline_keyboard:
            for button in row:
                assert isinstance(button.callback_data, str)
                assert len(button.callback_data.encode()) <= 64
                tap = Tap.parse(button.callback_data)
                assert tap
                assert tap.data == button.callback_data
                assert tap.id in (LARGE, LAST)
                seen.add(tap.action)
    assert seen | {Action.GAME} == set(Action)  # whose buttons are in the rooms of the games


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_row_is_too_wide_for_a_telephone(language: str) -> None:
    for keyboard in everything(language):
        for row in keyboard.inline_keyboard:
            assert sum(len(button.text) for button in row) <= 45, [button.text for button in row]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_is_shared_by_a_query_only_where_there_is_one(language: str) -> None:
    t = translator(language)
    shared, unshared = (
        [button for row in more_keyboard(JOB, t, shared_by=query).inline_keyboard for button in row]
        for query in ("#7", None)
    )
    (share,) = [button for button in shared if button.switch_inline_query is not None]
    assert share.switch_inline_query == "#7"
    assert [button for button in shared if button is not share] == unshared


@pytest.mark.parametrize("data", [None, "", ":", "s", "s:", "s::light", "s:one:light", "unknown:1:", "🙂:1:"])
def test_what_no_button_sends_is_not_understood(data: str | None) -> None:
    assert Tap.parse(data) is None


def test_a_value_may_hold_a_colon() -> None:
    assert Tap.parse("e:7:language=a:b") == Tap(Action.SET, 7, "language=a:b")


def test_the_strengths_are_called_what_people_expect() -> None:
    keyboard = strength_keyboard(SESSION, replace(USER, strength="balanced"), translator("en"))
    labels = [button.text for row in keyboard.inline_keyboard for button in row]
    assert labels[:5] == ["🌤 Light", "⭐ Balanced", "🔥 Strong", "🌪 Wild", "🏛 Classic"]


def test_every_strength_has_an_emoji() -> None:
    assert EMOJI.keys() == set(Strength)
