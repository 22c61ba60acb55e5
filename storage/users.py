"""Keep a user's settings, and forget a user altogether."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

from storage.database import Database


@dataclass(frozen=True, kw_only=True)
class User:
    """A user and the settings that new sessions begin with."""

    id: int
    language: str | None  # None: as the user's Telegram is set
    strength: str
    larger: bool
    keep_colours: bool
    created: float  # Unix seconds
    always_usual: bool = False  # paint in `strength` without asking for one
    told_of_always: bool = False  # where to change that, when a picture was first painted so


@dataclass(frozen=True, kw_only=True)
class Activity:
    """A user, and how much they have asked for of what is still kept."""

    user: User
    jobs: int
    done: int
    last_asked: float | None  # Unix seconds


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """How many rows of each kind `Users.forget` deleted."""

    sessions: int
    jobs: int
    photos: int
    games: int  # what they brought to games, and guessed
    settings: int


FLAGS = ("larger", "keep_colours", "always_usual", "told_of_always")

ACTIVITY = """
SELECT users.*, count(jobs.id) AS jobs, count(jobs.result_photo_file_id) AS done,
    max(jobs.created) AS last_asked
FROM users LEFT JOIN jobs ON jobs.user_id = users.id
GROUP BY users.id ORDER BY coalesce(last_asked, users.created) DESC, users.id
"""


class Users:
    """Keep the users the bot has met."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def get(self, user_id: int) -> User | None:
        """Return a user by id."""
        rows = await self._database.read("SELECT * FROM users WHERE id = ?", (user_id,))
        return _user(rows[0]) if rows else None

    async def ensure(self, user_id: int) -> User:
        """Return the user, with default settings if new.

        Sessions and jobs can only be those of a known user.
        """
        if user := await self.get(user_id):
            return user
        rows = await self._database.write(
            "INSERT INTO users (id, created) VALUES (?, ?)"
            " ON CONFLICT (id) DO UPDATE SET id = id RETURNING *",  # two updates of a new user at once
            (user_id, self._now()),
        )
        return _user(rows[0])

    async def save(self, user: User) -> None:
        """Store the settings of a known user; of one forgotten meanwhile, nothing."""
        await self._database.write(
            "UPDATE users SET language = :language, strength = :strength, larger = :larger,"
            " keep_colours = :keep_colours, always_usual = :always_usual, told_of_always = :told_of_always"
            " WHERE id = :id",
            asdict(user),
        )

    async def activity(self) -> list[Activity]:
        """List all users with what they asked for, whoever asked last first."""
        rows = await self._database.read(ACTIVITY)
        columns = [field.name for field in fields(User)]
        return [
            Activity(
                user=_user({name: row[name] for name in columns}),
                jobs=row["jobs"],
                done=row["done"],
                last_asked=row["last_asked"],
            )
            for row in rows
        ]

    async def forget(self, user_id: int) -> Forgotten:
        """Delete everything about the user, jobs waiting and running included.

        To finish such a job later has no effect; whoever paints it should be told to stop.
        """
        async with self._database.transaction() as execute:
            sessions = await execute("DELETE FROM sessions WHERE user_id = ? RETURNING 1", (user_id,))
            jobs = await execute("DELETE FROM jobs WHERE user_id = ? RETURNING 1", (user_id,))
            photos = await execute("DELETE FROM last_photos WHERE user_id = ? RETURNING 1", (user_id,))
            await execute("DELETE FROM album_pictures WHERE user_id = ?", (user_id,))
            await execute("DELETE FROM inbox WHERE user_id = ?", (user_id,))
            entries = await execute("DELETE FROM game_entries WHERE user_id = ? RETURNING 1", (user_id,))
            guesses = await execute("DELETE FROM guesses WHERE user_id = ? RETURNING 1", (user_id,))
            settings = await execute("DELETE FROM users WHERE id = ? RETURNING 1", (user_id,))
        return Forgotten(
            sessions=len(sessions),
            jobs=len(jobs),
            photos=len(photos),
            games=len(entries) + len(guesses),
            settings=len(settings),
        )


def _user(row: sqlite3.Row | dict[str, Any]) -> User:
    return User(**dict(row) | {name: bool(row[name]) for name in FLAGS})
