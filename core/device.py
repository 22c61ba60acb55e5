"""The device TensorFlow computes on, and what pays there. To be imported before TensorFlow itself."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal


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
    """bfloat16 where convolutions in it are clearly faster than in float32, else float32. Takes some 0.1 s.

    Processors without bfloat16 instructions emulate it, many times slower; those with them are two to four
    times faster in it. So the answer is the same every time, and so is what a seed paints.
    """
    return tf.bfloat16 if 1.3 * _seconds(tf.bfloat16) < _seconds(tf.float32) else tf.float32


def _seconds(compute: tf.DType) -> float:
    image = tf.zeros((1, 64, 64, 128), compute)
    kernel = tf.zeros((3, 3, 128, 128), compute)
    best = float("inf")
    for _ in range(4):  # the first also prepares the kernel
        start = time.perf_counter()
        tf.nn.conv2d(image, kernel, 1, "SAME").numpy()
        best = min(best, time.perf_counter() - start)
    return best
