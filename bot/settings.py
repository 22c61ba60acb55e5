"""Read every option of the bot from the environment."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.recipe import DEFAULT_SIZE, MOST
from storage import QueueLimits

WEBHOOK_LISTEN = "127.0.0.1:8443"

Ids = Annotated[frozenset[int], NoDecode]  # written as 1,2,3 rather than as JSON


class SettingsError(Exception):
    """Options that cannot be used; the message is one line for the person who runs the bot."""


class DataSettings(BaseSettings):
    """Hold where things are kept: all that commands beside the bot need to know."""

    model_config = SettingsConfigDict(
        env_prefix="STYLEGRAM_",
        env_ignore_empty=True,
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
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsError(_explained(error)) from None  # its cause would show values, such as the token

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
        pattern=r"^https?://[^/]",
        description="where the Bot API is, such as http://localhost:8081 for a server of one's own",
    )

    webhook_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/]",
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
        pattern=r"^(auto|.+:\d{1,5})$",
        validation_alias="RAY_ADDRESS",
        description="the cluster's head, host:port; without it the bot's machine is a cluster of its own",
    )
    cluster_cpus: float | None = Field(
        default=None,
        gt=0,
        description="the CPUs of each worker on cluster nodes without a GPU; without it, all that a node has",
    )
    deadline: float = Field(
        default=600.0,
        gt=0,
        description="the seconds after which a painting counts as hung and is begun again",
    )

    limit_user: int = Field(default=3, ge=1, description="the number of pictures of one person that may wait")
    limit_chat: int = Field(default=10, ge=1, description="the number of pictures of one chat that may wait")
    limit_overall: int = Field(default=200, ge=1, description="the number of pictures that may wait in all")
    limit_updates: int = Field(
        default=60, ge=1, description="the messages and taps of one person that are answered in a minute"
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

    edit_interval_private: float = Field(
        default=3.0,
        ge=0,
        description="the least seconds between two changes of progress messages in a private chat",
    )
    edit_interval_group: float = Field(
        default=6.0, ge=0, description="the least seconds between two changes of progress messages in a group"
    )
    files_mb: int = Field(
        default=200,
        ge=0,
        description="the megabytes of full-size results to keep on disk, for who asks for a file later",
    )
    keep_sessions_days: float = Field(
        default=7.0, gt=0, description="the days after which a half-made request is dropped"
    )
    keep_jobs_days: float = Field(
        default=30.0, gt=0, description="the days after which a picture that ended is no longer in /history"
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

    @field_validator("allowed_users", "allowed_chats", "admin_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("api_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _can_be_a_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("webhook_url"):
            raise ValueError("a webhook needs one")
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("it has other signs than that")
        return value

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return WEBHOOK_LISTEN if info.data.get("webhook_url") else None
        host, _, port = value.rpartition(":")
        if not (host and port.isascii() and port.isdigit() and int(port) < 65536):
            raise ValueError("it is not like 0.0.0.0:8443")
        return value

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr) -> SecretStr:
        bot_id, colon, secret = value.get_secret_value().partition(":")
        if not (bot_id.isdigit() and colon and secret):
            raise ValueError("a token is digits, a colon and more, such as 123456:ABC-DEF")
        return value


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
