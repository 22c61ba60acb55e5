"""Simulate people who use the bot as people do, and never go on before they are answered."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from tests.bench.steady.ledger import Ledger, Owed, Question, Shape, actions_of
from tests.kit.people import Actor
from tests.kit.pictures import picture

if TYPE_CHECKING:
    from bot.demo.telegram.journal import Event

FOR_EVER = 1e6  # seconds
STRENGTHS = ("Light", "Balanced", "Strong", "Wild")
STYLE = picture((0, 128, 128), 90, 90)
TRY_LATER = "as many pictures"  # the queue is full
REFUSALS = ("That question is settled", "That button no longer works", "Something went wrong")
CANCELLED = ("Cancelled", "I stopped", "There is nothing to cancel")


class Shapes:
    """Sizes of photos, 7000 before one comes twice: by them their results are told apart."""

    def __init__(self, random: Random) -> None:
        sizes = [(width, height) for width in range(110, 250) for height in range(60, 110)]
        random.shuffle(sizes)
        self._next = cycle(sizes)

    def next(self) -> Shape:
        return next(self._next)


class Visitor:
    """One person, who does one thing after another."""

    def __init__(
        self, actor: Actor, ledger: Ledger, shapes: Shapes, random: Random, groups: list[Chat], pause: float
    ) -> None:
        self.name = actor.person.first_name
        self._actor = actor
        self._ledger = ledger
        self._shapes = shapes
        self._random = random
        self._groups = groups
        self._pause = pause
        self.closing = False

    async def run(self) -> None:
        """Do this and that until `closing`."""
        things: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.send_pair, 9),
            (self.send_album, 2),
            (self.send_pair_in_group, 5),
            (self.change_mind, 2),
            (self.ask_for_help, 2),
        ]
        acts, weights = zip(*things, strict=True)
        while not self.closing:
            await asyncio.sleep(self._random.uniform(0, self._pause))
            [act] = self._random.choices(acts, weights)
            await act()

    async def send_pair(self) -> None:
        actor, shape = self._actor, self._shapes.next()
        sent = await actor.send_photo(photo_of(shape))
        self._ledger.question("style", actor.id, actor.id)
        await self._hear(
            "the request for a style", lambda seen: is_new(seen, sent.id, "Now send me the style")
        )
        sent = await actor.send_photo(STYLE)
        question = self._ledger.question("strength", actor.id, actor.id)
        await self._hear("the strength question", lambda seen: seen.id > sent.id and "s" in _actions(seen))
        await self._choose(question, actor.private, shape)

    async def send_album(self) -> None:
        actor, shape = self._actor, self._shapes.next()
        sent = (await actor.send_album([photo_of(shape), STYLE]))[-1]
        question = self._ledger.question("strength", actor.id, actor.id)
        await self._hear("an album's question", lambda seen: seen.id > sent.id and "s" in _actions(seen))
        await self._choose(question, actor.private, shape)

    async def send_pair_in_group(self) -> None:
        actor, shape, chat = self._actor, self._shapes.next(), self._random.choice(self._groups)
        photo = await actor.send_photo(photo_of(shape), chat=chat)
        command = await actor.send_text("/style", chat=chat, reply_to=photo)
        asked = await self._hear("the group's request", lambda seen: seen.reply_to_id == command.id, chat)
        style = await actor.send_photo(STYLE, chat=chat, reply_to=asked)
        question = self._ledger.question("strength", chat.id, actor.id)
        await self._hear(
            "the group's strength question",
            lambda seen: seen.reply_to_id == style.id and "s" in _actions(seen),
            chat,
        )
        await self._choose(question, chat, shape)

    async def change_mind(self) -> None:
        """Send a photo, and take it back."""
        sent = await self._actor.send_photo(photo_of(self._shapes.next()))
        self._ledger.question("style", self._actor.id, self._actor.id)
        await self._hear(
            "the request for a style", lambda seen: is_new(seen, sent.id, "Now send me the style")
        )
        await self._cancel(self._actor.private)

    async def ask_for_help(self) -> None:
        command, sign = self._random.choice((("/help", "/swap"), ("/status", "anything for you right now")))
        sent = await self._actor.send_text(command)
        await self._hear(f"the answer to {command}", lambda seen: is_new(seen, sent.id, sign))

    async def _choose(self, question: Question, chat: Chat, shape: Shape) -> None:
        """Tap a strength, and then wait for the picture, ask for more, or cancel."""
        await asyncio.sleep(self._random.uniform(0, 3) * self._pause)
        strength = self._random.choice(STRENGTHS)
        owed = self._ledger.promise(self.name, chat.id, shape, strength)
        if not await self._tap_strength(question, chat, owed):
            return
        if self._random.random() < 0.15:
            owed.may_be_cancelled = True
            await asyncio.sleep(self._random.uniform(0, 0.5))
            await self._cancel(chat)
            return
        shown = await self._picture(owed, chat)
        chance = self._random.random()
        if self.closing:
            return
        if chance < 0.2:
            await self._take_as_file(shown, chat)
        elif chance < 0.4 and strength in STRENGTHS[:3]:
            await self._repaint(shown, owed, chat)

    async def _tap_strength(self, question: Question, chat: Chat, owed: Owed) -> bool:
        """Tap one of the copies of the question, the first more often; where that is refused, the others."""
        there = [number for number in question.copies if number in chat.messages]
        if len(there) > 1 and self._random.random() < 0.3:
            there.reverse()
        several = len(there) > 1
        toast = "no question was there"
        for number in there:
            toast = await self._tap(chat, number, owed.strength, "s")
            refused = toast.startswith(REFUSALS)
            if several:
                which = "first" if number == min(there) else "later"
                self._ledger.copies[f"{which} copy {'refused: ' + toast if refused else 'worked'}"] += 1
            if not refused:
                return True
        owed.refused = toast
        return False

    async def _tap(self, chat: Chat, number: int, label: str, action: str) -> str:
        """Tap until it is not put off, and return the toast; "" where what the tap does is seen first."""
        while True:
            toast = await self._tap_once(chat, number, label, action)
            self._ledger.toasts[toast] += 1
            if TRY_LATER not in toast:
                return toast
            await asyncio.sleep(1)

    async def _tap_once(self, chat: Chat, number: int, label: str, action: str) -> str:
        message = chat.messages.get(number)
        seen = self._actor.seen(message.to_json()) if message else None
        data = seen.callback_data(label) if seen else None
        if message is None or data is None:
            return ""  # the button is gone: something happened already
        before = self._actor.world.journal.newest
        query = self._actor.world.callback_queries.tap(self._actor.person, message, data)

        def is_answer(event: "Event") -> bool:
            if event.kind == "answered":
                return bool(event.data["callback_query_id"] == query)
            if event.kind != "edited" or event.chat_id != chat.id or event.data["message_id"] != number:
                return False
            return action not in actions_of(event.data)

        with self._ledger.wait(self.name, f"what a tap on {label} does"):
            event = await self._actor.world.journal.wait_for(is_answer, FOR_EVER, before)
        return str(event.data["text"]) if event.kind == "answered" else ""

    async def _picture(self, owed: Owed, chat: Chat) -> SeenMessage:
        with self._ledger.wait(self.name, f"the picture of {owed.shape}, {owed.strength}"):
            while not owed.messages:
                await self._actor.world.journal.wait(0.5)
        message = chat.messages[min(owed.messages)]
        return self._actor.seen(message.to_json())

    async def _take_as_file(self, shown: SeenMessage, chat: Chat) -> None:
        name = f"stylegram-{_actions(shown).get('os')}.png"

        def is_file(seen: SeenMessage) -> bool:
            return seen.has_document and seen.json["document"]["file_name"] == name

        await self._tap(chat, shown.id, "More…", "o")
        await self._tap(chat, shown.id, "As a file", "f")
        await self._hear(f"the file {name}", is_file, chat)

    async def _repaint(self, shown: SeenMessage, owed: Owed, chat: Chat) -> None:
        stronger = STRENGTHS[STRENGTHS.index(owed.strength) + 1]
        again = self._ledger.promise(self.name, chat.id, owed.shape, stronger)
        if not chat.is_private:
            await self._tap(chat, shown.id, "More…", "o")
        toast = await self._tap(chat, shown.id, stronger, "p")
        if toast.startswith(REFUSALS):
            again.refused = toast
        else:
            await self._picture(again, chat)

    async def _cancel(self, chat: Chat) -> None:
        sent = await self._actor.send_text("/cancel", chat=chat)
        await self._hear(
            "the answer to /cancel",
            lambda seen: (
                seen.text.startswith(CANCELLED)
                and (seen.reply_to_id == sent.id if not chat.is_private else seen.id > sent.id)
            ),
            chat,
        )

    async def _hear(
        self, what: str, is_it: Callable[[SeenMessage], bool], chat: Chat | None = None
    ) -> SeenMessage:
        with self._ledger.wait(self.name, what):
            return await self._actor.expect(where=is_it, chat=chat, timeout=FOR_EVER)


def photo_of(shape: Shape) -> bytes:
    """A photo of this size, whose colour is of no matter."""
    return picture((shape[0] % 256, 100, shape[1] % 256), *shape)


def _actions(seen: SeenMessage) -> dict[str, int]:
    return actions_of(seen.json)


def is_new(seen: SeenMessage, number: int, text: str) -> bool:
    """Say whether this came after the message of that number, and has `text` in it."""
    return seen.id > number and text in seen.text
