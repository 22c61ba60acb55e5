"""Find jobs."""

import json

from storage.job import Job, State
from storage.jobs.table import JobsTable
from storage.picture_ref import painting_of


class JobsFound(JobsTable):
    """Find jobs, and count them."""

    async def get(self, job_id: int) -> Job | None:
        """Return a job by its id."""
        return await self._one("SELECT * FROM jobs WHERE id = ?", (job_id,))

    async def unknown(self, job_ids: list[int]) -> list[int]:
        """Return those of these ids that no job has: forgotten, or swept."""
        rows = await self._database.read(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM jobs)", (json.dumps(job_ids),)
        )
        return [row["value"] for row in rows]

    async def of_user(self, user_id: int) -> list[Job]:
        """List the user's waiting and running jobs, oldest first."""
        return await self._all(
            "SELECT * FROM jobs WHERE user_id = ? AND state IN ('queued', 'running') ORDER BY id", (user_id,)
        )

    async def latest(self, state: State | None, user_id: int | None, limit: int) -> list[Job]:
        """List the jobs in a state or in all, of a user or of all, the newest request first."""
        return await self._all(
            "SELECT * FROM jobs WHERE (:state IS NULL OR state = :state)"
            " AND (:user_id IS NULL OR user_id = :user_id) ORDER BY id DESC LIMIT :limit",
            {"state": state, "user_id": user_id, "limit": limit},
        )

    async def history(
        self, user_id: int, chat_id: int | None = None, limit: int = 10, *, files: bool = True
    ) -> list[Job]:
        """List the user's done jobs, in one chat or in all, the newest request first.

        Those that painted a picture again, to be sent as a file, are no other pictures; without `files` they
        are left out.
        """
        return await self._all(
            "SELECT * FROM jobs WHERE user_id = :user_id AND state = 'done'"
            " AND (:chat_id IS NULL OR chat_id = :chat_id) AND (:files OR as_file_of IS NULL)"
            " ORDER BY id DESC LIMIT :limit",
            {"user_id": user_id, "chat_id": chat_id, "limit": limit, "files": files},
        )

    async def last_done(self, chat_id: int, thread_id: int = 0) -> Job | None:
        """Return the job delivered last in this chat and topic: its last style and its last result."""
        return await self._one(
            "SELECT * FROM jobs WHERE chat_id = ? AND state = 'done' AND thread_id = ?"
            " ORDER BY finished DESC LIMIT 1",
            (chat_id, thread_id),
        )

    async def content_of(self, chat_id: int, message_id: int, photo_file_id: str) -> str | None:
        """Return the file id of the photo that this message's picture is painted from.

        None if it is no job's, or painted from a painting of the gallery.

        A result is known by its message before the job is done, and by its file id wherever it is shown.
        """
        rows = await self._database.read(
            "SELECT content_file_id FROM jobs WHERE state IN ('running', 'done')"
            " AND (result_photo_file_id = :photo OR chat_id = :chat AND progress_message_id = :message)"
            " ORDER BY id DESC LIMIT 1",
            {"photo": photo_file_id, "chat": chat_id, "message": message_id},
        )
        file_id = str(rows[0]["content_file_id"]) if rows else None
        return None if file_id is None or painting_of(file_id) else file_id

    async def of_game(self, game_id: int) -> list[Job]:
        """List the jobs of a game, the oldest first."""
        return await self._all("SELECT * FROM jobs WHERE game_id = ? ORDER BY id", (game_id,))

    async def durations(self, limit: int = 100) -> list[tuple[str, bool, float]]:
        """List, of the jobs done last, the strength, larger, and the seconds from start to delivery."""
        rows = await self._database.read(
            "SELECT strength, larger, finished - started AS seconds FROM jobs WHERE state = 'done'"
            " ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [(row["strength"], bool(row["larger"]), row["seconds"]) for row in rows]

    async def counts(self) -> dict[State, int]:
        """Count the jobs in each state, zeros included."""
        rows = await self._database.read("SELECT state, count(*) AS jobs FROM jobs GROUP BY state")
        return dict.fromkeys(State, 0) | {State(row["state"]): row["jobs"] for row in rows}
