"""Options from the environment, and what is said about those that make no sense."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import DataSettings, Settings, SettingsError, forget_secrets, from_environment, variable
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


VALID: dict[str, tuple[str, object]] = {
    "data": ("/var/lib/stylegram", Path("/var/lib/stylegram")),
    "token": (TOKEN, SecretStr(TOKEN)),
    "api_url": ("http://localhost:8081", "http://localhost:8081"),
    "webhook_url": ("https://bot.example/telegram/", "https://bot.example/telegram/"),
    "webhook_secret": ("s3cret", SecretStr("s3cret")),
    "listen": ("0.0.0.0:8443", "0.0.0.0:8443"),
    "gallery": (str(Path(__file__).parent), Path(__file__).parent),
    "size": ("512", 512),
    "weights": ("imagenet", "imagenet"),
    "device": ("cpu", "cpu"),
    "executor": ("cluster", "cluster"),
    "ray_address": ("10.0.0.1:6379", "10.0.0.1:6379"),
    "cluster_cpus": ("2.5", 2.5),
    "deadline": ("60", 60.0),
    "limit_user": ("4", 4),
    "limit_chat": ("5", 5),
    "limit_overall": ("6", 6),
    "limit_updates": ("7", 7),
    "allowed_users": ("1, 2", {1, 2}),
    "allowed_chats": ("-100", {-100}),
    "admin_ids": ("3", {3}),
    "games": ("no", False),
    "edit_interval_private": ("1.5", 1.5),
    "edit_interval_group": ("2.5", 2.5),
    "files_mb": ("8", 8),
    "keep_sessions_days": ("9", 9.0),
    "keep_jobs_days": ("10", 10.0),
    "log_level": ("DEBUG", "DEBUG"),
    "log_format": ("json", "json"),
}
"""For each option, what may be written in the environment and what is read from it."""

LISTS = {"allowed_users", "allowed_chats", "admin_ids"}
"""Which may also have an id a line."""

WRAPPINGS = {
    "a carriage return": "{}\r",
    "a newline": "{}\n",
    "spaces": "  {}\t ",
    "double quotes": '"{}"',
    "single quotes": "'{}'",
    "quotes within spaces within quotes": "' \"{}\"' \r\n",
    "a byte order mark": "\ufeff{}",
    "a non-breaking space": "\xa0{}\xa0",
    "a zero-width space": "\u200b{}",
}


def test_there_is_a_case_for_every_option() -> None:
    assert VALID.keys() == Settings.model_fields.keys()


@pytest.mark.parametrize("wrapping", WRAPPINGS.values(), ids=WRAPPINGS)
@pytest.mark.parametrize("field", VALID)
def test_what_a_file_has_left_around_a_value_is_taken_off(
    environment: pytest.MonkeyPatch, field: str, wrapping: str
) -> None:
    written, read = VALID[field]
    environment.setenv(variable(field), wrapping.format(written))
    with environment.context() as also:
        if field == "webhook_url":
            also.setenv("STYLEGRAM_WEBHOOK_SECRET", "s3cret")
        assert getattr(Settings.load(), field) == read
    assert from_environment(field) == written


@pytest.mark.parametrize("nothing", ["", " ", "\r\n", '""', "' '", "\ufeff"])
@pytest.mark.parametrize("field", VALID)
def test_nothing_counts_as_not_set(environment: pytest.MonkeyPatch, field: str, nothing: str) -> None:
    environment.setenv(variable(field), nothing)
    if field == "token":
        with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN is not set"):
            Settings.load()
    else:
        assert getattr(Settings.load(), field) == Settings.model_fields[field].get_default()
    assert from_environment(field) is None


@pytest.mark.parametrize("flaw", ["{}\r{}", "{}\n{}", "{}\ufeff{}", "{}\x1b[31m{}", '"{}{}', "{}{}'"])
@pytest.mark.parametrize("field", [field for field in VALID if field not in LISTS])
def test_what_cannot_be_taken_off_is_refused_in_one_line(
    environment: pytest.MonkeyPatch, field: str, flaw: str
) -> None:
    written = VALID[field][0]
    environment.setenv(variable(field), flaw.format(written, written))
    with pytest.raises(SettingsError, match=f"^{variable(field)} cannot be used") as refused:
        Settings.load()
    assert "\n" not in str(refused.value)
    assert TOKEN not in str(refused.value)


NUMBERS = [name for name, field in Settings.model_fields.items() if "float" in str(field.annotation)] + [
    name for name, field in Settings.model_fields.items() if field.annotation is int
]


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "-1", "1e400", "9" * 30, "0x10", "1,5"])
@pytest.mark.parametrize("field", NUMBERS)
def test_impossible_numbers_are_refused(environment: pytest.MonkeyPatch, field: str, number: str) -> None:
    environment.setenv(variable(field), number)
    with pytest.raises(SettingsError, match=f"^{variable(field)} cannot be used"):
        Settings.load()


@pytest.mark.parametrize(
    "token",
    [
        *(
            "123456",
            "123456:",
            ":ABC",
            "ABC:123456",
            "123456:ABC DEF",
            "123456:АБВ",
            "123456;ABC",
            "123:A/../B",
        ),
        *(
            "bot123456:ABC",
            "١٢٣:ABC",
            "123456:ABC-DEF:GHI",
            "<123456:ABC>",
            "https://api.telegram.org/bot1:A",
        ),
    ],
)
def test_what_no_token_looks_like_is_told_what_one_does(environment: pytest.MonkeyPatch, token: str) -> None:
    environment.setenv("TELEGRAM_BOT_TOKEN", token)
    with pytest.raises(SettingsError, match="a token is digits, a colon, and then letters") as refused:
        Settings.load()
    assert "set it to the bot's token, from @BotFather." in str(refused.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://api.telegram.org/", "https://api.telegram.org"),
        ("https://api.telegram.org/bot", "https://api.telegram.org"),
        ("http://[::1]:8081//", "http://[::1]:8081"),
        ("http://proxy.example/telegram/", "http://proxy.example/telegram"),
        ("HTTP://localhost:8081", "http://localhost:8081"),
    ],
)
def test_where_the_bot_api_is_may_be_written_in_several_ways(
    environment: pytest.MonkeyPatch, written: str, read: str
) -> None:
    environment.setenv("STYLEGRAM_API_URL", written)
    assert Settings.load().api_url == read


def test_words_may_be_written_in_any_case(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("STYLEGRAM_LOG_LEVEL", "debug")
    environment.setenv("STYLEGRAM_DEVICE", "CPU")
    settings = Settings.load()
    assert (settings.log_level, settings.device) == ("DEBUG", "cpu")


def test_a_name_with_a_byte_order_mark_is_found_out(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("TELEGRAM_BOT_TOKEN")
    environment.setenv("\ufeffTELEGRAM_BOT_TOKEN", TOKEN)
    with pytest.raises(SettingsError, match=r"^TELEGRAM_BOT_TOKEN has a sign .* byte order mark"):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "a-secret-without-an-id"),
        ("STYLEGRAM_SIZE", "big"),
        ("STYLEGRAM_SIZE", "100000"),
        ("STYLEGRAM_API_URL", "localhost"),
        ("STYLEGRAM_API_URL", "localhost:8081"),
        ("STYLEGRAM_API_URL", "ftp://localhost"),
        ("STYLEGRAM_API_URL", "http://"),
        ("STYLEGRAM_API_URL", "http:///bot"),
        ("STYLEGRAM_API_URL", "http://localhost:port"),
        ("STYLEGRAM_API_URL", "http://localhost:99999"),
        ("STYLEGRAM_API_URL", "http://[::1"),
        ("STYLEGRAM_API_URL", "http://local host"),
        ("STYLEGRAM_API_URL", "http://localhost/?token=secret"),
        ("STYLEGRAM_WEBHOOK_URL", "bot.example.org/telegram"),
        ("STYLEGRAM_GALLERY", "/nowhere"),
        ("STYLEGRAM_GALLERY", __file__),
        ("STYLEGRAM_LIMIT_CHAT", "0"),
        ("STYLEGRAM_ALLOWED_USERS", "ann,ben"),
        ("STYLEGRAM_ALLOWED_USERS", ","),
        ("STYLEGRAM_ADMIN_IDS", "1" * 30),
        ("STYLEGRAM_EXECUTOR", "magic"),
        ("STYLEGRAM_LOG_FORMAT", "xml"),
        ("STYLEGRAM_LISTEN", "8443"),
        ("STYLEGRAM_LISTEN", "::1:8443"),
        ("STYLEGRAM_LISTEN", "http://0.0.0.0:8443"),
        ("STYLEGRAM_LISTEN", "localhost:https"),
        ("STYLEGRAM_LISTEN", "localhost:99999"),
        ("RAY_ADDRESS", "10.0.0.1"),
        ("RAY_ADDRESS", "10.0.0.1:99999"),
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
