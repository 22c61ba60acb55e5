"""Load the weights that somebody chose."""

from dataclasses import replace
from pathlib import Path

from core.weights.errors import WeightsError
from core.weights.fetching import BRIEF, Progress, Source, fetch
from core.weights.keras_file import read_keras_file
from core.weights.packaged import load_packaged
from core.weights.vgg import Weights


def load_weights(
    choice: str = "auto", *, progress: Progress | None = None, source: Source | None = None
) -> Weights:
    """Load the weights of a choice: "auto", "imagenet", "packaged", or else the path of a file.

    - imagenet: VGG19 as Keras distributes it, from Keras' cache, or else fetched into it (see `fetch`).
    - packaged: the VGG16 that comes with stylegram, up to block5_conv2.
    - auto: imagenet if cached or to be fetched, else packaged; where nothing answers, within five seconds.
    - a file: VGG19 or VGG16 as Keras lays them out.

    `progress` and `source` are those of `fetch`. Raises `WeightsError`.
    """
    match choice:
        case "imagenet":
            try:
                path = fetch(source, progress=progress)
            except WeightsError as error:
                raise WeightsError(f"{error} Choose packaged, or supply the file by hand.") from error
            return read_keras_file(path, "imagenet")
        case "packaged":
            return load_packaged()
        case "auto":
            try:
                path = fetch(source, progress=progress, patience=BRIEF)
            except WeightsError as error:
                return replace(load_packaged(), note=f"{error} Using the packaged VGG16 instead.")
            return read_keras_file(path, "imagenet")
        case _:
            path = Path(choice).expanduser()
            return read_keras_file(path, path.name)
