"""Take jobs in fair turns: put them in the queue, take them, put them back.

**The order.** The next job is the oldest one of the user whose turn it is: of the users with waiting
jobs, the one served least recently, where being served is having a job taken. Users never served
come first, in the order of their oldest waiting jobs. A job that is put back gives its user's turn
back: until the next job of theirs is taken, they count as never served. The jobs of all games count
as those of one user more, 0, so that games crowd nobody out. (The table `turns`, which triggers keep,
holds exactly this.)
"""

import json

from storage.job import Job, NewJob, QueueFull, QueueLimits
from storage.jobs.table import JobsTable

# One statement, so that two takers never get the same job. What makes it fast and fair is the table `turns`.
TAKE = """
UPDATE jobs SET state = 'running', attempt = attempt + 1, started = :now
WHERE id = (
    SELECT head FROM turns WHERE head IS NOT NULL AND (whose <> 0 OR :games) ORDER BY served, head LIMIT 1
)
RETURNING *
"""

# Rounds: each user with a waiting job is served once in each, always in the order of the first.
LINE = """
SELECT jobs.* FROM jobs JOIN turns ON whose = iif(game_id IS NULL, user_id, 0) WHERE state = 'queued'
ORDER BY row_number() OVER (PARTITION BY whose ORDER BY id), served, head LIMIT ?
"""

# How many wait already, by `Scope`.
WAITING = """
SELECT
    (SELECT count(*) FROM jobs WHERE user_id = :user_id AND state = 'queued') AS user,
    (SELECT count(*) FROM jobs WHERE chat_id = :chat_id AND state = 'queued') AS chat,
    (SELECT count(*) FROM jobs WHERE state = 'queued') AS overall
"""


class JobTurns(JobsTable):
    """Let jobs wait for their turn, and take them."""

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
            columns["more_styles"] = json.dumps(columns["more_styles"])
            names = ", ".join(columns)
            values = ", ".join(f":{name}" for name in columns)
            rows = await execute(
                f"INSERT INTO jobs ({names}) VALUES ({values}) RETURNING *",  # noqa: S608  (names of ours)
                columns,
            )
        return Job.from_row(rows[0]), True

    async def line(self, limit: int = -1) -> list[Job]:
        """List the waiting jobs in the order of their turns, the first `limit` of them or all.

        The n-th is the one that the n-th `take` from now gets, if none is added or put back meanwhile.
        """
        return await self._all(LINE, (limit,))

    async def oldest_waiting(self) -> Job | None:
        """Return the waiting job that was asked for first, which need not be the next."""
        return await self._one(
            "SELECT * FROM jobs WHERE id = (SELECT min(head) FROM turns WHERE head IS NOT NULL)"
        )

    async def take(self, *, games: bool = True) -> Job | None:
        """Start the next job in fair order, or without `games` the next of no game; None if none waits."""
        rows = await self._database.write(TAKE, {"now": self._now(), "games": games})
        return Job.from_row(rows[0]) if rows else None

    async def painted(self, job_id: int, *, rings: bool) -> bool:
        """Note that a running job is painted, and only its delivery is left.

        What dies from now on did not die of the painting, and the attempt is not counted. Returns whether the
        result `rings`, that is comes in a new message: as was noted first, so that a result that is
        delivered again after a crash comes in the same message. False if it runs no longer.
        """
        rows = await self._database.write(
            "UPDATE jobs SET painted = :now, rings = coalesce(rings, :rings)"
            " WHERE id = :id AND state = 'running' RETURNING rings",
            {"now": self._now(), "rings": rings, "id": job_id},
        )
        return bool(rows and rows[0]["rings"])

    async def requeue(self, job_id: int, worker_lost: str | None = None) -> bool:
        """Put a running job back, to be taken next but for others put back.

        With `worker_lost`, a line that says how, because its worker was lost. Without, because it was
        interrupted through no fault of its own, as at shutdown: then the attempt is not counted.
        """
        return await self._changed(
            "UPDATE jobs SET state = 'queued', started = NULL, painted = NULL,"
            " error = coalesce(:error, error), worker_losses = worker_losses + (:error IS NOT NULL),"
            " attempt = attempt - (:error IS NULL)"
            " WHERE id = :id AND state = 'running' RETURNING 1",
            {"id": job_id, "error": worker_lost},
        )

    async def recover(self) -> list[Job]:
        """Put back, at start-up, what was running when the last process died.

        The attempt counts, as the job may have been the cause, unless it was painted already. Call it before
        the first `take`.
        """
        rows = await self._database.write(
            "UPDATE jobs SET state = 'queued', started = NULL, painted = NULL,"
            " attempt = attempt - (painted IS NOT NULL) WHERE state = 'running' RETURNING *"
        )
        return sorted((Job.from_row(row) for row in rows), key=lambda job: job.id)
