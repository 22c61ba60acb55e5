"""The Bot API's methods, by subject. Each takes the world and the request's parameters and returns what the
bot gets as `result`; what it may not do raises an `ApiError`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.demo.telegram.methods import (
    about_bot,
    about_chats,
    editing,
    inline,
    polling,
    reacting,
    receiving,
    sending,
)
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.world import World

Method = Callable[[World, Parameters], Awaitable[Any]]

METHODS: dict[str, Method] = {
    **receiving.METHODS,
    **sending.METHODS,
    **editing.METHODS,
    **polling.METHODS,
    **inline.METHODS,
    **reacting.METHODS,
    **about_chats.METHODS,
    **about_bot.METHODS,
}
