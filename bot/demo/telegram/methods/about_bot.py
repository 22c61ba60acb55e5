"""Answer the methods about the bot itself and how it presents itself."""

import re
from typing import Any

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.world import World

MAX_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


async def get_me(world: World, _given: Parameters) -> dict[str, Any]:
    return {
        **world.bot.to_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": world.inline_queries.is_on,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def set_my_commands(world: World, given: Parameters) -> bool:
    commands = given.parsed("commands") or []
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.set_commands(given.parsed("scope"), given.text("language_code"), commands)
    return True


async def get_my_commands(world: World, given: Parameters) -> list[dict[str, str]]:
    return world.profile.menu(given.parsed("scope"), given.text("language_code"))


async def delete_my_commands(world: World, given: Parameters) -> bool:
    world.profile.set_commands(given.parsed("scope"), given.text("language_code"), [])
    return True


async def set_my_name(world: World, given: Parameters) -> bool:
    return _set_text(world, given, "name")


async def set_my_description(world: World, given: Parameters) -> bool:
    return _set_text(world, given, "description")


async def set_my_short_description(world: World, given: Parameters) -> bool:
    return _set_text(world, given, "short_description")


async def get_my_name(world: World, given: Parameters) -> dict[str, str]:
    return _text(world, given, "name")


async def get_my_description(world: World, given: Parameters) -> dict[str, str]:
    return _text(world, given, "description")


async def get_my_short_description(world: World, given: Parameters) -> dict[str, str]:
    return _text(world, given, "short_description")


def _set_text(world: World, given: Parameters, kind: str) -> bool:
    world.profile.set_text(kind, given.text("language_code"), given.text(kind))
    return True


def _text(world: World, given: Parameters, kind: str) -> dict[str, str]:
    return {kind: world.profile.text(kind, given.text("language_code"))}


METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": set_my_name,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyName": get_my_name,
    "getMyDescription": get_my_description,
    "getMyShortDescription": get_my_short_description,
}
