"""End jobs: done, failed or cancelled; and what may come after that.

**Delivered once.** queued → running → done, where done is set, with the result's file id, only after
Telegram has accepted the message; whatever is still running after a crash is queued and painted
again. One window remains, which no order of steps can close, as the two systems share no
transaction: killed between Telegram's acceptance and `finish`, the bot delivers that result once
more. As the result is edited into a message whose id was committed before, even then only one is seen.
"""

from storage.job import Job, State
from storage.jobs.table import JobsTable

SWEEP = """
DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE finished <= ? LIMIT 500) RETURNING id
"""


class JobEndings(JobsTable):
    """End jobs, and remember who has been told."""

    async def finish(
        self,
        job_id: int,
        photo_file_id: str,
        document_file_id: str | None = None,
        thumbnail_id: str | None = None,
    ) -> bool:
        """End a running job as done: Telegram has accepted the result under these file ids."""
        return await self._changed(
            "UPDATE jobs SET state = 'done', result_photo_file_id = :photo, error = NULL,"
            " result_document_file_id = :document, result_thumbnail_id = :thumbnail,"
            " finished = :now, delivered = :now"
            " WHERE id = :id AND state = 'running' RETURNING 1",
            {
                "id": job_id,
                "photo": photo_file_id,
                "document": document_file_id,
                "thumbnail": thumbnail_id,
                "now": self._now(),
            },
        )

    async def set_document(self, job_id: int, file_id: str) -> bool:
        """Remember under which id Telegram has the result as a file, sent later than the photo."""
        return await self._changed(
            "UPDATE jobs SET result_document_file_id = ? WHERE id = ? AND state = 'done' RETURNING 1",
            (file_id, job_id),
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

    async def unapologised(self) -> list[Job]:
        """List the failed jobs whose users have not been told, oldest first: for start-up."""
        return await self._all("SELECT * FROM jobs WHERE state = 'failed' AND delivered IS NULL ORDER BY id")

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

    async def called_off(self) -> list[Job]:
        """List the cancelled jobs whose users have not been told, oldest first.

        Another process may have cancelled them, and left it to the one that paints them to stop.
        """
        return await self._all(
            "SELECT * FROM jobs WHERE state = 'cancelled' AND delivered IS NULL ORDER BY id"
        )

    async def told(self, job_id: int) -> bool:
        """Note that the user knows that the job failed or was cancelled.

        Returns False if that was known before.
        """
        return await self._changed(
            "UPDATE jobs SET delivered = ? WHERE id = ? AND state IN ('failed', 'cancelled')"
            " AND delivered IS NULL RETURNING 1",
            (self._now(), job_id),
        )

    async def retry(self, job_id: int) -> bool:
        """Put a failed job back in the queue, as if it had never been tried."""
        return await self._changed(
            "UPDATE jobs SET state = 'queued', attempt = 0, error = NULL, refusal = NULL, worker_losses = 0,"
            " started = NULL, painted = NULL, rings = NULL, finished = NULL,"
            " delivered = NULL WHERE id = ? AND state = 'failed' RETURNING 1",
            (job_id,),
        )

    async def sweep(self, age: float, now: float | None = None) -> list[int]:
        """Delete the jobs that ended more than `age` seconds before `now`; returns their ids.

        A few at a time, so that nobody waits long for the writer.
        """
        now = self._now() if now is None else now
        swept: list[int] = []
        while rows := await self._database.write(SWEEP, (now - age,)):
            swept += [row["id"] for row in rows]
        return swept
