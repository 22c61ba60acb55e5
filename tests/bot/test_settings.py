"""Options from the environment, and what is said about those that make no sense."""

import os
from pathlib import Path

import pytest

from bot.settings import DataSettings, Settings, SettingsError, forget_secrets, variable
from storage import QueueLimits

TOKEN = "123456:a-secret-that-nobody-should-read"  # noqa: S105


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    return monkeypatch


def test_a_token_is_all_it_takes() -> None:
    settings = Settings.load()
    assert settings.token.get_secret_value() == TOKEN
    assert settings.api_url == "https://api.telegram.org"
    assert settings.limits == QueueLimits(user=3, chat=10, overall=200)


def test_options_come_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    for name, value in {
        "STYLEGRAM_DATA": "/var/lib/stylegram",
        "STYLEGRAM_API_URL": "http://localhost:8081/",
        "STYLEGRAM_SIZE": "512",
        "STYLEGRAM_LIMIT_USER": "1",
        "STYLEGRAM_ALLOWED_USERS": "1, 2 3",
        "STYLEGRAM_ALLOWED_CHATS": "-100",
        "STYLEGRAM_LOG_FORMAT": "json",
        "STYLEGRAM_LOG_LEVEL": "",  # set to nothing is not set
    }.items():
        environment.setenv(name, value)
    settings = Settings.load()
    assert settings.database == Path("/var/lib/stylegram/stylegram.db")
    assert settings.api_url == "http://localhost:8081"
    assert settings.size == 512
    assert settings.limits.user == 1
    assert (settings.allowed_users, settings.allowed_chats) == ({1, 2, 3}, {-100})
    assert (settings.log_format, settings.log_level) == ("json", "INFO")


def test_a_missing_token_is_asked_for_by_name(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("TELEGRAM_BOT_TOKEN")
    with pytest.raises(SettingsError, match=r"^TELEGRAM_BOT_TOKEN is not set: set it to the bot's token"):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "a-secret-without-an-id"),
        ("STYLEGRAM_SIZE", "big"),
        ("STYLEGRAM_SIZE", "100000"),
        ("STYLEGRAM_API_URL", "localhost"),
        ("STYLEGRAM_LIMIT_CHAT", "0"),
        ("STYLEGRAM_ALLOWED_USERS", "ann,ben"),
        ("STYLEGRAM_EXECUTOR", "magic"),
        ("STYLEGRAM_LOG_FORMAT", "xml"),
        ("STYLEGRAM_LISTEN", "8443"),
        ("STYLEGRAM_LISTEN", "localhost:https"),
        ("STYLEGRAM_LISTEN", "localhost:99999"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line_that_names_it(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    message = str(refused.value)
    assert message.startswith(name)
    assert "set it to" in message
    assert "\n" not in message
    assert "secret" not in message


def test_the_token_is_not_shown_with_the_other_options() -> None:
    settings = Settings.load()
    assert TOKEN not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_every_option_is_documented() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(
    ("listen", "webhook_url", "listens_at"),
    [
        (None, None, None),
        (None, "https://bot.example", "127.0.0.1:8443"),
        ("[::1]:80", None, "[::1]:80"),
        ("0.0.0.0:9000", "https://bot.example", "0.0.0.0:9000"),
    ],
)
def test_a_webhook_needs_an_address_and_the_rest_needs_to_be_asked_for(
    listen: str | None, webhook_url: str | None, listens_at: str | None
) -> None:
    settings = Settings.load(listen=listen, webhook_url=webhook_url, webhook_secret="s3cret")  # noqa: S106
    assert settings.listen == listens_at


def test_where_things_are_kept_is_known_without_a_token(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("TELEGRAM_BOT_TOKEN")
    environment.setenv("STYLEGRAM_DATA", "elsewhere")
    assert DataSettings.load().database == Path("elsewhere/stylegram.db")


def test_secrets_once_read_are_forgotten_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("telegram_bot_token", "1:a")  # pydantic reads either case
    monkeypatch.setenv("STYLEGRAM_WEBHOOK_SECRET", "secret")
    monkeypatch.setenv("STYLEGRAM_SIZE", "512")
    forget_secrets()
    assert not {"telegram_bot_token", "STYLEGRAM_WEBHOOK_SECRET"} & os.environ.keys()
    assert os.environ["STYLEGRAM_SIZE"] == "512"
