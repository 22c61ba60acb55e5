"""SQLite: everything needed to carry on after a crash. No Telegram, no pixels."""

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
)
from storage.inbox import Inbox, Letter
from storage.job import Job, Limits, NewJob, QueueFull, Scope, State
from storage.jobs import Jobs
from storage.sessions import Session, SessionKey, Sessions
from storage.users import Forgotten, User, Users

__all__ = [
    "Chats",
    "Database",
    "DatabaseDamaged",
    "DatabaseError",
    "DatabaseInUse",
    "DatabaseNotWritable",
    "DiskFull",
    "Forgotten",
    "Inbox",
    "Job",
    "Jobs",
    "Letter",
    "Limits",
    "MigrationFailed",
    "NewJob",
    "NewerDatabase",
    "QueueFull",
    "Scope",
    "Session",
    "SessionKey",
    "Sessions",
    "State",
    "User",
    "Users",
]
