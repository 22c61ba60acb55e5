"""`stylegram users`: who uses the bot, and who may not."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.cli.console import command_group, end, moment, on_database, print_fields, print_json, print_table
from storage import Activity, Ban, Bans, Database, Users

users = command_group("Look at users, shut them out, let them in again.")

UserId = Annotated[int, typer.Argument(metavar="ID", min=1, help="A user's id at Telegram.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines; times are Unix seconds.")]


@users.command("list")
def list_users(
    banned: Annotated[bool, typer.Option("--banned", help="Only those who are shut out.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many, whoever asked last first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List users, whoever asked for something last first."""
    found = [one for one in on_database(_everybody) if one["banned"] or not banned][:limit]
    if as_json:
        print_json(found)
    else:
        columns = ("id", "language", "met", "last asked", "jobs", "done", "banned", "reason")
        print_table(columns, [_row(one) for one in found], "There are no such users.")


@users.command("show")
def show_user(user_id: UserId, as_json: AsJson = False) -> None:
    """Show all that is known of a user but their jobs, which `jobs list --user` shows."""
    found = [one for one in on_database(_everybody) if one["id"] == user_id]
    if not found:
        end(f"The bot has never met user {user_id}: `stylegram users list` shows those it has.", 1)
    if as_json:
        print_json(found[0])
    else:
        times = ("created", "last_asked", "banned")
        print_fields(found[0] | {name: moment(found[0][name]) for name in times})


@users.command("ban")
def ban_user(
    user_id: UserId, reason: Annotated[str | None, typer.Option(help="Which the user is told.")] = None
) -> None:
    """Shut a user out and cancel what they have asked for. A running bot notices within seconds."""
    cancelled = on_database(lambda database: Bans(database).ban(user_id, reason))
    print(f"User {user_id} is banned; jobs cancelled: {cancelled}.")


@users.command("unban")
def unban_user(user_id: UserId) -> None:
    """Let a user in again."""
    if not on_database(lambda database: Bans(database).unban(user_id)):
        end(f"User {user_id} was not banned.", 1)
    print(f"User {user_id} is no longer banned.")


async def _everybody(database: Database) -> list[dict[str, Any]]:
    """Users and the banned, which need not be users."""
    bans = {ban.user_id: ban for ban in await Bans(database).all()}
    activities = await Users(database).activity()
    known = [_described(activity, bans.pop(activity.user.id, None)) for activity in activities]
    return known + [_stranger(ban) for ban in bans.values()]


def _described(activity: Activity, ban: Ban | None) -> dict[str, Any]:
    return {
        **asdict(activity.user),
        "jobs": activity.jobs,
        "done": activity.done,
        "last_asked": activity.last_asked,
        "banned": ban.banned if ban else None,
        "reason": ban.reason if ban else None,
    }


def _stranger(ban: Ban) -> dict[str, Any]:
    """Who was banned before their first word, or forgotten since."""
    nothing = dict.fromkeys(("language", "strength", "larger", "keep_colours", "created", "last_asked"))
    return {"id": ban.user_id, **nothing, "jobs": 0, "done": 0, "banned": ban.banned, "reason": ban.reason}


def _row(user: dict[str, Any]) -> list[str]:
    return [
        str(user["id"]),
        user["language"] or "",
        moment(user["created"]),
        moment(user["last_asked"]),
        str(user["jobs"]),
        str(user["done"]),
        moment(user["banned"]),
        user["reason"] or "",
    ]
