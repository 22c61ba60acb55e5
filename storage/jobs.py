"""Keep the queue: accepted requests, from waiting to delivered, taken in fair order.

**The order.** The next job is the oldest one of the user whose turn it is: of the users with waiting
jobs, the one served least recently, where being served is having a job taken. Users never served
come first, in the order of their oldest waiting jobs. A job that is put back gives its user's turn
back: until the next job of theirs is taken, they count as never served. (The table `turns`, which
triggers keep, holds exactly this.)

**Delivered once.** queued → running → done, where done is set, with the result's file id, only after
Telegram has accepted the message; whatever is still running after a crash is queued and painted
again. One window remains, which no order of steps can close, as the two systems share no
transaction: killed between Telegram's acceptance and `finish`, the bot delivers that result once
more. Where the result replaces the progress message by an edit, even then only one is seen.
"""

import json
import time
from collections.abc import Callable

from storage.database import Database, Parameters
from storage.job import Job, NewJob, QueueFull, QueueLimits, State

# One statement, so that two takers never get the same job. What makes it fast and fair is in `turns`.
TAKE = """
UPDATE jobs SET state = 'running', attempt = attempt + 1, started = ?
WHERE id = (SELECT head FROM turns WHERE head IS NOT NULL ORDER BY served, head LIMIT 1)
RETURNING *
"""

# Rounds: each user with a waiting job is served once in each, always in the order of the first.
LINE = """
SELECT jobs.* FROM jobs JOIN turns USING (user_id) WHERE state = 'queued'
ORDER BY row_number() OVER (PARTITION BY user_id ORDER BY id), served, head LIMIT ?
"""

SWEEP = """
DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE finished <= ? LIMIT 500) RETURNING id
"""

# How many wait already, by `Scope`.
WAITING = """
SELECT
    (SELECT count(*) FROM jobs WHERE user_id = :user_id AND state = 'queued') AS user,
    (SELECT count(*) FROM jobs WHERE chat_id = :chat_id AND state = 'queued') AS chat,
    (SELECT count(*) FROM jobs WHERE state = 'queued') AS overall
"""


class Jobs:
    """Keep all jobs.

    Methods that change a job do so only from the state they name, and say whether they did: a job may be
    cancelled or forgotten at any moment.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    # Coming in

    async def add(self, new: NewJob, limits: QueueLimits) -> tuple[Job, bool]:
        """Put a job in the queue, or find the one of the same request key; True if it is new.

        The user must be known (`Users.ensure`). Raises `QueueFull`.
        """
        async with self._database.transaction() as execute:
            rows = await execute("SELECT * FROM jobs WHERE request_key = ?", (new.request_key,))
            if rows:
                return Job.from_row(rows[0]), False
            waiting = (await execute(WAITING, {"user_id": new.user_id, "chat_id": new.chat_id}))[0]
            for scope, limit in limits.by_scope():
                if waiting[scope] >= limit:
                    raise QueueFull(scope)
            columns = new.columns() | {"created": self._now()}
            columns["more_style_file_ids"] = json.dumps(columns["more_style_file_ids"])
            names = ", ".join(columns)
            values = ", ".join(f":{name}" for name in columns)
            rows = await execute(
                f"INSERT INTO jobs ({names}) VALUES ({values}) RETURNING *",  # noqa: S608  (names of ours)
                columns,
            )
        return Job.from_row(rows[0]), True

    # Being worked on

    async def take(self) -> Job | None:
        """Start the next job in fair order; None if none waits."""
        rows = await self._database.write(TAKE, (self._now(),))
        return Job.from_row(rows[0]) if rows else None

    async def requeue(self, job_id: int, worker_lost: str | None = None) -> bool:
        """Put a running job back, to be taken next but for others put back.

        With `worker_lost`, a line that says how, because its worker was lost. Without, because it was
        interrupted through no fault of its own, as at shutdown: then the attempt is not counted.
        """
        return await self._changed(
            "UPDATE jobs SET state = 'queued', started = NULL, error = coalesce(:error, error),"
            " worker_losses = worker_losses + (:error IS NOT NULL), attempt = attempt - (:error IS NULL)"
            " WHERE id = :id AND state = 'running' RETURNING 1",
            {"id": job_id, "error": worker_lost},
        )

    async def recover(self) -> list[Job]:
        """Put back, at start-up, what was running when the last process died.

        The attempt counts, as the job may have been the cause. Call it before the first `take`.
        """
        rows = await self._database.write(
            "UPDATE jobs SET state = 'queued', started = NULL WHERE state = 'running' RETURNING *"
        )
        return sorted((Job.from_row(row) for row in rows), key=lambda job: job.id)

    async def set_progress_message(self, job_id: int, message_id: int | None) -> bool:
        """Remember the message that shows the job's progress, in whatever state it is."""
        return await self._changed(
            "UPDATE jobs SET progress_message_id = ? WHERE id = ? RETURNING 1", (message_id, job_id)
        )

    # Ending

    async def finish(self, job_id: int, photo_file_id: str, document_file_id: str | None = None) -> bool:
        """End a running job as done: Telegram has accepted the result under these file ids."""
        return await self._changed(
            "UPDATE jobs SET state = 'done', result_photo_file_id = :photo, error = NULL,"
            " result_document_file_id = :document, finished = :now, delivered = :now"
            " WHERE id = :id AND state = 'running' RETURNING 1",
            {"id": job_id, "photo": photo_file_id, "document": document_file_id, "now": self._now()},
        )

    async def fail(self, job_id: int, error: str, refusal: str | None = None) -> bool:
        """Give a running job up, because of an `error` or a `refusal` of its pictures.

        Then apologise, and say so with `told`.
        """
        return await self._changed(
            "UPDATE jobs SET state = 'failed', error = ?, refusal = ?, finished = ?"
            " WHERE id = ? AND state = 'running' RETURNING 1",
            (error, refusal, self._now(), job_id),
        )

    async def set_document(self, job_id: int, file_id: str) -> bool:
        """Remember under which id Telegram has the result as a file, sent later than the photo."""
        return await self._changed(
            "UPDATE jobs SET result_document_file_id = ? WHERE id = ? AND state = 'done' RETURNING 1",
            (file_id, job_id),
        )

    async def cancel(self, job_id: int, user_id: int, *, silently: bool = False) -> State | None:
        """End a waiting or running job of this user; returns the state it was in.

        None if it is not theirs or has ended already. Then tell them, and say so with `told`, unless
        they are past being told: then it is done `silently`.
        """
        async with self._database.transaction() as execute:
            rows = await execute(
                "SELECT state FROM jobs WHERE id = ? AND user_id = ? AND state IN ('queued', 'running')",
                (job_id, user_id),
            )
            if not rows:
                return None
            await execute(
                "UPDATE jobs SET state = 'cancelled', finished = :now, delivered = iif(:silently, :now, NULL)"
                " WHERE id = :id",
                {"id": job_id, "now": self._now(), "silently": silently},
            )
        return State(rows[0]["state"])

    async def told(self, job_id: int) -> bool:
        """Note that the user knows that the job failed or was cancelled.

        Returns False if that was known before.
        """
        return await self._changed(
            "UPDATE jobs SET delivered = ? WHERE id = ? AND state IN ('failed', 'cancelled')"
            " AND delivered IS NULL RETURNING 1",
            (self._now(), job_id),
        )

    async def cancel_chat(self, chat_id: int) -> list[Job]:
        """End all waiting and running jobs of a chat where nobody is left to be told.

        Returns them as they were.
        """
        async with self._database.transaction() as execute:
            rows = await execute(
                "SELECT * FROM jobs WHERE chat_id = ? AND state IN ('queued', 'running') ORDER BY id",
                (chat_id,),
            )
            await execute(
                "UPDATE jobs SET state = 'cancelled', finished = :now, delivered = :now"
                " WHERE chat_id = :chat_id AND state IN ('queued', 'running')",
                {"chat_id": chat_id, "now": self._now()},
            )
        return [Job.from_row(row) for row in rows]

    async def retry(self, job_id: int) -> bool:
        """Put a failed job back in the queue, as if it had never been tried."""
        return await self._changed(
            "UPDATE jobs SET state = 'queued', attempt = 0, error = NULL, refusal = NULL, worker_losses = 0,"
            " started = NULL, finished = NULL,"
            " delivered = NULL WHERE id = ? AND state = 'failed' RETURNING 1",
            (job_id,),
        )

    async def sweep(self, age: float) -> list[int]:
        """Delete the jobs that ended more than `age` seconds ago; returns their ids.

        A few at a time, so that nobody waits long for the writer.
        """
        swept: list[int] = []
        while rows := await self._database.write(SWEEP, (self._now() - age,)):
            swept += [row["id"] for row in rows]
        return swept

    # Looking

    async def get(self, job_id: int) -> Job | None:
        """Return a job by its id."""
        return await self._one("SELECT * FROM jobs WHERE id = ?", (job_id,))

    async def line(self, limit: int = -1) -> list[Job]:
        """List the waiting jobs in the order of their turns, the first `limit` of them or all.

        The n-th is the one that the n-th `take` from now gets, if none is added or put back meanwhile.
        """
        return await self._all(LINE, (limit,))

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

    async def history(self, user_id: int, chat_id: int | None = None, limit: int = 10) -> list[Job]:
        """List the user's done jobs, in one chat or in all, the newest request first."""
        return await self._all(
            "SELECT * FROM jobs WHERE user_id = :user_id AND state = 'done'"
            " AND (:chat_id IS NULL OR chat_id = :chat_id) ORDER BY id DESC LIMIT :limit",
            {"user_id": user_id, "chat_id": chat_id, "limit": limit},
        )

    async def last_done(self, chat_id: int, thread_id: int = 0) -> Job | None:
        """Return the job delivered last in this chat and topic: its last style and its last result."""
        return await self._one(
            "SELECT * FROM jobs WHERE chat_id = ? AND state = 'done' AND thread_id = ?"
            " ORDER BY finished DESC LIMIT 1",
            (chat_id, thread_id),
        )

    async def content_of(self, chat_id: int, message_id: int, photo_file_id: str) -> str | None:
        """Return the file id of the photo that this message's picture is painted from; None if no job's.

        A result is known by its message before the job is done, and by its file id wherever it is shown.
        """
        rows = await self._database.read(
            "SELECT content_file_id FROM jobs WHERE state IN ('running', 'done')"
            " AND (result_photo_file_id = :photo OR chat_id = :chat AND progress_message_id = :message)"
            " ORDER BY id DESC LIMIT 1",
            {"photo": photo_file_id, "chat": chat_id, "message": message_id},
        )
        return rows[0]["content_file_id"] if rows else None

    async def unapologised(self) -> list[Job]:
        """List the failed jobs whose users have not been told, oldest first: for start-up."""
        return await self._all("SELECT * FROM jobs WHERE state = 'failed' AND delivered IS NULL ORDER BY id")

    async def called_off(self) -> list[Job]:
        """List the cancelled jobs whose users have not been told, oldest first.

        Another process may have cancelled them, and left it to the one that paints them to stop.
        """
        return await self._all(
            "SELECT * FROM jobs WHERE state = 'cancelled' AND delivered IS NULL ORDER BY id"
        )

    async def durations(self, limit: int = 100) -> list[tuple[str, bool, float]]:
        """List, of the jobs done last, the strength, larger, and the seconds from start to delivery."""
        rows = await self._database.read(
            "SELECT strength, larger, finished - started AS seconds FROM jobs WHERE state = 'done'"
            " ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [(row["strength"], bool(row["larger"]), row["seconds"]) for row in rows]

    async def oldest_waiting(self) -> Job | None:
        """Return the waiting job that was asked for first, which need not be the next."""
        return await self._one(
            "SELECT * FROM jobs WHERE id = (SELECT min(head) FROM turns WHERE head IS NOT NULL)"
        )

    async def counts(self) -> dict[State, int]:
        """Count the jobs in each state, zeros included."""
        rows = await self._database.read("SELECT state, count(*) AS jobs FROM jobs GROUP BY state")
        return dict.fromkeys(State, 0) | {State(row["state"]): row["jobs"] for row in rows}

    async def _changed(self, sql: str, parameters: Parameters) -> bool:
        return bool(await self._database.write(sql, parameters))

    async def _all(self, sql: str, parameters: Parameters = ()) -> list[Job]:
        return [Job.from_row(row) for row in await self._database.read(sql, parameters)]

    async def _one(self, sql: str, parameters: Parameters = ()) -> Job | None:
        rows = await self._database.read(sql, parameters)
        return Job.from_row(rows[0]) if rows else None
