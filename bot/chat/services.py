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
    """The parts that handlers work with, made once at start-up."""

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
    """Let handlers find the services."""
    application.bot_data[_KEY] = services


def services(application: "Application[Any, Any, Any, Any, Any, Any]") -> Services:
    """Return what was provided to this application."""
    found: Services = application.bot_data[_KEY]
    return found
