"""Votes and taps in duels and guesses that come early, late, twice, from elsewhere, or were made up."""

from typing import Any

import pytest

from bot.chat.games.duel_course import VOTE_SECONDS
from bot.chat.games.guess_course import OPEN_SECONDS
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import Break, server_error
from storage import Game, GameKind, Games
from tests.kit.clock import Clock
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.play import Play
from tests.kit.waiting import eventually, until


@pytest.fixture
def people(ann: Actor, ben: Actor, cleo: Actor) -> tuple[Actor, Actor, Actor]:
    return ann, ben, cleo


@pytest.fixture
def play(api: Emulator, games: Games, easel: Easel, clock: Clock, people: tuple[Actor, Actor, Actor]) -> Play:
    chat = api.world.add_supergroup("Friends", [one.person for one in people])
    return Play(chat, games, easel, clock.put_forward, people)


def answer(poll_id: str, who: Actor, *options: int) -> dict[str, Any]:
    """A vote as a bot is told of it."""
    persistent = [str(option) for option in options]
    user = who.person.to_json()
    return {
        "poll_id": poll_id,
        "user": user,
        "option_ids": list(options),
        "option_persistent_ids": persistent,
    }


async def under_way(games: Games, chat: Chat, kind: GameKind) -> Game:
    game = await games.under_way(chat.id, 0, kind)
    assert game is not None
    return game


async def scores(games: Games, chat: Chat, people: int) -> dict[str, int]:
    async def have_guessed() -> bool:
        return len(await games.top(chat.id)) == people

    await until(have_guessed)
    return {score.name: score.score for score in await games.top(chat.id)}


async def test_a_vote_before_it_is_known_whose_poll_it_is_in(api: Emulator, play: Play, games: Games) -> None:
    """The answer to the bot's request is lost, so it sends the poll again; both are voted in."""
    api.faults.next("sendPoll", Break.DROP_AFTER)
    photo = await play.ben.send_photo(picture("red"), chat=play.chat)
    await play.ann.send_text("/guess", chat=play.chat, reply_to=photo)
    await eventually(lambda: play.poll is not None)
    first = play.poll
    assert first is not None
    right = first.json["poll"].get("correct_option_ids") or _solution(play)
    await play.ben.vote(first, right[0])
    await eventually(lambda: play.poll is not None and play.poll.id != first.id)
    second = play.poll
    assert second is not None
    await play.cleo.vote(second, (right[0] + 1) % 4)
    assert await scores(games, play.chat, 2) == {"Ben": 1, "Cleo": 0}
    await play.ben.vote(second, (right[0] + 1) % 4)  # after which the first one counts
    api.world.polls.let_time_pass(OPEN_SECONDS + 1)
    await play.ann.expect(text="1 of 3 guessed right.", chat=play.chat)
    assert await scores(games, play.chat, 2) == {"Ben": 1, "Cleo": 0}


def _solution(play: Play) -> list[int]:
    """What only the bot knows, and who has voted."""
    polls = [message.poll for message in play.chat.messages.values() if message.poll]
    solution: list[int] = polls[0].solution["correct_option_ids"]
    return solution


async def test_a_vote_in_either_copy_of_a_duels_poll_counts(api: Emulator, play: Play, games: Games) -> None:
    api.faults.next("sendPoll", Break.DROP_AFTER)
    await play.begin(GameKind.DUEL, "voting")
    first, second = [message for message in play.chat.messages.values() if message.poll]
    api.world.vote(play.cleo.person, first, [1])
    api.world.vote(play.ben.person, second, [1])
    api.world.vote(play.ann.person, second, [0])

    async def are_counted() -> bool:
        game = await under_way(games, play.chat, GameKind.DUEL)
        return await games.votes(game.id) == (1, 2)

    await until(are_counted)
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    shown = await play.ann.expect(text="wins the duel", photo=True, chat=play.chat)
    assert "Ben's Café Terrace wins" in shown.text


async def test_a_vote_that_is_changed_or_taken_back_in_a_duel(
    api: Emulator, play: Play, games: Games
) -> None:
    await play.begin(GameKind.DUEL, "voting")
    poll = play.poll
    assert poll is not None
    await play.cleo.vote(poll, 0)
    await play.cleo.vote(poll, 1)
    await play.ann.vote(poll, 0)
    await play.ann.vote(poll)

    async def are_counted() -> bool:
        game = await under_way(games, play.chat, GameKind.DUEL)
        return await games.votes(game.id) == (0, 1)

    await until(are_counted)
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    shown = await play.ann.expect(text="wins the duel", photo=True, chat=play.chat)
    assert "Ben's Café Terrace wins" in shown.text


async def test_votes_that_come_twice_late_or_were_made_up(
    api: Emulator, play: Play, games: Games, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.games.poll_updates.STRAY", 0)
    await play.begin(GameKind.GUESS, "open")
    game = await under_way(games, play.chat, GameKind.GUESS)
    assert game.poll_id is not None
    right = game.details["right"]
    wrong = (right + 1) % 4
    for made_up in (
        answer("17", play.ann, right),  # a poll that is not there
        answer(game.poll_id, play.ann),  # taken back, which a quiz has no way to
        answer(game.poll_id, play.ann, 99),
        answer(game.poll_id, play.ben, wrong),
        answer(game.poll_id, play.ben, right),  # final is the first
    ):
        api.world.updates.add("poll_answer", made_up)
    channel = answer(game.poll_id, play.cleo, right)
    del channel["user"]
    channel["voter_chat"] = {"id": -100123, "type": "channel", "title": "News"}
    api.world.updates.add("poll_answer", channel)
    assert await scores(games, play.chat, 2) == {"Ann": 0, "Ben": 0}
    api.world.polls.let_time_pass(OPEN_SECONDS + 1)
    await play.over(GameKind.GUESS)
    api.world.updates.add("poll_answer", answer(game.poll_id, play.cleo, right))  # told after the end
    assert await scores(games, play.chat, 3) == {"Ann": 0, "Ben": 0, "Cleo": 1}


async def test_polls_that_belong_to_no_game(api: Emulator, play: Play, games: Games) -> None:
    """Somebody else's are never told of; one of a duel that is over may be."""
    await play.begin(GameKind.DUEL, "voting")
    game = await under_way(games, play.chat, GameKind.DUEL)
    message = next(message for message in play.chat.messages.values() if message.poll)
    assert message.poll is not None
    forged = message.poll.to_json()
    forged |= {"id": "17", "total_voter_count": 9, "options": forged["options"][::-1]}
    forged["options"][0]["voter_count"] = 9
    api.world.updates.add("poll", forged)
    await play.ann.send_text("/duel cancel", chat=play.chat)
    await play.ann.expect(text="The duel is cancelled", chat=play.chat)
    late = message.poll.to_json() | {"is_closed": True}
    late["options"][0]["voter_count"] = 5
    api.world.updates.add("poll", late)
    await play.ann.send_text("/duel cancel", chat=play.chat)
    await play.ann.expect(text="There is no duel here to cancel", chat=play.chat)
    assert await games.of_poll("17") is None
    after = await games.get(game.id)
    assert after is not None
    assert after.is_over


async def test_taps_and_replies_from_another_chat_and_after_the_end(
    api: Emulator, play: Play, games: Games, people: tuple[Actor, Actor, Actor]
) -> None:
    await play.begin(GameKind.DUEL, "entering")
    game = await under_way(games, play.chat, GameKind.DUEL)
    asked = next(
        seen
        for seen in (play.cleo.seen(message.to_watchers()) for message in play.chat.messages.values())
        if "A duel of styles!" in seen.text
    )
    data = asked.callback_data("3") or ""
    elsewhere = api.world.add_supergroup("Cats", [one.person for one in people])
    await play.cleo.send_text("/help", chat=elsewhere)
    help_there = await play.cleo.expect(text="/style", chat=elsewhere)
    assert await play.cleo.tap_data(help_there, data) == "That game is over."
    for forged in (f"j:{game.id}:", f"j:{game.id}:p", f"j:{game.id}:zzz", f"j:{game.id}:p%00"):
        assert await play.cleo.tap_data(asked, forged) == "That button no longer works."
    assert [entry.name for entry in await games.entries(game.id)] == ["Ann", "Ben"]
    await play.ann.send_text("/duel cancel", chat=play.chat)
    await play.ann.expect(text="The duel is cancelled", chat=play.chat)
    await play.cleo.send_photo(picture("blue"), chat=play.chat, reply_to=asked)
    await play.cleo.expect(text="That duel is over.", chat=play.chat)
    assert await play.cleo.tap_data(asked, data) == "That duel is over."


@pytest.mark.parametrize("kind", [GameKind.DUEL, GameKind.GUESS])
async def test_a_poll_that_is_sent_after_its_game_was_ended_is_closed(
    kind: GameKind, api: Emulator, play: Play
) -> None:
    """Telegram stumbles over the poll at first, and meanwhile games are switched off."""
    api.faults.next("sendPoll", server_error(), times=2)
    await play.begin(kind, "entering")
    if kind is GameKind.DUEL:
        play.close_entries()
    await eventually(lambda: len(api.faults.planned) < 2)
    await play.ann.send_text("/games off", chat=play.chat)
    await play.ann.expect(text="Games are off here", chat=play.chat)
    await eventually(lambda: bool(play.poll and play.poll.poll and play.poll.poll.is_closed))
