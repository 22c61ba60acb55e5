"""Say what each kind of game keeps beside the columns that all games have.

It is stored as JSON in a game's `details`, from which each class here reads its own kind (`of`), and to which
it goes back (`as_json`). What a game does not have, as it is not so far yet or was begun by an older version,
is at its default, and what is None is not stored. Ids of messages are stored under `messages`, which is
dropped as a group becomes a supergroup and leaves its messages behind.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.chat.games.quiz import Quiz
from storage import Game


@dataclass(frozen=True, kw_only=True)
class PollDetails(ABC):
    """What a game keeps that asks in a poll.

    Args:
        closes: when Telegram has told of the poll's end at the latest, in Unix seconds; None before the poll.
    """

    closes: float | None = None

    @property
    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """Return it as a game keeps it."""


@dataclass(frozen=True, kw_only=True)
class DuelDetails(PollDetails):
    """What a duel keeps.

    Args:
        photo_of: what the person is called whose photo it is about.
        is_sheet: whether its message is a sheet of the gallery, rather than words; None before it is opened.
        give_up: when small paintings are waited for no more, in Unix seconds; None before they are wanted.
        album: the message with the small paintings.
        numbers: of the entries that the poll asks about, in the order of its options.
        winner: the number of the entry that won.
        by_lot: whether that was a tie, of which lots were drawn.
        is_told: whether people have been told who won while the queue was full.
    """

    photo_of: str = ""
    is_sheet: bool | None = None
    give_up: float | None = None
    album: int | None = None
    numbers: tuple[int, ...] = ()
    winner: int | None = None
    by_lot: bool = False
    is_told: bool = False

    @classmethod
    def of(cls, game: Game) -> Self:
        """Take it out of a duel."""
        stored = game.details
        return cls(
            photo_of=stored.get("photo_of", ""),
            is_sheet=stored.get("is_sheet"),
            give_up=stored.get("give_up"),
            album=_message(stored, "album"),
            numbers=tuple(stored.get("numbers", ())),
            closes=stored.get("closes"),
            winner=stored.get("winner"),
            by_lot=stored.get("by_lot", False),
            is_told=stored.get("is_told", False),
        )

    @property
    def as_json(self) -> dict[str, Any]:
        """Return it as a duel keeps it."""
        values = dict(vars(self))
        return _stored(values, album=values.pop("album"))

    @property
    def was_opened(self) -> bool:
        """Say whether people have been invited once."""
        return self.is_sheet is not None


@dataclass(frozen=True, kw_only=True)
class GuessDetails(PollDetails):
    """What a guess keeps.

    Args:
        quiz: what is guessed.
        command: the message that began it.
    """

    quiz: Quiz
    command: int | None = None

    @classmethod
    def of(cls, game: Game) -> Self:
        """Take it out of a guess."""
        stored = game.details
        return cls(quiz=Quiz.of(stored), command=_message(stored, "command"), closes=stored.get("closes"))

    @property
    def as_json(self) -> dict[str, Any]:
        """Return it as a guess keeps it."""
        return _stored({**self.quiz.as_json, "closes": self.closes}, command=self.command)


@dataclass(frozen=True, kw_only=True)
class ChainDetails:
    """What a chain keeps.

    Args:
        begun_from: the id of the job whose result it begins with.
        left_alone: whether it ends by itself, as nobody has added a link for a day.
    """

    begun_from: int | None = None
    left_alone: bool = False

    @classmethod
    def of(cls, game: Game) -> Self:
        """Take it out of a chain."""
        stored = game.details
        return cls(begun_from=stored.get("job"), left_alone=stored.get("left alone", False))

    @property
    def as_json(self) -> dict[str, Any]:
        """Return it as a chain keeps it."""
        return _stored({"job": self.begun_from, "left alone": self.left_alone})


@dataclass(frozen=True, kw_only=True)
class DailyDetails:
    """What a painting of the day keeps. Times are Unix seconds.

    Args:
        date: of its day, where the group is, as in ISO 8601.
        painting: the name of the painting.
        late: when it is too late to post it.
        evening: when what was painted like it is shown.
    """

    date: str = ""
    painting: str = ""
    late: float = 0.0
    evening: float = 0.0

    @classmethod
    def of(cls, game: Game) -> Self:
        """Take it out of a painting of the day."""
        stored = game.details
        return cls(
            date=stored.get("date", ""),
            painting=stored.get("painting", ""),
            late=stored.get("late", 0.0),
            evening=stored.get("evening", 0.0),
        )

    @property
    def as_json(self) -> dict[str, Any]:
        """Return it as a painting of the day keeps it."""
        return _stored(vars(self))


def _stored(values: Mapping[str, Any], **messages: int | None) -> dict[str, Any]:
    """Leave out what is None, and put the ids of messages together."""
    known = {name: value for name, value in values.items() if value is not None}
    sent = {name: message_id for name, message_id in messages.items() if message_id is not None}
    return {**known, "messages": sent} if sent else known


def _message(stored: Mapping[str, Any], name: str) -> int | None:
    message_id: int | None = stored.get("messages", {}).get(name)
    return message_id
