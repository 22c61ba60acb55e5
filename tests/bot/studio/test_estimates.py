"""What is shown of a painting's progress is even, however the worker's guesses jump."""

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.studio import views
from bot.studio.estimates import Countdown
from core.executor.protocol import Done, Progress
from storage import Job, PictureRef, State

DONE = Done(b"jpeg", b"png", 32, 32, 1.0)
STEP = Progress(1, 10, 0.1, 512, None, 1.0, 9.0)
JOB = Job(
    request_key="a tap",
    chat_id=1,
    user_id=1,
    content=PictureRef("photo"),
    styles=(PictureRef("style"),),
    strength="balanced",
    id=1,
    state=State.RUNNING,
    attempt=1,
    error=None,
    refusal=None,
    worker_losses=0,
    result_photo_file_id=None,
    result_document_file_id=None,
    created=0.0,
    started=0.0,
    finished=None,
    delivered=None,
)


def shown(*guesses: tuple[float, float]) -> list[tuple[float, float]]:
    """Shares and seconds as they are shown, of the worker's own."""
    countdown = Countdown()
    steps = [replace(STEP, share=share, seconds_left=left) for share, left in guesses]
    return [(even.share, even.seconds_left) for even in map(countdown.even, steps)]


def test_guesses_that_waver_are_counted_down() -> None:
    even = shown((0.1, 20), (0.2, 24), (0.3, 19), (0.4, 21), (0.5, 12))
    assert [left for _, left in even] == [20, 20, 19, 19, 12]


def test_a_worker_that_is_far_slower_than_was_thought_is_told_of() -> None:
    assert [left for _, left in shown((0.1, 6), (0.2, 60), (0.3, 50))] == [6, 60, 50]


def test_the_share_never_falls() -> None:
    even = shown((0.1, 9), (0.5, 5), (0.05, 9), (0.6, 4))  # begun again at a smaller size
    assert all(before[0] <= after[0] for before, after in pairwise(even))


@pytest.mark.parametrize(
    ("share", "left", "said"),
    [
        (0.2, 30, "Painting: 20 %\n▓▓░░░░░░░░░░ · about 30 seconds left"),
        (0.9, 5, "Painting: 90 %\n▓▓▓▓▓▓▓▓▓▓▓░ · about 5 seconds left"),
        (0.97, 2, "Painting: 97 %\n▓▓▓▓▓▓▓▓▓▓▓▓ · almost done"),
        (1.0, 0, "Painting: 99 %\n▓▓▓▓▓▓▓▓▓▓▓▓ · almost done"),
    ],
)
def test_near_the_end_it_is_almost_done(share: float, left: float, said: str) -> None:
    assert views.painting(JOB, replace(STEP, share=share, seconds_left=left)).text == said


@pytest.mark.parametrize(
    ("fields", "titles", "said"),
    [
        ({}, "", "Here it is: balanced."),
        ({"strength": "strong", "keep_colours": True}, "", "Here it is: strong · colours kept."),
        ({"keep_colours": True}, "Great Wave", "Here it is: balanced · colours kept · Great Wave."),
        ({}, "Great Wave + Poppies", "Here it is: balanced · Great Wave + Poppies."),
        ({"language": "ru"}, "Большая волна", "Готово! Сила стиля: умеренно · Большая волна."),
        ({}, "Salt & Pepper", "Here it is: balanced · Salt &amp; Pepper."),
    ],
)
def test_a_result_says_what_was_painted(fields: dict[str, object], titles: str, said: str) -> None:
    view = views.result(replace(JOB, **fields), DONE, None, titles)  # type: ignore[arg-type]
    assert view.text == said
