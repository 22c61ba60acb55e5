"""`stylegram jobs`: look at the queue, try again what failed, cancel what waits or runs."""

from typing import Annotated

import typer

from bot.cli.console import command_group, end, moment, on_database, print_fields, print_json, print_table
from storage import Database, Job, Jobs, State

jobs = command_group("Look at jobs, try them again, cancel them.")

Number = Annotated[int, typer.Argument(metavar="ID", help="A job's number, as `jobs list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines; times are Unix seconds.")]


@jobs.command("list")
def list_jobs(
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    user: Annotated[int | None, typer.Option(help="Only those of the user of this id.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List jobs, the newest first."""
    found = on_database(lambda database: Jobs(database).latest(state, user, limit))
    if as_json:
        print_json([job.columns() for job in found])
    else:
        columns = ("id", "state", "user", "chat", "strength", "asked", "seconds", "error")
        print_table(columns, [_row(job) for job in found], "There are no such jobs.")


@jobs.command("show")
def show_job(number: Number, as_json: AsJson = False) -> None:
    """Show all that is known of a job."""
    job = on_database(lambda database: Jobs(database).get(number)) or _unknown(number)
    values = job.columns()
    if as_json:
        print_json(values)
    else:
        times = ("created", "started", "finished", "delivered")
        print_fields(values | {name: moment(values[name]) for name in times})


@jobs.command("retry")
def retry_job(number: Number) -> None:
    """Put a job that failed back in the queue."""

    async def retry(database: Database) -> tuple[bool, Job | None]:
        found = Jobs(database)
        return await found.retry(number), await found.get(number)

    retried, job = on_database(retry)
    if not retried:
        job = job or _unknown(number)
        end(f"Job {number} is {job.state}: only one that failed can be tried again.", 1)
    print(f"Job {number} is in the queue again.")


@jobs.command("cancel")
def cancel_job(number: Number) -> None:
    """Cancel a job that waits or runs. A running bot stops painting it and tells the user, within seconds."""

    async def cancel(database: Database) -> tuple[State | None, Job | None]:
        found = Jobs(database)
        job = await found.get(number)
        return (await found.cancel(number, job.user_id) if job else None), job

    before, job = on_database(cancel)
    if before is None:
        job = job or _unknown(number)
        end(f"Job {number} is {job.state}: only one that waits or runs can be cancelled.", 1)
    print(f"Job {number} is cancelled; it was {before}.")


def _row(job: Job) -> list[str]:
    painted = job.finished - job.started if job.finished and job.started else None
    return [
        str(job.id),
        job.state,
        str(job.user_id),
        str(job.chat_id),
        job.strength,
        moment(job.created),
        "" if painted is None else f"{painted:.1f}",
        job.refusal or job.error or "",
    ]


def _unknown(number: int) -> Job:
    end(f"There is no job {number}: `stylegram jobs list` shows those there are.", 1)
