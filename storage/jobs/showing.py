"""Remember where each job is shown, and how much of it."""

from storage.job import Job
from storage.jobs.table import JobsTable


class JobsShown(JobsTable):
    """Keep the messages that show jobs, and whether their styles may be named."""

    async def set_progress_message(self, job_id: int, message_id: int | None) -> bool:
        """Remember the message that shows the job's progress, in whatever state it is."""
        return await self._changed(
            "UPDATE jobs SET progress_message_id = ? WHERE id = ? RETURNING 1", (message_id, job_id)
        )

    async def go_on_in(self, job_id: int, message_id: int) -> bool:
        """Show the job in this new message; the one that showed it till now is to be deleted."""
        return await self._changed(
            "UPDATE jobs SET earlier_message_id = progress_message_id, progress_message_id = ?"
            " WHERE id = ? RETURNING 1",
            (message_id, job_id),
        )

    async def earlier_message_gone(self, job_id: int) -> bool:
        """Note that the message which showed the job earlier is deleted."""
        return await self._changed(
            "UPDATE jobs SET earlier_message_id = NULL WHERE id = ? RETURNING 1", (job_id,)
        )

    async def with_earlier_message(self) -> list[Job]:
        """List the jobs that have ended, but whose earlier message was not deleted yet: for start-up."""
        return await self._all(
            "SELECT * FROM jobs WHERE earlier_message_id IS NOT NULL"
            " AND state IN ('done', 'failed', 'cancelled') ORDER BY id"
        )

    async def move_to(self, job_id: int, chat_id: int, message_id: int) -> bool:
        """Go on with a job in another chat, where this message shows it: its own does not let it be shown."""
        return await self._changed(
            "UPDATE jobs SET chat_id = :chat_id, thread_id = 0, reply_to_message_id = NULL,"
            " progress_message_id = :message_id, earlier_message_id = NULL WHERE id = :id RETURNING 1",
            {"id": job_id, "chat_id": chat_id, "message_id": message_id},
        )

    async def no_longer_secret(self, game_id: int) -> None:
        """Let the styles of a game's jobs be named from now on."""
        await self._database.write("UPDATE jobs SET secret = FALSE WHERE game_id = ?", (game_id,))
