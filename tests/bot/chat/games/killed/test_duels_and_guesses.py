"""Duels and guesses of a bot that is killed in the middle of them: people see them to their end."""

import pytest

from bot.chat.games.duel_course import VOTE_SECONDS
from bot.chat.games.duel_entries import ENTRY_SECONDS
from bot.chat.games.guess_course import OPEN_SECONDS
from bot.chat.games.poll_counts import LATE
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import Break
from bot.studio.game_clock import AGAIN
from storage import Game, GameKind, Games
from tests.kit.killable_bot import KillableBot
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Deaths:
    """Kills the bot at one moment of a game, and starts it again."""

    def __init__(self, bot: KillableBot, moment: str) -> None:
        self.bot = bot
        self.moment = moment

    async def in_request(self, moment: str, method: str, fault: Break = Break.HANG_AFTER) -> None:
        if moment == self.moment:
            await self.bot.killed_in(method, fault)
            await self.bot.start()

    async def before(self, moment: str) -> None:
        """The bot is away from now on, until it is `after` the same."""
        if moment == self.moment:
            await self.bot.kill()

    async def after(self, moment: str) -> None:
        if moment == self.moment:
            await self.bot.start()

    async def in_painting(self, moment: str, sign: str, ann: Actor, chat: Chat, held: str = "hold") -> None:
        """While a painting is held that began before; `sign` shows that it has begun."""
        if moment == self.moment:
            await ann.expect(text=sign, chat=chat)
            await self.bot.kill()
            self.bot.go_on(held)
            await self.bot.start()

    def hold(self, moment: str, held: str = "hold") -> None:
        if moment == self.moment:
            self.bot.hold(held)


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor, cleo: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [one.person for one in (ann, ben, cleo)])


def seen_in(chat: Chat, api: Emulator) -> list[SeenMessage]:
    return [SeenMessage(message.to_watchers(), api.world.files) for message in chat.messages.values()]


def polls_in(chat: Chat, api: Emulator) -> list[SeenMessage]:
    return [seen for seen in seen_in(chat, api) if seen.poll]


def close_polls(chat: Chat, api: Emulator) -> None:
    """The time of each is over."""
    for message in chat.messages.values():
        if message.poll and not message.poll.is_closed:
            api.world.polls.close(message)


async def ended(games: Games, chat: Chat, kind: GameKind) -> None:
    async def is_over() -> bool:
        game = await games.last(chat.id, 0, kind)
        return game is not None and game.is_over

    await until(is_over)


async def asks(games: Games, chat: Chat, kind: GameKind) -> Game:
    """The game, once it is noted which poll it asks in."""

    async def has_poll() -> bool:
        game = await games.last(chat.id, 0, kind)
        return game is not None and game.poll_id is not None

    await until(has_poll)
    game = await games.last(chat.id, 0, kind)
    assert game is not None
    return game


DUEL = ["opening", "entered", "small", "album", "asked", "voting", "counting", "winner", "crowned"]


@pytest.mark.parametrize("moment", DUEL)
async def test_a_duel(
    moment: str,
    bot: KillableBot,
    api: Emulator,
    games: Games,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    friends: Chat,
) -> None:
    deaths = Deaths(bot, moment)
    photo = await cleo.send_photo(picture("red"), chat=friends)
    await ann.send_text("/duel", chat=friends, reply_to=photo)
    await _enter(deaths, ann, ben, friends)
    deaths.hold("small", "hold_samples")
    bot.put_forward(ENTRY_SECONDS)
    await deaths.in_painting("small", "The duel is on!", ann, friends, "hold_samples")
    await deaths.in_request("album", "sendMediaGroup")
    await _vote(deaths, api, games, (ann, ben, cleo), friends)
    deaths.hold("winner")
    await _close(deaths, api, friends, VOTE_SECONDS)
    await deaths.in_painting("winner", "Painting", ann, friends)
    await deaths.in_request("crowned", "editMessageMedia")
    shown = await ann.expect(text="wins the duel", photo=True, buttons=["Repaint mine"], chat=friends)
    assert shown.text.startswith("🏆 Ben's Café Terrace wins the duel over Ann's Great Wave on Cleo's photo")
    assert "tie" not in shown.text
    await ended(games, friends, GameKind.DUEL)
    assert len([seen for seen in seen_in(friends, api) if "wins the duel" in seen.text]) == 1
    assert len(polls_in(friends, api)) == (2 if moment == "asked" else 1)


async def _enter(deaths: Deaths, ann: Actor, ben: Actor, friends: Chat) -> None:
    """Ann taps, and Ben replies, to the first message even if the same came again."""
    await deaths.in_request("opening", "sendPhoto")
    asked = await ann.expect(text="A duel of styles!", photo=True, chat=friends)
    is_told = deaths.moment != "entered"
    await ann.tap("1", message=asked, wait=is_told)
    if not is_told:
        await deaths.bot.killed_in("answerCallbackQuery", Break.HANG_BEFORE)
    await ben.send_text("café terrace", chat=friends, reply_to=asked)
    await deaths.after("entered")
    await ann.expect(text="1 · Great Wave (Ann)\n2 · Café Terrace (Ben)", chat=friends)


async def _vote(
    deaths: Deaths, api: Emulator, games: Games, people: tuple[Actor, Actor, Actor], friends: Chat
) -> None:
    """Ben's entry gets two of three votes; where there are two polls, in the first."""
    ann, ben, cleo = people
    if deaths.moment == "asked":
        await deaths.bot.killed_in("sendPoll", Break.HANG_AFTER)
        await cleo.vote(polls_in(friends, api)[0], 1)
        await deaths.bot.start()
    await asks(games, friends, GameKind.DUEL)
    first, *again = polls_in(friends, api)
    await ann.vote(again[0] if again else first, 0)
    await deaths.before("voting")
    await cleo.vote(first, 1)
    await ben.vote(first, 1)
    await deaths.after("voting")


async def _close(deaths: Deaths, api: Emulator, friends: Chat, seconds: float) -> None:
    """The time of the poll is over, which the bot hears, or finds when it has not heard of it in time."""
    if deaths.moment == "counting":
        deaths.bot.put_forward(seconds + LATE)
        await deaths.in_request("counting", "stopPoll")
        deaths.bot.put_forward(AGAIN)
    else:
        close_polls(friends, api)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_the_last_word_of_a_duel(
    moment: str, bot: KillableBot, games: Games, ann: Actor, cleo: Actor, friends: Chat
) -> None:
    photo = await cleo.send_photo(picture("red"), chat=friends)
    await ann.send_text("/duel", chat=friends, reply_to=photo)
    asked = await ann.expect(text="A duel of styles!", photo=True, chat=friends)

    async def is_open() -> bool:
        return await games.of_message(friends.id, asked.id) is not None

    await until(is_open)
    bot.put_forward(ENTRY_SECONDS)
    if moment == "before":
        await bot.killed_in("sendMessage", Break.HANG_BEFORE)
        await bot.start()
    await ann.expect(text="Nobody brought a style", chat=friends)
    await ended(games, friends, GameKind.DUEL)

    async def all_is_said() -> bool:
        return not await games.unsaid()

    await until(all_is_said)


GUESS = ["painting", "painted", "asked", "voting", "counting", "told"]


@pytest.mark.parametrize("moment", GUESS)
async def test_a_guess(
    moment: str,
    bot: KillableBot,
    api: Emulator,
    games: Games,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    friends: Chat,
) -> None:
    deaths = Deaths(bot, moment)
    deaths.hold("painting")
    photo = await ben.send_photo(picture("red"), chat=friends)
    await ann.send_text("/guess", chat=friends, reply_to=photo)
    await deaths.in_painting("painting", "Painting", ann, friends)
    await deaths.in_request("painted", "sendPoll", Break.HANG_BEFORE)
    game = await _guess(deaths, api, games, ben, cleo, friends)
    await _close(deaths, api, friends, OPEN_SECONDS)
    if moment == "told":
        await deaths.in_request("told", "editMessageCaption")
        bot.put_forward(AGAIN)
    told = await ann.expect(photo=True, text="It was", buttons=["Repaint mine"], chat=friends)
    assert game.details["label"] in told.text
    assert "1 of 2 guessed right." in told.text
    await ended(games, friends, GameKind.GUESS)
    assert [(one.name, one.score) for one in await games.top(friends.id)] == [("Ben", 1), ("Cleo", 0)]
    assert len([seen for seen in seen_in(friends, api) if "It was" in seen.text]) == 1
    assert len(polls_in(friends, api)) == (2 if moment == "asked" else 1)


async def _guess(deaths: Deaths, api: Emulator, games: Games, ben: Actor, cleo: Actor, friends: Chat) -> Game:
    """Ben guesses right, in the first poll where there are two, and Cleo wrong. Returns the game."""
    if deaths.moment == "asked":
        await deaths.bot.killed_in("sendPoll", Break.HANG_AFTER)
        [poll] = polls_in(friends, api)
        await ben.vote(poll, poll.json["poll"]["correct_option_ids"][0])
        await deaths.bot.start()
    game = await asks(games, friends, GameKind.GUESS)
    right, poll = game.details["right"], polls_in(friends, api)[-1]
    await deaths.before("voting")
    if deaths.moment != "asked":
        await ben.vote(poll, right)
    await cleo.vote(poll, (right + 1) % 4)
    await deaths.after("voting")

    async def both_guessed() -> bool:
        return len(await games.top(friends.id)) == 2

    await until(both_guessed)
    return game
