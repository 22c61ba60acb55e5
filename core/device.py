"""Choose the device TensorFlow computes on, and what pays there. To be imported before TensorFlow."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from core.processor import computes_bfloat16


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing written to the process's standard error meanwhile, by native code either."""
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what goes wrong comes back as an exception
with _quiet():  # says what it was compiled with, before it listens to its log level
    import tensorflow as tf

Device = Literal["auto", "cpu", "gpu"]


class DeviceError(RuntimeError):
    """The device asked for is not there."""


def choose_device(device: Device) -> str:
    """Make TensorFlow use the device and no more of its memory than needed. Its name, for people.

    Must come before the first computation. Raises DeviceError if a GPU is asked for and none is seen.
    """
    with _quiet():
        gpus = tf.config.list_physical_devices("GPU")
    if device == "gpu" and not gpus:
        raise DeviceError("no GPU is visible to TensorFlow: install the gpu extra, or use --device cpu")
    if device == "cpu" or not gpus:
        tf.config.set_visible_devices([], "GPU")
        return "cpu"
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    return str(tf.config.experimental.get_device_details(gpus[0]).get("device_name", "gpu"))


def fastest_type() -> tf.DType:
    """bfloat16 where the device computes in it, two to four times faster than in float32; else float32.

    Processors without its instructions emulate it, many times slower. It is not timed: on a busy machine that
    could come out either way, and a seed has to paint the same picture every time.
    """
    on_gpu = tf.config.get_visible_devices("GPU")
    return tf.bfloat16 if on_gpu or computes_bfloat16() else tf.float32
