"""Give handlers the parts they work with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from telegram.ext import Application

    from bot.settings import Settings
    from bot.studio.broadcaster import Broadcaster
    from bot.studio.queue import Studio
    from core.decoding.decoder import Decoder
    from storage import Bans, Chats, Database, Jobs, Sessions, Users

_KEY = "services"


@dataclass(frozen=True)
class Services:
    """Made once at start-up; handlers ask for it with `services(context.application)`."""

    database: "Database"
    users: "Users"
    sessions: "Sessions"
    chats: "Chats"
    jobs: "Jobs"
    bans: "Bans"
    studio: "Studio"
    decoder: "Decoder"
    broadcaster: "Broadcaster"
    settings: "Settings"


def provide(application: "Application[Any, Any, Any, Any, Any, Any]", services: Services) -> None:
    application.bot_data[_KEY] = services


def services(application: "Application[Any, Any, Any, Any, Any, Any]") -> Services:
    found: Services = application.bot_data[_KEY]
    return found
