"""Buttons: what comes back from a tap is what went out, and always fits."""

import pytest
from telegram import InlineKeyboardMarkup

from bot.wording import keyboards
from bot.wording.keyboards import Action, Tap
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
USER = User(id=LARGE, language=None, strength="wild", larger=True, keep_colours=False, created=0)


def everything(language: str) -> list[InlineKeyboardMarkup]:
    t = translator(language)
    return [
        keyboards.strength_keyboard(SESSION, "classic", t),
        keyboards.last_style_keyboard(LARGE, JOB, t),
        keyboards.job_keyboard(JOB, t),
        keyboards.result_keyboard(JOB, t),
        keyboards.failed_keyboard(JOB, t),
        keyboards.history_keyboard([JOB] * 10, ["a label"] * 10, t),
        keyboards.settings_keyboard(USER, t),
        keyboards.forget_keyboard(LARGE, t),
        keyboards.broadcast_keyboard(LARGE, LAST, t),
        keyboards.stop_keyboard(LARGE, LAST, t),
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
    assert seen == set(Action)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_row_is_too_wide_for_a_telephone(language: str) -> None:
    for keyboard in everything(language):
        for row in keyboard.inline_keyboard:
            assert sum(len(button.text) for button in row) <= 45, [button.text for button in row]


@pytest.mark.parametrize("data", [None, "", ":", "s", "s:", "s::light", "s:one:light", "unknown:1:", "🙂:1:"])
def test_what_no_button_sends_is_not_understood(data: str | None) -> None:
    assert Tap.parse(data) is None


def test_a_value_may_hold_a_colon() -> None:
    assert Tap.parse("e:7:language=a:b") == Tap(Action.SET, 7, "language=a:b")


def test_the_strengths_are_called_what_people_expect() -> None:
    keyboard = keyboards.strength_keyboard(SESSION, "balanced", translator("en"))
    labels = [button.text for row in keyboard.inline_keyboard for button in row]
    assert labels[:5] == ["🌤 Light", "⭐ Balanced", "🔥 Strong", "🌪 Wild", "🏛 Classic"]


def test_every_strength_has_an_emoji() -> None:
    assert keyboards.EMOJI.keys() == set(Strength)
