"""Download files from Telegram, no more of them than asked for."""

import asyncio
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from telegram import Bot
from telegram.error import BadRequest, NetworkError

from bot.gateway.connection import Connection


class TooLarge(Exception):
    """The file is larger than wanted, or than what bots may download."""


class NotServed(Exception):
    """The Bot API server knows the file and does not hand it out; the message is a line for an operator."""


async def download(bot: Bot, file_id: str, most: int) -> bytes:
    """Download a file.

    A Bot API server in its `--local` mode serves no files over HTTP and names the path on its own disk
    instead: what is there is read from there.

    Args:
        bot: one that talks over a `Connection`.
        file_id: Telegram's.
        most: bytes; of a larger file no more than these are read.

    Raises `TooLarge`, `NotServed` or a `TelegramError`.
    """
    try:
        file = await bot.get_file(file_id)
    except BadRequest as error:
        if "file is too big" in error.message.lower():
            raise TooLarge from error
        raise
    if (file.file_size or 0) > most:
        raise TooLarge
    path = (file.file_path or "").removeprefix(f"{bot.base_file_url}/")
    if Path(path).is_absolute() and await asyncio.to_thread(_is_file, Path(path)):
        return await asyncio.to_thread(_read, Path(path), most, _folder(path, bot))
    return await _fetch(bot, path, most)


async def _fetch(bot: Bot, path: str, most: int) -> bytes:
    connection = bot.request
    assert isinstance(connection, Connection)  # noqa: S101 (as it was built)
    code, data = await connection.fetch(f"{bot.base_file_url}/{quote(path)}", most)
    if code == HTTPStatus.OK:
        if len(data) > most:
            raise TooLarge
        return data
    if code == HTTPStatus.TOO_MANY_REQUESTS or code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NetworkError(f"no file ({code})")
    if Path(path).is_absolute():
        raise NotServed(
            f"The Bot API server keeps files in {_folder(path, bot)} on its own disk and serves none over "
            f"HTTP ({code}): let the bot read that folder under the same path, or run the server without "
            "--local."
        )
    raise NotServed(f"The Bot API server answers {code} for a file that it has just named.")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # in a folder that may not be looked into
        return False


def _folder(path: str, bot: Bot) -> str:
    """Name the server's folder, without what has the token in it."""
    return path.partition(f"/{bot.token}")[0] or "/"


def _read(path: Path, most: int, folder: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise NotServed(
            f"The Bot API server's files in {folder} cannot be read ({error.strerror}): "
            "let the bot's user read that folder."
        ) from error
    if len(data) > most:
        raise TooLarge
    return data
