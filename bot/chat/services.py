"""Give handlers the parts they work with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram.ext import Application

    from bot.chat.sheet_pictures import SheetPictures
    from bot.gallery.collection import Gallery
    from bot.gateway.per_person_order import PerPersonOrder
    from bot.settings import Settings
    from bot.studio.broadcaster import Broadcaster
    from bot.studio.game_clock import GameClock
    from bot.studio.small_paintings import SmallPaintings
    from bot.studio.stickers import Stickers
    from bot.studio.studio import Studio
    from core.decoding.decoder import Decoder
    from storage import Bans, Chats, Database, Games, GroupsSettings, Jobs, Sessions, Users

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
    looks: "Decoder"  # for pictures as they arrive: a hostile one holds up nobody's preview
    gallery: "Gallery"
    sheets: "SheetPictures"
    stickers: "Stickers"
    broadcaster: "Broadcaster"
    games: "Games"
    group_settings: "GroupsSettings"
    game_clock: "GameClock"
    small_paintings: "SmallPaintings"
    order: "PerPersonOrder"
    settings: "Settings"
    now: "Callable[[], float]"  # Unix seconds


def provide(application: "Application[Any, Any, Any, Any, Any, Any]", services: Services) -> None:
    """Let handlers find the services."""
    application.bot_data[_KEY] = services


def services(application: "Application[Any, Any, Any, Any, Any, Any]") -> Services:
    """Return what was provided to this application."""
    found: Services = application.bot_data[_KEY]
    return found
