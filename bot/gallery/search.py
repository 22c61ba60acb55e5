"""Find paintings by the words that people write."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from bot.gallery.collection import Gallery
from bot.gallery.painting import Painting

_MOST_WORDS = 8  # that are looked for, of all that somebody writes
_LONGEST_WORD = 30  # letters; nothing is called longer
_SURE = 3  # letters, so that some from the middle of a word say something
_LEGIBLE = 4  # letters, so that a misspelt word can be known
_NEAR = 0.83  # the part that two words have in common, if one may be the other misspelt
_ENDING = 3  # letters, at most, in which a word's forms differ

# Around the words that say which painting: "in Hokusai's style, please".
_ENGLISH = "a an and at by from in like of on painting picture please s style the to with"
_RUSSIAN = "в во и из как картина картину картины на от по под пожалуйста с стиле стиль"
_FILLING = frozenset(f"{_ENGLISH} {_RUSSIAN}".split())


def find(words: str, gallery: Gallery) -> list[Painting]:
    """Return the paintings that the words say, in the gallery's order; none where they say nothing.

    The words are a painting's number on its sheet, or parts of the painter's name, the title or what else
    it may be looked for by: in any language, order and case, with accents or without. Beginnings of words
    come before their other parts, and those before misspelt words and other forms of them: what is found in
    one way is not looked for in the next. Where a whole title is among the words, others are not meant.
    """
    number = words.strip().lstrip("0")
    if number.isdecimal():
        return [painting for painting in gallery if str(gallery.number(painting)) == number]
    asked = _folded(words)
    known = {painting.name: _known(painting) for painting in gallery}
    if hits := [painting for painting in gallery if known[painting.name].is_called(asked)]:
        return hits
    telling = list(dict.fromkeys(_telling(asked)))[:_MOST_WORDS]
    if not telling or max(map(len, telling)) > _LONGEST_WORD:
        return []
    for fits in (_Known.begins_with, _Known.has_a_part, _Known.is_near_to):
        if hits := [
            painting for painting in gallery if all(fits(known[painting.name], word) for word in telling)
        ]:
            return [painting for painting in hits if known[painting.name].is_titled(telling)] or hits
    return []


def says_something(words: str) -> bool:
    """Say whether there is anything in the words that a painting might be called."""
    return bool(_telling(_folded(words)))


@dataclass(frozen=True)
class _Known:
    """What one painting is called, in words as they are compared."""

    texts: list[list[str]]
    titles: list[list[str]]
    words: frozenset[str]

    def is_called(self, asked: list[str]) -> bool:
        return bool(asked) and asked in self.texts

    def is_titled(self, asked: list[str]) -> bool:
        """All that tells a title from others is asked for, with whatever else."""
        titles = [telling for title in self.titles if (telling := _telling(title))]
        return any(set(title) <= set(asked) for title in titles)

    def begins_with(self, word: str) -> bool:
        """A word of it begins so; with a single letter it must be all of it."""
        return word in self.words or (len(word) > 1 and self._any(lambda known: known.startswith(word)))

    def has_a_part(self, word: str) -> bool:
        """A word has it in it, or several without spaces begin so: greatwave."""
        return len(word) >= _SURE and (
            self._any(lambda known: word in known)
            or any(
                "".join(text[first:]).startswith(word) for text in self.texts for first in range(len(text))
            )
        )

    def is_near_to(self, word: str) -> bool:
        """A word is nearly this one, or another form of it; or it is this one as before."""
        return self.begins_with(word) or (
            len(word) >= _LEGIBLE
            and (
                self._any(lambda known: _is_form_of(word, known))
                or bool(get_close_matches(word, self.words, 1, _NEAR))
            )
        )

    def _any(self, fits: Callable[[str], bool]) -> bool:
        return any(map(fits, self.words))


@cache
def _known(painting: Painting) -> _Known:
    labels = painting.labels.values()
    titles = [_folded(title) for label in labels for title in (label.title, label.short)]
    others = [painting.name, *painting.also, *(label.painter for label in labels)]
    texts = [*titles, *map(_folded, others)]
    return _Known(texts, titles, frozenset(word for text in texts for word in text))


def _folded(text: str) -> list[str]:
    """Split into words without regard to case, accents, the dots of ё, and signs that are no letters."""
    signs = unicodedata.normalize("NFKD", text.casefold())
    plain = (sign for sign in signs if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()


def _telling(words: list[str]) -> list[str]:
    return [word for word in words if word not in _FILLING]


def _is_form_of(word: str, known: str) -> bool:
    same = max(_LEGIBLE, max(len(word), len(known)) - _ENDING)
    return len(word) >= same and word[:same] == known[:same]
