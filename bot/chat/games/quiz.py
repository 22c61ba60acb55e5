"""Make up a quiz: draw a painting of the gallery, and set others beside it for people to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, Self

from bot.gallery.collection import Gallery
from bot.wording.translation import Translator

OPTIONS = 4
FEWEST = 2
LONGEST_OPTION = 100  # signs; what Telegram takes
LONGEST_EXPLANATION = 200

Number = Literal[0, 1, 2, 3]
_NUMBERS: tuple[Number, ...] = (0, 1, 2, 3)


@dataclass(frozen=True)
class Quiz:
    """What people guess.

    Args:
        painting: the name of the painting whose style is to be known again.
        label: all that there is to say of it.
        of_painters: whether its painter is asked for, rather than its title.
        options: to choose from.
        right: the number of the right one, from 0 on.
    """

    painting: str
    label: str
    of_painters: bool
    options: tuple[str, ...]
    right: Number

    @property
    def as_json(self) -> dict[str, Any]:
        """Return it as a game keeps it."""
        return {**vars(self), "options": list(self.options)}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Take it out of what a game keeps."""
        return cls(
            painting=stored["painting"],
            label=stored["label"],
            of_painters=stored["of_painters"],
            options=tuple(stored["options"]),
            right=stored["right"],
        )


def draw(gallery: Gallery, t: Translator, random: Random) -> Quiz | None:
    """Draw a painting, and what else it might be; None where the gallery has nothing else.

    Painters are asked for where there are enough of them, else titles.
    """
    painters = {painting: painting.label(t.language).painter for painting in gallery}
    painters = {painting: _cut(painter, LONGEST_OPTION) for painting, painter in painters.items() if painter}
    of_painters = len(set(painters.values())) >= OPTIONS
    titles = {painting: _cut(painting.label(t.language).short, LONGEST_OPTION) for painting in gallery}
    answers = painters if of_painters else titles
    if len(set(answers.values())) < FEWEST:
        return None
    drawn = random.choice(list(answers))
    others = sorted(set(answers.values()) - {answers[drawn]})
    options = [answers[drawn], *random.sample(others, min(OPTIONS - 1, len(others)))]
    random.shuffle(options)
    return Quiz(
        painting=drawn.name,
        label=_cut(str(drawn.label(t.language)), LONGEST_EXPLANATION),
        of_painters=of_painters,
        options=tuple(options),
        right=_NUMBERS[options.index(answers[drawn])],
    )


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
