"""All paintings that people can choose: those that come with the bot, and then the operator's."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bot.gallery.folder import paintings_in
from bot.gallery.painting import Label, Painting, digest_of
from bot.wording.translation import LANGUAGES

if TYPE_CHECKING:
    from core.decoding.decoder import Decoder

PAGE = 12
"""The paintings on one sheet."""

_OURS = Path(__file__).parent / "paintings"


class Gallery:
    """Paintings in their order, by number from 1 on, by name and by lot."""

    def __init__(self, paintings: Iterable[Painting]) -> None:
        self._by_name = {painting.name: painting for painting in paintings}
        self._numbers = {name: number for number, name in enumerate(self._by_name, 1)}

    def __iter__(self) -> Iterator[Painting]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def get(self, name: str) -> Painting | None:
        """Return the painting of this name; None where it is not, or no longer, there."""
        return self._by_name.get(name)

    def read(self, name: str) -> bytes:
        """Return the file of the painting of this name. Takes a disk's time.

        Raises LookupError where it is not, or no longer, there, and OSError where it cannot be read any more.
        """
        return self._by_name[name].bytes()

    def number(self, painting: Painting) -> int:
        """Return the painting's number on its sheet. Raises KeyError for one of another gallery."""
        return self._numbers[painting.name]

    def by_lot(self, random: Random) -> Painting:
        """Draw a painting."""
        return random.choice(list(self))

    @property
    def pages(self) -> list[tuple[Painting, ...]]:
        """What is on each sheet."""
        paintings = tuple(self)
        return [paintings[first : first + PAGE] for first in range(0, len(paintings), PAGE)]


def open_gallery(folder: Path | None, decoder: "Decoder") -> Gallery:
    """Collect the paintings that come with the bot and the pictures of the operator's folder, if any.

    What is wrong with a file there is logged, and the file left out. Takes some hundredths of a second for
    each, so it is nothing for the event loop's thread.
    """
    ours = paintings_of_the_bot()
    theirs = paintings_in(folder, decoder, taken={painting.name for painting in ours}) if folder else []
    return Gallery([*ours, *theirs])


@cache
def paintings_of_the_bot() -> tuple[Painting, ...]:
    """Return the paintings that come with the bot."""
    with (_OURS / "paintings.toml").open("rb") as file:
        entries = tomllib.load(file)["painting"]
    paths = [_OURS / f"{entry['name']}.jpg" for entry in entries]
    return tuple(
        Painting(
            name=entry["name"],
            path=path,
            digest=digest_of(path.read_bytes()),
            labels={
                language: Label(**{"year": str(entry.get("year", ""))} | entry[language])
                for language in LANGUAGES
            },
            also=tuple(entry["also"]),
        )
        for entry, path in zip(entries, paths, strict=True)
    )
