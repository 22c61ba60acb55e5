"""Keep the games of groups: what is played where, who brought what to it, and who guesses best."""

import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Any, Self

from storage.database import Database
from storage.picture_ref import PictureRef

OVER = "over"
"""The last state of every game. The others are in the words of its kind."""

FAREWELL = 60.0  # seconds after which the last word of a game is said, if it has not been by then

BEGIN = """
INSERT INTO games (kind, state, request_key, chat_id, thread_id, user_id, name, language, content_file_id,
    content_thumbnail_id, content_spoiler, content_message_id, details, due, created)
VALUES (:kind, :state, :request_key, :chat_id, :thread_id, nullif(:user_id, 0), :name, :language,
    :content_file_id, :content_thumbnail_id, :content_spoiler, :content_message_id, :details, :due, :created)
RETURNING *
"""

ENTER = """
INSERT INTO game_entries (game_id, number, user_id, name, file_id, thumbnail_id, spoiler, message_id, job_id)
SELECT :game_id, 1 + coalesce((SELECT max(number) FROM game_entries WHERE game_id = :game_id), 0), :user_id,
    :name, :file_id, :thumbnail_id, :spoiler, :message_id, :job_id
RETURNING *
"""

TOP = """
SELECT user_id, sum(is_right) AS score, count(*) AS guesses,
    (SELECT name FROM guesses AS latest WHERE latest.user_id = guesses.user_id AND latest.chat_id = :chat_id
     ORDER BY guessed DESC LIMIT 1) AS name
FROM guesses WHERE chat_id = :chat_id
GROUP BY user_id ORDER BY score DESC, guesses, max(guessed) LIMIT :limit
"""


class GameKind(StrEnum):
    """What is played."""

    DUEL = "duel"
    CHAIN = "chain"
    GUESS = "guess"
    DAILY = "daily"


@dataclass(frozen=True, kw_only=True)
class NewGame:
    """A game to begin; ids are Telegram's, `thread_id` is 0 outside forum topics."""

    request_key: str  # the same for the same command, however often it arrives
    kind: GameKind
    state: str
    chat_id: int
    thread_id: int
    user_id: int = 0  # who begins it; 0, as the name is empty, where the bot does so by the clock
    name: str = ""  # what they are called
    language: str | None = None
    content: PictureRef | None = None  # the photo that it is about
    details: Mapping[str, Any] = field(default_factory=dict)
    """What only its kind knows, as in JSON. Ids of messages are in `messages`, which a group's move drops."""
    due: float | None = None  # Unix seconds, when it goes on by itself


@dataclass(frozen=True, kw_only=True)
class Game(NewGame):
    """A game, and how far it is. Times are Unix seconds."""

    id: int
    message_id: int | None  # which shows the game
    poll_id: str | None
    poll_message_id: int | None
    created: float
    ended: float | None
    last_word: str | None  # what is still to be said once it is over, as HTML

    @property
    def is_over(self) -> bool:
        return self.state == OVER

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Self:
        """Make a game of its row."""
        values = dict(row)
        values |= {
            "kind": GameKind(values["kind"]),
            "user_id": values["user_id"] or 0,
            "content": PictureRef.pop_from(values, "content"),
            "details": json.loads(values["details"]),
        }
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """What somebody brings to a game.

    Args:
        user_id: who brings it.
        name: what they are called.
        picture: what they bring, with the message that it came in.
        job_id: which paints it, if one does.
    """

    user_id: int
    name: str
    picture: PictureRef
    job_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Entry(NewEntry):
    """What somebody brought to a game, and its number in the order of their coming, from 1 on."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """How well somebody guesses in a chat."""

    user_id: int
    name: str
    score: int  # right guesses
    guesses: int


class Games:
    """Keep all games, their entries and the guesses.

    A method that changes a game does so only while it is in the state that the caller knows, and says whether
    it did: others may have moved it on, ended it or been forgotten with it at any moment.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def begin(self, new: NewGame) -> tuple[Game | None, bool]:
        """Begin a game, or find the one of the same request key; True if it is new.

        None where another of its kind is under way in this chat and topic. Who begins it must be known
        (`Users.ensure`).
        """
        content = new.content or PictureRef("")
        values = vars(new) | {
            "content_file_id": new.content.file_id if new.content else None,
            "content_thumbnail_id": content.thumbnail_id,
            "content_spoiler": content.spoiler,
            "content_message_id": content.message_id,
            "details": json.dumps(dict(new.details)),
            "created": self._now(),
        }
        del values["content"]
        async with self._database.transaction() as execute:
            rows = await execute("SELECT * FROM games WHERE request_key = ?", (new.request_key,))
            if rows:
                return Game.from_row(rows[0]), False
            if await execute(
                "SELECT 1 FROM games WHERE chat_id = ? AND thread_id = ? AND kind = ? AND state <> ?",
                (new.chat_id, new.thread_id, new.kind, OVER),
            ):
                return None, False
            rows = await execute(BEGIN, values)
        return Game.from_row(rows[0]), True

    async def get(self, game_id: int) -> Game | None:
        """Return a game by its id."""
        return await self._one("SELECT * FROM games WHERE id = ?", game_id)

    async def under_way(self, chat_id: int, thread_id: int, kind: GameKind) -> Game | None:
        """Return the game of this kind that is played in this chat and topic."""
        return await self._one(
            "SELECT * FROM games WHERE chat_id = ? AND thread_id = ? AND kind = ? AND state <> ?",
            chat_id,
            thread_id,
            kind,
            OVER,
        )

    async def last(self, chat_id: int, thread_id: int, kind: GameKind) -> Game | None:
        """Return the game of this kind that was begun last in this chat and topic, over or not."""
        return await self._one(
            "SELECT * FROM games WHERE chat_id = ? AND thread_id = ? AND kind = ? ORDER BY id DESC LIMIT 1",
            chat_id,
            thread_id,
            kind,
        )

    async def of_message(self, chat_id: int, message_id: int) -> Game | None:
        """Return the game that this message of the bot's shows, or whose poll it is, over or not."""
        return await self._one(
            "SELECT * FROM games WHERE chat_id = ?1 AND (message_id = ?2 OR poll_message_id = ?2)"
            " ORDER BY id DESC LIMIT 1",
            chat_id,
            message_id,
        )

    async def of_poll(self, poll_id: str) -> Game | None:
        """Return the game that asks in this poll, over or not."""
        return await self._one(
            "SELECT games.* FROM games JOIN game_polls ON game_id = games.id WHERE game_polls.poll_id = ?",
            poll_id,
        )

    async def all_under_way(self, chat_id: int | None = None) -> list[Game]:
        """List the games that are not over, of one chat or all, the oldest first."""
        rows = await self._database.read(
            "SELECT * FROM games WHERE state <> :over AND (:chat_id IS NULL OR chat_id = :chat_id)"
            " ORDER BY id",
            {"over": OVER, "chat_id": chat_id},
        )
        return [Game.from_row(row) for row in rows]

    async def due(self) -> list[Game]:
        """List the games that are to go on by themselves by now, the longest due first.

        Those that are over are among them only where their last word is still to be said.
        """
        rows = await self._database.read(
            "SELECT * FROM games WHERE due <= ? ORDER BY due, id", (self._now(),)
        )
        return [Game.from_row(row) for row in rows]

    async def unsaid(self) -> list[Game]:
        """List the games that are over and whose last word is still to be said, the oldest first."""
        rows = await self._database.read("SELECT * FROM games WHERE last_word IS NOT NULL ORDER BY id")
        return [Game.from_row(row) for row in rows]

    async def next_due(self) -> float | None:
        """Return when the next game goes on by itself, in Unix seconds; None if none does."""
        rows = await self._database.read("SELECT min(due) AS due FROM games WHERE due IS NOT NULL")
        return None if rows[0]["due"] is None else float(rows[0]["due"])

    async def move_on(self, game: Game, state: str, *, due: float | None = None, **changed: Any) -> bool:
        """Bring a game from the state it is in, in this `game`, to another; `due` at this time, if at all.

        `changed` are other columns: message_id, poll_id, poll_message_id, details (all), and last_word of a
        game that ends, which is due until it was said. Of a game that is over nothing is secret any more: a
        trigger sees to that.
        """
        values: dict[str, Any] = {"state": state, "due": due, **changed}
        if state == OVER:
            now = self._now()
            values |= {"ended": now, "due": now + FAREWELL if changed.get("last_word") else None}
        if "details" in values:
            values["details"] = json.dumps(values["details"])
        sets = ", ".join(f"{name} = :{name}" for name in values)
        return await self._changed(
            f"UPDATE games SET {sets} WHERE id = :id AND state = :before RETURNING 1",  # noqa: S608
            {**values, "id": game.id, "before": game.state},
        )

    async def call(self, game_id: int, at: float | None = None) -> None:
        """Have a game go on by itself at this time, now if none is given."""
        await self._database.write(
            "UPDATE games SET due = ? WHERE id = ? AND (state <> ? OR last_word IS NOT NULL)",
            (self._now() if at is None else at, game_id, OVER),
        )

    async def said_last_word(self, game_id: int) -> None:
        """Note that nothing is left to be said of a game that is over."""
        await self._database.write(
            "UPDATE games SET last_word = NULL, due = NULL WHERE id = ? AND state = ?", (game_id, OVER)
        )

    # Their polls

    async def asks_in(self, game_id: int, poll_id: str) -> None:
        """Note that a game asks in this poll, too: it was sent again, as nobody acknowledged it at first."""
        await self._database.write(
            "INSERT INTO game_polls (poll_id, game_id) SELECT ?, id FROM games WHERE id = ?"
            " ON CONFLICT DO NOTHING",
            (poll_id, game_id),
        )

    async def count_votes(self, poll_id: str, votes: Sequence[int]) -> bool:
        """Note how many votes each option of a game's poll has. Returns False where no game asks in it."""
        return await self._changed(
            "UPDATE game_polls SET votes = :votes WHERE poll_id = :poll_id AND game_id IN"
            " (SELECT id FROM games WHERE state <> :over) RETURNING 1",
            {"votes": json.dumps(votes), "poll_id": poll_id, "over": OVER},
        )

    async def votes(self, game_id: int) -> tuple[int, ...]:
        """Return how many votes each option has in all of a game's polls; nothing while there are none."""
        rows = await self._database.read("SELECT votes FROM game_polls WHERE game_id = ?", (game_id,))
        counts = [json.loads(row["votes"]) for row in rows]
        return tuple(map(sum, zip_longest(*counts, fillvalue=0)))

    # What people bring

    async def enter(self, game: Game, entry: NewEntry, most: int) -> Entry | None:
        """Add what somebody brings, and number it, while the game is in the state that the caller knows.

        What comes in the same message again is found and not added. None where the game has moved on, or has
        its `most` entries.
        """
        picture = entry.picture
        async with self._database.transaction() as execute:
            if picture.message_id is not None and (
                rows := await execute(
                    "SELECT * FROM game_entries WHERE game_id = ? AND message_id = ? AND user_id = ?",
                    (game.id, picture.message_id, entry.user_id),
                )
            ):
                return _entry(rows[0])
            found = await execute(
                "SELECT (SELECT count(*) FROM game_entries WHERE game_id = games.id) AS entries"
                " FROM games WHERE id = ? AND state = ?",
                (game.id, game.state),
            )
            if not found or found[0]["entries"] >= most:
                return None
            values = {"game_id": game.id, **vars(picture), "user_id": entry.user_id, "name": entry.name}
            rows = await execute(ENTER, values | {"job_id": entry.job_id})
        return _entry(rows[0])

    async def set_job(self, game_id: int, number: int, job_id: int) -> None:
        """Note which job paints an entry."""
        await self._database.write(
            "UPDATE game_entries SET job_id = ? WHERE game_id = ? AND number = ?", (job_id, game_id, number)
        )

    async def entries(self, game_id: int) -> list[Entry]:
        """List what was brought to a game, in order."""
        rows = await self._database.read(
            "SELECT * FROM game_entries WHERE game_id = ? ORDER BY number", (game_id,)
        )
        return [_entry(row) for row in rows]

    # Who guesses best

    async def guessed(self, game: Game, user_id: int, name: str, *, is_right: bool) -> None:
        """Note somebody's guess in the game's poll; their first one counts. They must be known."""
        await self._database.write(
            "INSERT INTO guesses (poll_id, user_id, chat_id, name, is_right, guessed)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (game.poll_id, user_id, game.chat_id, name, is_right, self._now()),
        )

    async def top(self, chat_id: int, limit: int = 10) -> list[Score]:
        """List who guesses best in a chat: the most right guesses first, then the fewest in all."""
        rows = await self._database.read(TOP, {"chat_id": chat_id, "limit": limit})
        return [Score(**dict(row)) for row in rows]

    # Cleaning up

    async def sweep(self, age: float, now: float | None = None) -> int:
        """Delete the games that ended more than `age` seconds before `now`; returns how many.

        Guesses are kept, as they are the scores.
        """
        now = self._now() if now is None else now
        rows = await self._database.write("DELETE FROM games WHERE ended <= ? RETURNING 1", (now - age,))
        return len(rows)

    async def _one(self, sql: str, *parameters: object) -> Game | None:
        rows = await self._database.read(sql, parameters)
        return Game.from_row(rows[0]) if rows else None

    async def _changed(self, sql: str, parameters: Any) -> bool:
        return bool(await self._database.write(sql, parameters))


def _entry(row: sqlite3.Row) -> Entry:
    picture = PictureRef(row["file_id"], row["thumbnail_id"], row["message_id"], bool(row["spoiler"]))
    return Entry(
        number=row["number"],
        user_id=row["user_id"],
        name=row["name"],
        picture=picture,
        job_id=row["job_id"],
    )
