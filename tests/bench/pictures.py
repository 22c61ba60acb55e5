"""The pictures that benches paint: photos, paintings, where faces are, and which are put together.

Whose they are stands in README, and in tests/pictures/README.md for the photos.
"""

from pathlib import Path
from typing import NamedTuple

from core.decoding.picture import open_picture
from core.decoding.pixels import Picture

_ROOT = Path(__file__).parents[2]
_FOLDERS = (_ROOT / "bot/demo/samples", _ROOT / "bot/gallery/paintings", _ROOT / "tests/pictures/photos")


class Box(NamedTuple):
    """A part of a picture: its edges as fractions of width and height."""

    left: float
    top: float
    right: float
    bottom: float


class Pair(NamedTuple):
    """A photo and the painting in whose manner it is painted, by their names."""

    photo: str
    style: str

    @property
    def name(self) -> str:
        return f"{self.photo}-{self.style}"


FACES = {
    "astronaut": Box(0.34, 0.12, 0.54, 0.37),
    "cat": Box(0.08, 0.06, 0.83, 0.95),
}

PAIRS = (
    Pair("astronaut", "van-gogh-auvers"),
    Pair("astronaut", "leonardo-mona-lisa"),
    Pair("astronaut", "hiroshige-inokashira-snow"),
    Pair("cat", "van-gogh-cafe-terrace"),
    Pair("cat", "durer-lion"),
    Pair("cat", "renoir-moulin-de-la-galette"),
    Pair("china", "hokusai-great-wave"),
    Pair("china", "bruegel-harvesters"),
    Pair("flower", "hokusai-poppies"),
    Pair("flower", "renoir-moulin-de-la-galette"),
    Pair("rocket", "hiroshige-inokashira-snow"),
    Pair("rocket", "van-gogh-cafe-terrace"),
    Pair("coffee", "kandinsky-composition-8"),
    Pair("coffee", "arcimboldo-spring"),
    Pair("coffee", "van-gogh-road-to-tarascon"),
)


def find(name: str) -> Path:
    """Return the path of a picture by its name, which is its file's without the ending.

    Raises `FileNotFoundError` if there is none of this name.
    """
    for folder in _FOLDERS:
        if (path := folder / f"{name}.jpg").exists():
            return path
    raise FileNotFoundError(f"there is no picture {name}")


def load(name: str) -> Picture:
    """Open a picture by its name."""
    return open_picture(find(name).read_bytes())
