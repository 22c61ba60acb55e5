"""The worker by itself: no process, no pipe, and a painter that does not need TensorFlow."""

import json
import pickle
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from core.decoding.picture import PictureError, Reason
from core.executor.protocol import Done, PaintFailed, Progress, WorkerLost
from core.executor.worker.worker import Worker
from core.memory import TooLarge
from core.recipe import Recipe
from tests.kit.executors import SIZE, STYLE, task


def worker(painter: str) -> Worker:
    return Worker.load("packaged", "cpu", f"tests.kit.stand_in_painters:{painter}")


def test_a_step_makes_an_event_and_the_last_brings_the_result() -> None:
    events = list(worker("patient").paint(task()))
    *steps, done = events
    assert [type(event) for event in events] == [Progress] * 5 + [Done]
    assert [(event.step, event.total) for event in steps] == [(number, 5) for number in range(1, 6)]
    assert [event.share for event in steps] == [0.2, 0.4, 0.6, 0.8, 1]
    assert steps[-1].seconds_left == 0
    assert (done.width, done.height, done.shrunk_from) == (SIZE, 85, None)


def test_the_result_says_how_it_was_painted() -> None:
    asked = task()
    *_, done = worker("patient").paint(asked)
    with Image.open(BytesIO(done.lossless)) as image:
        assert image.format == "PNG"
        assert Recipe.from_json(json.loads(image.text["Description"])) == asked.recipe


def test_previews_come_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.executor.worker.worker.PREVIEW_EVERY", 0.15)  # steps take 0.1
    *steps, _ = worker("patient").paint(task())
    assert [step.preview is not None for step in steps] == [True, False, True, False, False]
    for step in (steps[0], steps[2]):
        with Image.open(BytesIO(step.preview)) as image:
            assert (image.format, image.size) == ("JPEG", (SIZE, 85))


@pytest.mark.parametrize("steps", [1, 5])
def test_the_first_step_is_always_shown(steps: int) -> None:
    first, *_ = worker("patient").paint(task(recipe={"steps": steps}))
    with Image.open(BytesIO(first.preview)) as image:
        assert image.size == (SIZE, 85)


def test_previews_of_large_pictures_are_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.executor.worker.worker.PREVIEW_SIZE", 96)
    first, *_, done = worker("patient").paint(task())
    with Image.open(BytesIO(first.preview)) as image:
        assert image.size == (96, 64)
    assert done.width == SIZE


def test_closing_ends_the_painting_and_the_worker_paints_on() -> None:
    patient = worker("patient")
    painting = patient.paint(task())
    next(painting)
    painting.close()
    assert isinstance(list(patient.paint(task()))[-1], Done)


def test_no_memory_is_answered_by_one_try_at_a_smaller_size() -> None:
    *steps, done = worker("cramped").paint(task())
    assert [step.step for step in steps] == [1, 1, 2, 3, 4, 5]
    assert (done.width, done.shrunk_from) == (90, SIZE)


def test_the_smaller_size_is_smaller_than_the_photo_not_than_what_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.kit.stand_in_painters.ROOM", 200)
    *_, done = worker("cramped").paint(task(recipe={"size": 2048}))
    assert (done.width, done.shrunk_from) == (179, 256)


def refuse(fits: int) -> Callable[..., None]:
    """An estimate that lets nothing larger than `fits` px through."""

    def check_memory(height: int, width: int, recipe: Recipe, available: int) -> None:  # noqa: ARG001
        if max(height, width) > fits:
            raise TooLarge(needed=9000, available=1000, fits=fits)

    return check_memory


def test_what_would_not_fit_is_painted_at_the_size_that_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.executor.worker.worker.check_memory", refuse(fits=96))
    *steps, done = worker("patient").paint(task())
    assert [step.step for step in steps] == [1, 2, 3, 4, 5]
    assert (done.width, done.shrunk_from) == (96, SIZE)


def test_where_nothing_would_fit_painting_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.executor.worker.worker.check_memory", refuse(fits=0))
    with pytest.raises(PaintFailed, match="9000 MB"):
        list(worker("patient").paint(task()))


def test_no_memory_twice_loses_the_worker() -> None:
    with pytest.raises(WorkerLost, match=r"^OOM when allocating a tensor$"):
        list(worker("cramped").paint(task(recipe={"strength": "wild"})))


def test_a_painting_gone_wrong_would_go_wrong_again() -> None:
    with pytest.raises(PaintFailed, match=r"^the loss is nan at step 1 of 5$"):
        list(worker("faulty").paint(task()))


@pytest.mark.parametrize("styles", [(b"hello",), (STYLE, b"hello"), (STYLE, STYLE, STYLE, b"hello")])
def test_a_bad_picture_says_why(styles: tuple[bytes, ...]) -> None:
    with pytest.raises(PictureError) as caught:
        list(worker("patient").paint(task(styles=styles)))
    assert caught.value.reason is Reason.NOT_A_PICTURE


def test_losses_are_told_where_there_are_any() -> None:
    *steps, _ = worker("late").paint(task())
    assert [step.losses is not None for step in steps] == [False, False, True, True, True]


def test_a_picture_error_survives_pickling() -> None:
    error = PictureError(Reason.TOO_SMALL, "It is too small.")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(copy), copy.reason, str(copy)) == (PictureError, error.reason, str(error))


def test_no_painter_no_worker() -> None:
    with pytest.raises(PaintFailed, match="There is no file /nowhere"):
        Worker.load("/nowhere", "cpu")
