"""Keep what people are owed, and watch what the bot does about it."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.faults import Break

if TYPE_CHECKING:
    from bot.demo.telegram.journal import Event
    from bot.demo.telegram.world import World

Shape = tuple[int, int]  # width and height in px; no two photos of a run have the same

RESULT = re.compile(r"here it is: (\w+)", re.IGNORECASE)
NEAR = 2.0  # seconds between a lost answer and the second sending that it explains


@dataclass(eq=False)
class Owed:
    """A picture that somebody was promised: they tapped a strength."""

    who: str
    chat_id: int
    shape: Shape
    strength: str
    since: float
    may_be_cancelled: bool = False
    messages: set[int] = field(default_factory=set)  # which showed it
    refused: str | None = None  # what a tap on the question was answered with instead

    @property
    def is_delivered(self) -> bool:
        return bool(self.messages)


@dataclass(eq=False)
class Question:
    """Something that the bot has to ask once."""

    kind: str
    chat_id: int
    copies: dict[int, float] = field(default_factory=dict)  # message id -> when


class Repeat(NamedTuple):
    """A question that was asked again."""

    question: Question
    first: float
    second: float
    answer_lost: bool  # which explains it: Telegram took the first, and the bot could not know


@dataclass(eq=False)
class Wait:
    """Somebody waits for an answer."""

    who: str
    what: str
    since: float


class Ledger:
    """Follows the journal of a world while `watch` runs."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.owed: list[Owed] = []
        self.questions: list[Question] = []
        self.waiting: list[Wait] = []
        self.answered: list[float] = []  # seconds that each wait took
        self.apologies: list[str] = []
        self.toasts: Counter[str] = Counter()
        self.copies: Counter[str] = Counter()  # what became of taps on one of several copies
        self.lost_answers: list[tuple[float, str]] = []  # when and of what, where it had taken effect
        self.written: list[float] = []  # when something was sent, edited or deleted in a chat
        self._open: dict[tuple[int, str, int], Question] = {}
        self._take = world.faults.take
        world.faults.take = self._note_request  # type: ignore[method-assign]

    def promise(self, who: str, chat_id: int, shape: Shape, strength: str) -> Owed:
        owed = Owed(who, chat_id, shape, strength, time.monotonic())
        self.owed.append(owed)
        return owed

    def question(self, kind: str, chat_id: int, owner: int) -> Question:
        """From now on the bot owes this question to `owner`."""
        question = Question(kind, chat_id)
        self.questions.append(question)
        self._open[chat_id, kind, owner] = question
        return question

    @contextmanager
    def wait(self, who: str, what: str) -> Iterator[None]:
        """Somebody waits for an answer as long as the block lasts."""
        wait = Wait(who, what, time.monotonic())
        self.waiting.append(wait)
        try:
            yield
        except BaseException:
            raise  # still unanswered
        else:
            self.waiting.remove(wait)
            self.answered.append(time.monotonic() - wait.since)

    async def watch(self) -> None:
        """Note what the bot shows, for ever."""
        async for event in self.world.journal.follow(self.world.journal.newest):
            if event.kind in ("message", "edited") and event.data["from"]["id"] == self.world.bot.id:
                self._note(event)

    def repeated(self) -> list["Repeat"]:
        """The questions asked more than once, a row for each time too many."""
        found = []
        for question in self.questions:
            for first, second in pairwise(sorted(question.copies.values())):
                lost = any(first - NEAR < when < second for when, _ in self.lost_answers)
                found.append(Repeat(question, first, second, lost and second - first < 2 * NEAR))
        return found

    def _note(self, event: "Event") -> None:
        seen = SeenMessage(event.data, self.world.files)
        actions = actions_of(event.data)
        if "s" in actions:
            self._note_copy(event, "strength", actions["s"])
        elif "Now send me the style" in seen.text:
            self._note_copy(event, "style", event.chat_id)
        if ("r" in actions and "Cancelled" not in seen.text) or "didn't work out" in seen.text:
            self.apologies.append(f"{event.data['chat'].get('title') or event.chat_id} {seen}")
        if "os" in actions and seen.has_photo and (named := RESULT.search(seen.text)):
            strength = named[1].capitalize()
            largest = seen.json["photo"][-1]
            shape = largest["width"], largest["height"]
            for owed in self.owed:
                if (owed.chat_id, owed.shape, owed.strength) == (event.chat_id, shape, strength):
                    owed.messages.add(seen.id)

    def _note_copy(self, event: "Event", kind: str, owner: int) -> None:
        question = self._open.get((event.chat_id, kind, owner))
        if event.kind == "message" and question is not None:
            question.copies[event.data["message_id"]] = time.monotonic()

    def _note_request(self, method: str, chat_id: int | None = None) -> Any:
        fault = self._take(method, chat_id)
        if method.startswith(("send", "edit", "delete")) and chat_id is not None:
            self.written.append(time.monotonic())
        if isinstance(fault, Break) and fault.takes_effect:
            self.lost_answers.append((time.monotonic(), method))
        return fault


def actions_of(message: dict[str, Any]) -> dict[str, int]:
    """What the buttons under a message do, and the id that each is about."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    found = {}
    for button in (button for row in rows for button in row):
        action, _, rest = button.get("callback_data", "").partition(":")
        number = rest.partition(":")[0]
        if number.isdecimal():
            found[action] = int(number)
    return found
