"""Read every option of the bot from the environment."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.environment import unwrapped
from core.recipe import DEFAULT_SIZE, MOST
from storage import QueueLimits

WEBHOOK_LISTEN = "127.0.0.1:8443"

MANY = 1_000_000  # what nobody means to reach, and no arithmetic fails with
HOUR, WEEK = 3600, 7 * 24 * 3600  # seconds
CENTURY = 36_500  # days

_TOKEN: Final = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]+")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HOST: Final = re.compile(r"[^\s:/@\[\]]+|\[[0-9A-Fa-f:.%a-z]+\]")  # the latter for IPv6

Id = Annotated[int, Field(gt=-(2**52), lt=2**52)]  # as long as Telegram's may become
Ids = Annotated[frozenset[Id], NoDecode]  # written as 1,2,3 rather than as JSON


class SettingsError(Exception):
    """Options that cannot be used; the message is one line for the person who runs the bot."""


class DataSettings(BaseSettings):
    """Hold where things are kept: all that commands beside the bot need to know."""

    model_config = SettingsConfigDict(
        env_prefix="STYLEGRAM_",
        env_ignore_empty=True,
        allow_inf_nan=False,
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    data: Path = Field(
        default=Path("stylegram-data"), description="the folder of the database and of results kept as files"
    )

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Read the environment, except what is given by keyword. Raises `SettingsError`."""
        _check_names()
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsError(_explained(error)) from None  # its cause would show values, such as the token

    @model_validator(mode="before")
    @classmethod
    def _without_wrapping(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Take off what a file of options has left around them; what is nothing then counts as not set."""
        plain = {
            name: unwrapped(value) if isinstance(value, str) else value for name, value in values.items()
        }
        return {name: value for name, value in plain.items() if value != ""}

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_written(cls, value: object) -> object:
        if isinstance(value, str) and not value.isprintable():
            raise ValueError("it has a sign in it that cannot be seen")
        if isinstance(value, str) and (value[0] in "\"'" or value[-1] in "\"'"):
            raise ValueError("it has a quotation mark at one end")
        return value

    @property
    def database(self) -> Path:
        """Return the database's path."""
        return self.data / "stylegram.db"


class Settings(DataSettings):
    """Hold every option. Read by `Settings.load()`; in tests and the demo, made by keyword.

    Each field is the environment variable of its name in capitals after STYLEGRAM_; the token alone
    is TELEGRAM_BOT_TOKEN, as everywhere.
    """

    token: SecretStr = Field(
        validation_alias="TELEGRAM_BOT_TOKEN", description="the bot's token, from @BotFather"
    )
    api_url: str = Field(
        default="https://api.telegram.org",
        description="where the Bot API is, such as http://localhost:8081 for a server of one's own",
    )

    webhook_url: str | None = Field(
        default=None,
        description="the address at which Telegram reaches STYLEGRAM_LISTEN; without it the bot polls",
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="1 to 256 letters, digits, - and _, which Telegram shows with each update",
    )
    listen: str | None = Field(
        default=None,
        validate_default=True,
        description=f"host and port of webhook, health and metrics; a webhook's is {WEBHOOK_LISTEN} if unset",
    )

    gallery: Path | None = Field(
        default=None, description="a folder of pictures to choose a style from, beside the bot's own"
    )
    size: int = Field(
        default=DEFAULT_SIZE,
        ge=64,
        le=MOST,
        description=f"the longest side of a picture in pixels; Larger doubles it, up to {MOST}",
    )
    weights: str = Field(
        default="auto",
        description="auto, imagenet, packaged, or the path of a file with the network's weights",
    )
    device: Literal["auto", "cpu", "gpu"] = Field(
        default="auto", description="auto, cpu or gpu: where to paint"
    )
    executor: Literal["local", "cluster"] = Field(
        default="local",
        description="local, to paint in processes beside the bot, or cluster, to paint on a Ray cluster",
    )
    ray_address: str | None = Field(
        default=None,
        validation_alias="RAY_ADDRESS",
        description="the cluster's head, host:port; without it the bot's machine is a cluster of its own",
    )
    cluster_cpus: float | None = Field(
        default=None,
        gt=0,
        le=MANY,
        description="the CPUs of each worker on cluster nodes without a GPU; without it, all that a node has",
    )
    deadline: float = Field(
        default=600.0,
        gt=0,
        le=WEEK,
        description="the seconds after which a painting counts as hung and is begun again",
    )

    limit_user: int = Field(
        default=3, ge=1, le=MANY, description="the number of pictures of one person that may wait"
    )
    limit_chat: int = Field(
        default=10, ge=1, le=MANY, description="the number of pictures of one chat that may wait"
    )
    limit_overall: int = Field(
        default=200, ge=1, le=MANY, description="the number of pictures that may wait in all"
    )
    limit_updates: int = Field(
        default=60,
        ge=1,
        le=MANY,
        description="the messages and taps of one person that are answered in a minute",
    )
    allowed_users: Ids = Field(
        default=frozenset(),
        description="the ids of those who may use the bot, with commas between, or to nothing: everybody",
    )
    allowed_chats: Ids = Field(
        default=frozenset(),
        description="the ids of the groups it works in, with commas between, or to nothing: all",
    )
    admin_ids: Ids = Field(
        default=frozenset(),
        description="the ids of those who may use /stats, /broadcast, /ban and /unban, with commas between",
    )

    games: bool = Field(
        default=True,
        description="yes or no: whether groups may play games; their administrators may switch them off",
    )

    edit_interval_private: float = Field(
        default=3.0,
        ge=0,
        le=HOUR,
        description="the least seconds between two changes of progress messages in a private chat",
    )
    edit_interval_group: float = Field(
        default=6.0,
        ge=0,
        le=HOUR,
        description="the least seconds between two changes of progress messages in a group",
    )
    files_mb: int = Field(
        default=200,
        ge=0,
        le=1000 * MANY,
        description="the megabytes of full-size results to keep on disk, for who asks for a file later",
    )
    keep_sessions_days: float = Field(
        default=7.0, gt=0, le=CENTURY, description="the days after which a half-made request is dropped"
    )
    keep_jobs_days: float = Field(
        default=30.0,
        gt=0,
        le=CENTURY,
        description="the days after which a picture that ended is no longer in /history",
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR: the least important lines to log"
    )
    log_format: Literal["pretty", "json"] = Field(
        default="pretty", description="pretty, for people, or json, for machines: how to log"
    )

    @property
    def limits(self) -> QueueLimits:
        """Return the limits of the queue."""
        return QueueLimits(user=self.limit_user, chat=self.limit_chat, overall=self.limit_overall)

    @field_validator("device", "executor", "log_level", "log_format", mode="before")
    @classmethod
    def _in_any_case(cls, value: object, info: ValidationInfo) -> object:
        """Take INFO for info and the other way round."""
        known = get_args(cls.model_fields[info.field_name or ""].annotation)
        return next((word for word in known if str(value).lower() == word.lower()), value)

    @field_validator("allowed_users", "allowed_chats", "admin_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = value.replace(",", " ").split()
        if not ids:
            raise ValueError("there is no number in it")
        return ids

    @field_validator("api_url", "webhook_url")
    @classmethod
    def _is_a_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            whole = parts.hostname and parts.port != 0 and not (parts.query or parts.fragment)
        except ValueError:
            whole = False
        if not whole or parts.scheme not in ("http", "https") or " " in value:
            raise ValueError("it is not like https://example.org or http://localhost:8081")
        return parts.geturl()

    @field_validator("api_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/").removesuffix("/bot")  # as libraries want it written

    @field_validator("webhook_secret")
    @classmethod
    def _can_be_a_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("webhook_url"):
            raise ValueError("a webhook needs one")
        if value and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("it has other signs than that")
        return value

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return WEBHOOK_LISTEN if info.data.get("webhook_url") else None
        if not _is_host_and_port(value):
            raise ValueError("it is not like 0.0.0.0:8443")
        return value

    @field_validator("ray_address")
    @classmethod
    def _is_a_head(cls, value: str | None) -> str | None:
        if value not in (None, "auto") and not _is_host_and_port(value.removeprefix("ray://")):
            raise ValueError("it is not like 10.0.0.1:6379")
        return value

    @field_validator("gallery")
    @classmethod
    def _is_a_folder(cls, value: Path | None) -> Path | None:
        if value and not (os.access(value, os.R_OK | os.X_OK) and value.is_dir()):
            raise ValueError("it is no folder that can be read")
        return value

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError(
                "a token is digits, a colon, and then letters, digits, - and _, such as 123456:ABC-DEF"
            )
        return value


def from_environment(field: str) -> str | None:
    """Return what the environment says of one setting, by itself and unchecked; None if it is not set."""
    name = variable(field)
    given = [value for found, value in os.environ.items() if found.upper() == name]
    return unwrapped(given[0]) or None if given else None


def _check_names() -> None:
    """Refuse what looks like an option and is none, for signs around its name that cannot be seen."""
    known = {variable(field) for field in Settings.model_fields}
    for name in os.environ:
        if (plain := unwrapped(name)) != name and plain.upper() in known:
            raise SettingsError(
                f"{plain} has a sign before or after its name that cannot be seen, such as a byte order "
                "mark: set it without."
            )


def _is_host_and_port(value: str) -> bool:
    host, _, port = value.rpartition(":")
    is_port = port.isascii() and port.isdigit() and int(port) < 65536
    return is_port and bool(_HOST.fullmatch(host))


def forget_secrets() -> None:
    """Take the secrets out of the environment, so that no process started from now on inherits them."""
    secret = {
        variable(name)
        for name, field in Settings.model_fields.items()
        if SecretStr in (field.annotation, *get_args(field.annotation))
    }
    for name in [name for name in os.environ if name.upper() in secret]:  # read in either case, so taken too
        del os.environ[name]


def variable(field: str) -> str:
    """Name the environment variable of a setting."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias) if alias else f"STYLEGRAM_{field.upper()}"


def _explained(error: ValidationError) -> str:
    """Word the first problem as one line: which variable, what is wrong, what it is for."""
    problem = error.errors(include_input=False, include_url=False)[0]
    place = str(problem["loc"][0])
    field = next(name for name in Settings.model_fields if place in (name, variable(name)))
    what = Settings.model_fields[field].description
    if problem["type"] == "missing":
        return f"{variable(field)} is not set: set it to {what}."
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{variable(field)} cannot be used ({reason[0].lower()}{reason[1:]}): set it to {what}."
