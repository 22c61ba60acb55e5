"""One painting of the gallery: its file, and what it is called."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_NAME = 40  # so that the data of a button has room for it


@dataclass(frozen=True)
class Label:
    """What a painting is called in one language."""

    title: str
    painter: str = ""  # nothing where nobody said
    year: str = ""  # such as "about 1831"
    short_title: str = ""  # nothing where the title is short enough

    @property
    def short(self) -> str:
        """The title where there is little room."""
        return self.short_title or self.title

    def __str__(self) -> str:
        """All of it, as beside a painting on a wall."""
        by = f"{self.painter}: " if self.painter else ""
        of = f" ({self.year})" if self.year else ""
        return f"{by}{self.title}{of}"


@dataclass(frozen=True)
class Painting:
    """A painting that is a style.

    Chats, buttons and jobs refer to it by its name, of at most `LONGEST_NAME` of the signs a-z, 0-9 and -. It
    is the same after every start, but the painting may be gone by then.
    """

    name: str
    path: Path
    digest: str  # of the file's bytes, so that another file of that name is not taken for this one
    labels: Mapping[str, Label] = field(hash=False)  # by language; English at least
    also: tuple[str, ...] = ()  # further words that people may look for

    def label(self, language: str) -> Label:
        """Say what it is called in a language, or in English where there is nothing in that."""
        return self.labels.get(language) or self.labels["en"]

    def bytes(self) -> bytes:
        """Read the file. Raises OSError where it is gone, or cannot be read any more."""
        return self.path.read_bytes()


def digest_of(*parts: bytes) -> str:
    """Return a few letters that stand for these bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]
