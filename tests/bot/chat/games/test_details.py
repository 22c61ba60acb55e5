"""What each kind of game keeps, read from rows that earlier versions have stored."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.games.details import ChainDetails, DailyDetails, DuelDetails, GuessDetails
from bot.chat.games.quiz import Quiz
from storage import Chats, Database, Game, GameKind, Games, NewGame

QUIZ = {
    "painting": "wave.jpg",
    "label": "Katsushika Hokusai: The Great Wave",
    "of_painters": True,
    "options": ["Claude Monet", "Katsushika Hokusai"],
    "right": 1,
}


@pytest.fixture(autouse=True)
def restart() -> None:
    """No bot runs: its rows are read beside it."""


@pytest.fixture
async def games(tmp_path: Path) -> AsyncIterator[Games]:
    database = await Database.open(tmp_path / "stylegram.db")
    yield Games(database)
    await database.close()


async def stored(games: Games, details: dict[str, Any]) -> Game:
    new = NewGame(
        request_key=str(details), kind=GameKind.DUEL, state="begun", chat_id=-1, thread_id=0, details=details
    )
    game, _ = await games.begin(new)
    assert game is not None
    return game


@pytest.mark.parametrize(
    ("row", "details"),
    [
        ({"photo_of": "Ben"}, DuelDetails(photo_of="Ben")),
        (
            {"photo_of": "Ben", "is_sheet": False, "give_up": 5.0},
            DuelDetails(photo_of="Ben", is_sheet=False, give_up=5.0),
        ),
        (
            {"photo_of": "Ben", "messages": {"album": 8}, "numbers": [1, 3], "closes": 7.0},
            DuelDetails(photo_of="Ben", album=8, numbers=(1, 3), closes=7.0),
        ),
        (
            {"photo_of": "Ben", "winner": 3, "by_lot": True, "is_told": True},
            DuelDetails(photo_of="Ben", winner=3, by_lot=True, is_told=True),
        ),
        ({**QUIZ, "closes": 7.0}, GuessDetails(quiz=Quiz.of(QUIZ), closes=7.0)),
        ({**QUIZ, "messages": {"command": 4}}, GuessDetails(quiz=Quiz.of(QUIZ), command=4)),
        ({"job": 12}, ChainDetails(begun_from=12)),
        ({"job": 12, "left alone": True}, ChainDetails(begun_from=12, left_alone=True)),
        (
            {"painting": "wave.jpg", "late": 1.0, "evening": 2.0},
            DailyDetails(painting="wave.jpg", late=1.0, evening=2.0),
        ),
        ({}, DuelDetails()),
        ({}, ChainDetails()),
        ({}, DailyDetails()),
    ],
)
async def test_rows_of_earlier_versions_are_read_and_lose_nothing(
    row: dict[str, Any], details: Any, games: Games
) -> None:
    game = await stored(games, row)
    assert type(details).of(game) == details
    assert await games.move_on(game, "on", details=details.as_json)
    now = await games.get(game.id)
    assert now is not None
    assert type(details).of(now) == details
    assert now.details | row == now.details


async def test_ids_of_messages_stay_behind_in_the_group_that_was(tmp_path: Path, games: Games) -> None:
    game = await stored(games, DuelDetails(photo_of="Ben", album=8).as_json)
    database = await Database.open(tmp_path / "stylegram.db", shared=True)
    await Chats(database).move(-1, -1001)
    await database.close()
    now = await games.get(game.id)
    assert now is not None
    assert DuelDetails.of(now) == DuelDetails(photo_of="Ben")
