"""Duels and guesses in whose middle something happens to the group: they end in a way that people see."""

import pytest

from bot.chat.games.duel_course import VOTE_SECONDS
from bot.chat.games.guess_course import OPEN_SECONDS
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from storage import GameKind, Games, Jobs
from tests.kit.clock import Clock
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.play import Play
from tests.kit.waiting import eventually, until

DUEL = pytest.mark.parametrize("state", ["entering", "painting", "voting"])
GUESS = pytest.mark.parametrize("state", ["painting", "open"])


@pytest.fixture
def group(api: Emulator, ann: Actor, ben: Actor, cleo: Actor) -> Chat:
    """Cleo's, and no supergroup yet."""
    return api.world.add_group("Friends", [one.person for one in (cleo, ann, ben)])


@pytest.fixture
def play(group: Chat, games: Games, easel: Easel, clock: Clock, ann: Actor, ben: Actor, cleo: Actor) -> Play:
    return Play(group, games, easel, clock.put_forward, (ann, ben, cleo))


@DUEL
async def test_games_are_switched_off_in_a_duel(state: str, play: Play, easel: Easel) -> None:
    await play.begin(GameKind.DUEL, state)
    await play.cleo.send_text("/games off", chat=play.chat)
    await play.cleo.expect(text="Games are off here", chat=play.chat)
    await play.over(GameKind.DUEL)
    easel.go_on_samples()
    if state == "entering":
        assert await play.cleo.tap("3", chat=play.chat) == "That duel is over."
    if state == "voting":
        assert play.poll is not None
        assert play.poll.poll is not None
        assert play.poll.poll.is_closed
    else:
        assert play.poll is None


@GUESS
async def test_games_are_switched_off_in_a_guess(state: str, play: Play, easel: Easel) -> None:
    await play.begin(GameKind.GUESS, state)
    await play.cleo.send_text("/games off", chat=play.chat)
    if state == "painting":
        await play.ann.expect(text="Cancelled", buttons=["Paint it after all"], chat=play.chat)
        easel.go_on()
        assert await play.ann.tap("Paint it after all", chat=play.chat) is not None
        shown = await play.ann.expect(photo=True, buttons=["Repaint mine"], chat=play.chat)
        assert "style is this" not in shown.text
        assert play.poll is None
    else:
        told = await play.ann.expect(text="It was", buttons=["Repaint mine"], chat=play.chat)
        assert told.has_photo
        assert play.poll is not None
        assert play.poll.poll is not None
        assert play.poll.poll.is_closed
    await play.over(GameKind.GUESS)


@DUEL
async def test_the_bot_is_removed_in_a_duel(state: str, play: Play, easel: Easel) -> None:
    await play.begin(GameKind.DUEL, state)
    play.cleo.remove_bot(play.chat)
    await play.over(GameKind.DUEL)
    easel.go_on_samples()
    play.cleo.add_bot(play.chat)
    photo = await play.ben.send_photo(picture("blue"), chat=play.chat)
    await play.ben.send_text("/duel", chat=play.chat, reply_to=photo)
    await play.ben.expect(text="A duel of styles!", chat=play.chat)


async def test_the_bot_is_removed_while_it_paints_a_guess(play: Play, easel: Easel, jobs: Jobs) -> None:
    await play.begin(GameKind.GUESS, "painting")
    play.cleo.remove_bot(play.chat)
    await play.over(GameKind.GUESS)
    easel.go_on()
    await eventually(lambda: easel.at_work == 0)
    assert await jobs.of_user(play.ann.id) == []


@DUEL
async def test_who_began_a_duel_leaves(state: str, play: Play) -> None:
    await play.begin(GameKind.DUEL, state)
    play.ann.leave(play.chat)
    await play.go_on(GameKind.DUEL, seconds=VOTE_SECONDS)
    await play.ben.expect(text="Ben's Café Terrace wins the duel over Ann's", photo=True, chat=play.chat)
    await play.over(GameKind.DUEL)


@GUESS
async def test_who_began_a_guess_leaves(state: str, play: Play) -> None:
    await play.begin(GameKind.GUESS, state)
    play.ann.leave(play.chat)
    await play.go_on(GameKind.GUESS, seconds=OPEN_SECONDS)
    await play.ben.expect(text="It was", photo=True, buttons=["Repaint mine"], chat=play.chat)
    await play.over(GameKind.GUESS)


@DUEL
async def test_the_group_becomes_a_supergroup_in_a_duel(state: str, play: Play, games: Games) -> None:
    await play.begin(GameKind.DUEL, state)
    if state == "voting":
        assert play.poll is not None
        await play.cleo.vote(play.poll, 1)
        await play.counted(GameKind.DUEL)
    await _move(play, games, GameKind.DUEL)
    if state == "entering":
        again = await play.cleo.expect(text="2 · Café Terrace (Ben)", photo=True, chat=play.chat)
        assert "A duel of styles!" in again.text
        assert await play.cleo.tap("3", chat=play.chat) == "You bring Composition VIII."
        await play.cleo.expect(text="3 · Composition VIII (Cleo)", chat=play.chat)
    await play.go_on(GameKind.DUEL, seconds=VOTE_SECONDS)
    if state != "voting":
        album = await play.cleo.expect(
            text="1 · Great Wave", chat=play.chat, where=lambda seen: bool(seen.album)
        )
        poll = play.poll
        assert poll is not None
        assert poll.reply_to_id == album.id
    shown = await play.ben.expect(text="wins the duel", photo=True, chat=play.chat)
    assert "Ben's Café Terrace wins" in shown.text
    await play.over(GameKind.DUEL)


@GUESS
async def test_the_group_becomes_a_supergroup_in_a_guess(state: str, play: Play, games: Games) -> None:
    await play.begin(GameKind.GUESS, state)
    if state == "open":
        assert play.poll is not None
        await play.cleo.vote(play.poll, 1)
        await play.counted(GameKind.GUESS)
    await _move(play, games, GameKind.GUESS)
    await play.go_on(GameKind.GUESS, seconds=OPEN_SECONDS)
    told = await play.ben.expect(text="It was", chat=play.chat)
    assert "of 1 guessed right" in told.text
    await play.over(GameKind.GUESS)
    assert [score.name for score in await games.top(play.chat.id)] == ["Cleo"]


async def _move(play: Play, games: Games, kind: GameKind) -> None:
    play.chat = play.cleo.upgrade(play.chat)

    async def has_moved() -> bool:
        return await games.under_way(play.chat.id, 0, kind) is not None

    await until(has_moved)


async def test_photos_are_forbidden_while_people_vote(play: Play) -> None:
    await play.begin(GameKind.DUEL, "voting")
    play.cleo.forbid(play.chat, "photo")
    await play.go_on(GameKind.DUEL, seconds=VOTE_SECONDS)
    await play.ben.expect(text="Ben's Café Terrace wins the duel", document=True, chat=play.chat)
    await play.over(GameKind.DUEL)


async def test_photos_are_forbidden_while_people_guess(play: Play) -> None:
    await play.begin(GameKind.GUESS, "open")
    play.cleo.forbid(play.chat, "photo", "poll")
    await play.go_on(GameKind.GUESS, seconds=OPEN_SECONDS)
    await play.ben.expect(text="It was", photo=True, buttons=["Repaint mine"], chat=play.chat)
    await play.over(GameKind.GUESS)
