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
from storage.inbox import Inbox, Letter
from storage.job import Job, NewJob, QueueFull, QueueLimits, Scope, State
from storage.jobs import Jobs
from storage.picture_ref import PictureRef
from storage.sessions import Session, SessionKey, Sessions
from storage.statistics import Figures, Statistics
from storage.users import Activity, Forgotten, User, Users

__all__ = [
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
    "Figures",
    "Forgotten",
    "Inbox",
    "Job",
    "Jobs",
    "Letter",
    "MigrationFailed",
    "NewJob",
    "NewerDatabase",
    "OlderDatabase",
    "PictureRef",
    "QueueFull",
    "QueueLimits",
    "Scope",
    "Session",
    "SessionKey",
    "Sessions",
    "State",
    "Statistics",
    "User",
    "Users",
    "back_up",
    "restore",
]
