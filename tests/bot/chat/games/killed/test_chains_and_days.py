"""Chains and paintings of the day of a bot that is killed in the middle of them: each picture comes once."""

import time
from datetime import UTC, datetime

import pytest

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import Break
from storage import Database, Game, GameKind, Games, Inbox
from tests.kit.killable_bot import KillableBot
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import eventually, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


def saying(chat: Chat, words: str) -> list[str]:
    """What its messages that say this show: a photo, an animation, or only words."""
    return [
        next((kind for kind in ("photo", "animation") if kind in message.content), "words")
        for message in chat.messages.values()
        if words in message.text
    ]


async def in_state(games: Games, chat: Chat, kind: GameKind, state: str) -> Game:
    async def has_come() -> bool:
        game = await games.last(chat.id, 0, kind)
        return game is not None and game.state.startswith(state)

    await until(has_come)
    game = await games.last(chat.id, 0, kind)
    assert game
    return game


async def at_rest(bot: KillableBot) -> None:
    """The bot has put away what it has answered, and will not answer it again in its next life."""
    database = await Database.open(bot.database, shared=True)

    async def is_empty() -> bool:
        return not await Inbox(database).left()

    await until(is_empty)
    await database.close()


class Deaths:
    """Kills the bot at one moment of a game, and starts it again."""

    def __init__(self, bot: KillableBot, api: Emulator, chat: Chat, moment: str) -> None:
        self._bot = bot
        self._api = api
        self._chat = chat
        self._moment = moment

    async def now(self, moment: str) -> None:
        if moment == self._moment:
            await self._bot.kill()
            await self._bot.start()

    def hold(self, *moments: str) -> None:
        """Hold paintings, if it is killed in one of these moments."""
        if self._moment in moments:
            self._bot.hold()

    async def held(self, moment: str) -> None:
        """Kill it while paintings are held; its next life finishes them."""
        if moment == self._moment:
            await self._bot.kill()
            self._bot.go_on()
            await self._bot.start()

    def planned_in(self, moment: str, method: str) -> None:
        """Let the next request of this method hang, once it had its effect, or before."""
        for fault, when in ((Break.HANG_AFTER, moment), (Break.HANG_BEFORE, f"before {moment}")):
            if when == self._moment:
                self._api.faults.next(method, fault, chat_id=self._chat.id)

    async def as_planned(self, moment: str) -> None:
        if self._moment in (moment, f"before {moment}"):
            await eventually(lambda: not self._api.faults.planned)
            await self._bot.kill()
            await self._bot.start()


DAILY = [
    *("words", "before words", "picture", "before picture", "open", "painting", "closing"),
    *("album", "before album"),
]


@pytest.mark.parametrize("moment", DAILY)
async def test_a_painting_of_the_day(
    moment: str, bot: KillableBot, api: Emulator, games: Games, ann: Actor, ben: Actor, friends: Chat
) -> None:
    deaths = Deaths(bot, api, friends, moment)
    soon = datetime.fromtimestamp(time.time() + bot.ahead + 120, UTC)
    await ann.send_text(f"/daily on {soon:%H:%M}", chat=friends)
    await ann.expect(text="The first one comes", chat=friends)
    await at_rest(bot)
    await bot.kill()
    bot.put_forward(180)
    deaths.planned_in("words", "sendMessage")
    deaths.planned_in("picture", "editMessageMedia")
    await bot.start()
    await deaths.as_planned("words")
    await deaths.as_planned("picture")
    painting = await ann.expect(text="Painting of the day:", photo=True, chat=friends)
    game = await in_state(games, friends, GameKind.DAILY, "open")
    await deaths.now("open")
    await _bring(ann, painting, friends, games, game)
    await ann.expect(text="🖼 Painting of the day\n", photo=True, buttons=["Repaint mine"], chat=friends)
    deaths.hold("painting", "closing")
    await _bring(ben, painting, friends, games, game)
    await ann.expect(text="Painting: ", photo=True, chat=friends)
    await deaths.held("painting")
    deaths.planned_in("album", "sendMediaGroup")
    bot.put_forward(game.details["evening"] - time.time() - bot.ahead + 1)
    if moment == "closing":
        await in_state(games, friends, GameKind.DAILY, "closing")
    await deaths.held("closing")
    await deaths.as_planned("album")
    await ann.expect(text="1. Ann\n2. Ben", photo=True, chat=friends)
    await in_state(games, friends, GameKind.DAILY, "over")
    await ann.send_text("/daily off", chat=friends)
    await ann.expect(text="No more paintings", chat=friends)
    posts = saying(friends, "Painting of the day:")
    assert posts == (["words", "photo"] if moment == "words" else ["photo"])
    assert len(saying(friends, "🖼 Painting of the day\n")) == 2
    assert len(saying(friends, "The pictures of the day")) == (2 if moment == "album" else 1)


async def _bring(person: Actor, painting: SeenMessage, friends: Chat, games: Games, game: Game) -> None:
    before = len(await games.entries(game.id))
    await person.send_photo(picture("red"), chat=friends, reply_to=painting)

    async def is_noted() -> bool:
        return len(await games.entries(game.id)) > before

    await until(is_noted)


CHAIN = ["painting", "delivered", "open", "words", "before words", "animation", "before animation"]


@pytest.mark.parametrize("moment", CHAIN)
async def test_a_chain(
    moment: str, bot: KillableBot, api: Emulator, games: Games, ann: Actor, ben: Actor, friends: Chat
) -> None:
    deaths = Deaths(bot, api, friends, moment)
    await ann.send_photo(picture("red"), "/style great wave", chat=friends)
    shown = await ann.expect(photo=True, buttons=["Repaint mine"], chat=friends)
    await at_rest(bot)
    deaths.hold("painting")
    deaths.planned_in("delivered", "editMessageMedia")
    await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
    if moment == "painting":
        await ann.expect(text="Painting: ", photo=True, chat=friends)
    await deaths.held("painting")
    await deaths.as_planned("delivered")
    shown = await ann.expect(text="Link 1 of 5 · Ben", photo=True, chat=friends)
    await in_state(games, friends, GameKind.CHAIN, "open")
    await deaths.now("open")
    await ann.send_photo(picture("green"), "/chain", chat=friends, reply_to=shown)
    await ann.expect(text="Link 2 of 5 · Ann", photo=True, chat=friends)
    await in_state(games, friends, GameKind.CHAIN, "open")
    deaths.planned_in("words", "sendMessage")
    deaths.planned_in("animation", "editMessageMedia")
    await ben.send_text("/chain end", chat=friends)
    await deaths.as_planned("words")
    await deaths.as_planned("animation")
    await in_state(games, friends, GameKind.CHAIN, "over")
    ends = saying(friends, "Ann → Ben → Ann")
    assert ends == (["words", "animation"] if moment == "words" else ["animation"])
    assert len(saying(friends, "Link 1 of 5")) == 1
