"""Painters that fail as real ones rarely do, loaded by name in the worker process."""

import fcntl
import logging
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

from core.decoding.picture import fit
from core.decoding.pixels import Picture
from core.executor.worker.siblings import siblings
from core.recipe import Recipe
from core.step import Losses, Step

NOTE = "The ImageNet weights could not be fetched: nobody answers. Using the packaged VGG16 instead."
ROOM = 100  # px; larger paintings find no memory at `cramped`


class StandIn:
    """Waits instead of painting; the result is the photo, and the loss says which process it was."""

    def __init__(self, before_step: Callable[[int, Recipe], None], optimised_from: int = 1) -> None:
        self.backbone = SimpleNamespace(name="nothing", weights=SimpleNamespace(note=None))
        self.device = "paper"
        self._before_step = before_step
        self._optimised_from = optimised_from

    def paint(self, content: Picture, styles: Sequence[Picture], recipe: Recipe) -> Iterator[Step]:  # noqa: ARG002
        assert recipe.steps is not None
        for index in range(1, recipe.steps + 1):
            self._before_step(index, recipe)
            picture = fit(content, min(recipe.size, max(content.shape)))
            yield Step(
                index,
                recipe.steps,
                share=index / recipe.steps,
                scale=recipe.size,
                seconds=float(index),
                losses=Losses(float(os.getpid()), 1.0, 1.0) if index >= self._optimised_from else None,
                picture=lambda picture=picture: picture,
            )


def wait(seconds: float) -> None:
    """Wait, and use a little processor time, without which a worker looks as if it hung."""
    time.sleep(seconds)
    enough = time.process_time() + 0.006
    while time.process_time() < enough:
        sum(range(10_000))  # asking for the time alone would be the system's work, which is counted apart


def patient(weights: str, device: str) -> StandIn:  # noqa: ARG001
    return StandIn(lambda index, recipe: wait(0.1))  # noqa: ARG005


def reduced(weights: str, device: str) -> StandIn:
    """Patient, with a worse network than it could have."""
    painter = patient(weights, device)
    painter.backbone.weights.note = NOTE
    return painter


def admitted(weights: str, device: str) -> StandIn:
    """Patient, once there is a file at the path `weights`."""
    while not Path(weights).exists():
        wait(0.05)
    return patient(weights, device)


def late(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """The optimisation begins with the third step."""
    return StandIn(lambda index, recipe: None, optimised_from=3)  # noqa: ARG005


def deaf(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """The second step never ends."""
    return StandIn(lambda index, recipe: time.sleep(3600 if index == 2 else 0))  # noqa: ARG005


def cramped(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """Has memory for `ROOM` px only, which the second step finds out. Nothing at all fits strength "wild"."""
    import tensorflow as tf

    def allocate(index: int, recipe: Recipe) -> None:
        if index == 2 and (recipe.size > ROOM or recipe.strength == "wild"):
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating a tensor\n[[details]]")

    return StandIn(allocate)


def faulty(weights: str, device: str) -> StandIn:  # noqa: ARG001
    def fail(index: int, recipe: Recipe) -> None:  # noqa: ARG001
        raise ArithmeticError("the loss is nan at step 1 of 5")

    return StandIn(fail)


def idle(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """For measurements: nothing but steps of half a second."""
    return StandIn(lambda index, recipe: time.sleep(0.5))  # noqa: ARG005


def moody(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """Patient, but for two seeds: 1 finds no memory for more than `ROOM` px, 2 goes wrong."""

    def before_step(index: int, recipe: Recipe) -> None:
        wait(0.1)
        if index == 2 and recipe.seed == 1 and recipe.size > ROOM:
            raise MemoryError
        if recipe.seed == 2:
            raise ArithmeticError("the loss is nan at step 1 of 5")

    return StandIn(before_step)


def talkative(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """Says something by each of the ways there are, and at last half a line."""

    def talk(index: int, recipe: Recipe) -> None:  # noqa: ARG001
        if index == 1:
            print("a print")
            logging.getLogger("anybody").error("an error\nof two lines")
            os.write(2, b"native code: \xff\n")
        else:
            os.write(2, b"half a line")
            os.kill(os.getpid(), signal.SIGKILL)

    return StandIn(talk)


def only_one(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """Paints in one process at a time; in all others it dies. `weights` is the path of a file to lock."""
    lock = Path(weights).open("w")  # noqa: SIM115  (held as long as the painter lives)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.kill(os.getpid(), signal.SIGKILL)

    def paint(index: int, recipe: Recipe) -> None:  # noqa: ARG001
        assert not lock.closed
        wait(0.1)

    return StandIn(paint)


def stillborn(weights: str, device: str) -> StandIn:  # noqa: ARG001
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def babbling(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """Writes what is no message wherever its messages may go."""

    def babble(index: int, recipe: Recipe) -> None:  # noqa: ARG001
        for number in range(3, 30):
            with suppress(OSError):
                if stat.S_ISFIFO(os.fstat(number).st_mode):
                    os.write(number, (5).to_bytes(8, "big") + b"hello")
        wait(0.1)

    return StandIn(babble)


def survived(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """Dies at its first step, and leaves a process of its own that holds its pipes for a while."""

    def die(index: int, recipe: Recipe) -> None:  # noqa: ARG001
        subprocess.Popen(["sleep", "20"])
        os.kill(os.getpid(), signal.SIGKILL)

    return StandIn(die)


def sociable(weights: str, device: str) -> StandIn:  # noqa: ARG001
    """Writes down which other workers it sees, into a file of its own in the folder `weights`."""

    def look(index: int, recipe: Recipe) -> None:  # noqa: ARG001
        wait(0.1)
        Path(weights, str(os.getpid())).write_text(" ".join(map(str, siblings())))

    return StandIn(look)
