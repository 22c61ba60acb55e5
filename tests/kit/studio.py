"""Look at jobs and at what the bot said of them."""

import asyncio

from bot.demo.telegram.emulator import Emulator
from storage import Job, Jobs, State
from tests.kit.people import Actor


async def is_in(state: State, job: Job, jobs: Jobs) -> Job:
    """The job as it is once it has come to this state."""
    async with asyncio.timeout(60):
        while True:
            now = await jobs.get(job.id)
            if now is not None and now.state is state:
                return now
            await asyncio.sleep(0.01)


async def all_is_said(jobs: Jobs) -> None:
    """No apology is owed any more."""
    async with asyncio.timeout(60):
        while await jobs.unapologised():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def from_bot(api: Emulator, user: Actor) -> list[int]:
    """The bot's messages in the user's private chat."""
    return [number for number, message in user.private.messages.items() if message.sender is api.world.bot]
