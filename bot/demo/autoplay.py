"""Play the main conversation by itself, as the smoke test of an installation."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.sample_pictures import SAMPLES

if TYPE_CHECKING:
    from bot.demo.people.users import SimulatedUser
    from bot.demo.stage import Stage
    from bot.demo.telegram.journal import Event
    from bot.demo.telegram.world import World

CONTENT, STYLE = SAMPLES["astronaut"], SAMPLES["van-gogh-auvers"]
STRENGTH = "Balanced"
ANSWER_WITHIN = 60.0  # seconds
RESULT_WITHIN = 900.0  # a worker has to warm up first, on a slow machine too


class PlayFailed(Exception):
    """It went otherwise than it should; the message is one line that says how."""


async def play(stage: "Stage", tell: Callable[[str], None]) -> bytes:
    """The result, a JPEG; what happens is told line by line. Raises `PlayFailed`, or why the bot ended."""
    player = stage.people[0]
    observer = Observer(stage.api.world, player.private.id, tell)
    playing = asyncio.create_task(_converse(player))
    others = [asyncio.ensure_future(stage.failed()), asyncio.create_task(observer.follow())]
    try:
        done, _ = await asyncio.wait([playing, *others], return_when=asyncio.FIRST_COMPLETED)
        observer.catch_up()
        if playing not in done:
            await done.pop()
        return await playing
    except AssertionError as disappointment:  # what users say of a message that did not come
        raise PlayFailed(str(disappointment).partition("\n")[0]) from disappointment
    finally:
        for task in (playing, *others):
            task.cancel()
        await asyncio.gather(playing, *others, return_exceptions=True)


async def _converse(user: "SimulatedUser") -> bytes:
    await user.send_photo(await asyncio.to_thread(CONTENT.path.read_bytes))
    await user.expect(timeout=ANSWER_WITHIN)
    await user.send_photo(await asyncio.to_thread(STYLE.path.read_bytes))
    await user.expect(buttons=[STRENGTH], timeout=ANSWER_WITHIN)
    await user.tap(STRENGTH, timeout=ANSWER_WITHIN)
    end = await user.expect(where=_is_over, timeout=RESULT_WITHIN)
    if not (end.has_photo and "Another style" in " ".join(end.buttons)):
        raise PlayFailed(f"no picture came, but: {_in_one_line(end.text)}")
    return await asyncio.to_thread(end.photo_bytes)


def _is_over(message: SeenMessage) -> bool:
    """What can still be cancelled is on its way, and so is what is announced."""
    return "is ready" not in message.text and not any("Cancel" in label for label in message.buttons)


class Observer:
    """Looks over people's shoulders in one chat. Edits that leave a message's buttons are told in short."""

    def __init__(self, world: "World", chat_id: int, tell: Callable[[str], None]) -> None:
        self._world = world
        self._chat_id = chat_id
        self._tell = tell
        self._told = world.journal.newest
        self._buttons: dict[tuple[int, int], list[str]] = {}  # by chat and message

    async def follow(self) -> None:
        async for event in self._world.journal.follow(self._told):
            self._observe(event)

    def catch_up(self) -> None:
        for event in self._world.journal.after(self._told):
            self._observe(event)

    def _observe(self, event: "Event") -> None:
        self._told = event.number
        if event.chat_id != self._chat_id:
            return
        if event.kind in ("message", "edited"):
            self._see(SeenMessage(event.data, self._world.files))
        elif event.kind == "tapped":
            message = SeenMessage(event.data["message"], self._world.files)
            self._tell(f"{event.data['from']['first_name']} taps {message.label_of(event.data['data'])}")
        elif event.kind == "answered" and event.data["text"]:
            self._tell(f"    ({event.data['text']})")

    def _see(self, message: SeenMessage) -> None:
        key = message.chat_id, message.id
        if self._buttons.get(key) == message.buttons:
            self._tell(f"    … {message.text.partition(chr(10))[0]}")
        else:
            self._tell(_line(message))
        self._buttons[key] = message.buttons


def _line(message: SeenMessage) -> str:
    parts = [f"{message.json['from']['first_name']}:"]
    if message.has_photo:
        largest = message.json["photo"][-1]
        parts.append(f"[photo {largest['width']} × {largest['height']}]")
    if message.text:
        parts.append(_in_one_line(message.text))
    if message.buttons:
        parts.append(f"<{' | '.join(message.buttons)}>")
    return " ".join(parts)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
