"""Remember in SQLite everything that is needed to carry on after a crash. No Telegram, no pixels."""

from storage.backups import back_up, restore
from storage.bans import Ban, Bans
from storage.broadcasts import Broadcast, Broadcasts, BroadcastState
from storage.chats import Chats
from storage.database import Database
from storage.errors import (
    DatabaseDamaged,
    DatabaseError,
    DatabaseInUse,
    DatabaseNotWritable,
    DiskFull,
    MigrationFailed,
    NewerDatabase,
    OlderDatabase,
)
from storage.games import OVER, Entry, Game, GameKind, Games, NewEntry, NewGame, Score
from storage.group_settings import GroupSettings, GroupsSettings
from storage.inbox import Inbox, Letter
from storage.job import Job, NewJob, QueueFull, QueueLimits, Scope, State
from storage.jobs import Jobs
from storage.newest import newest_entry
from storage.picture_ref import PictureRef, name_of_question, painting_of
from storage.sessions import Session, SessionKey, Sessions
from storage.sheets import Sheets
from storage.statistics import Figures, Statistics
from storage.users import Activity, Forgotten, User, Users

__all__ = [
    "OVER",
    "Activity",
    "Ban",
    "Bans",
    "Broadcast",
    "BroadcastState",
    "Broadcasts",
    "Chats",
    "Database",
    "DatabaseDamaged",
    "DatabaseError",
    "DatabaseInUse",
    "DatabaseNotWritable",
    "DiskFull",
    "Entry",
    "Figures",
    "Forgotten",
    "Game",
    "GameKind",
    "Games",
    "GroupSettings",
    "GroupsSettings",
    "Inbox",
    "Job",
    "Jobs",
    "Letter",
    "MigrationFailed",
    "NewEntry",
    "NewGame",
    "NewJob",
    "NewerDatabase",
    "OlderDatabase",
    "PictureRef",
    "QueueFull",
    "QueueLimits",
    "Scope",
    "Score",
    "Session",
    "SessionKey",
    "Sessions",
    "Sheets",
    "State",
    "Statistics",
    "User",
    "Users",
    "back_up",
    "name_of_question",
    "newest_entry",
    "painting_of",
    "restore",
]
