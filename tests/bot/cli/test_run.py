"""`stylegram run`, `stylegram backup` and `stylegram restore`, as typed."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Database, Users
from tests.kit.command_line import stylegram
from tests.kit.small_disk import SmallDisk


def test_without_a_token_run_says_so_in_one_line(tmp_path: Path) -> None:
    ended = stylegram("run", STYLEGRAM_DATA=str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr.startswith("stylegram: TELEGRAM_BOT_TOKEN is not set")
    assert ended.stderr.count("\n") == 1


async def test_a_second_bot_on_the_same_data_ends_in_one_line(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "stylegram.db")
    options = {"STYLEGRAM_DATA": str(tmp_path), "TELEGRAM_BOT_TOKEN": "1:a"}
    ended = await asyncio.to_thread(stylegram, "run", **options)
    await database.close()
    assert ended.returncode == 1
    assert "Another process is running" in ended.stderr
    assert ended.stderr.count("\n") == 1


async def test_backup_copies_what_the_running_bot_has_committed(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "stylegram.db")
    await Users(database).ensure(7)
    target = tmp_path / "copy.db"
    done = await asyncio.to_thread(stylegram, "backup", str(target), STYLEGRAM_DATA=str(tmp_path))
    again = await asyncio.to_thread(stylegram, "backup", str(target), STYLEGRAM_DATA=str(tmp_path))
    await database.close()
    assert (done.returncode, done.stderr) == (0, "")
    assert sqlite3.connect(target).execute("SELECT id FROM users").fetchall() == [(7,)]
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_there_is_nothing_to_back_up_where_no_bot_has_been(tmp_path: Path) -> None:
    ended = stylegram("backup", str(tmp_path / "copy.db"), STYLEGRAM_DATA=str(tmp_path / "nowhere"))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1


async def test_restore_puts_a_backup_back_and_keeps_what_was_there(tmp_path: Path) -> None:
    path, copy = tmp_path / "stylegram.db", tmp_path / "copy.db"
    here = {"STYLEGRAM_DATA": str(tmp_path)}
    database = await Database.open(path)
    await Users(database).ensure(7)
    await asyncio.to_thread(stylegram, "backup", str(copy), **here)
    await Users(database).ensure(8)
    refused = await asyncio.to_thread(stylegram, "restore", str(copy), **here)
    await database.close()
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "stop it first" in refused.stderr

    done = await asyncio.to_thread(stylegram, "restore", str(copy), **here)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Restored {copy} to {path}." in done.stdout
    aside = done.stdout.rpartition("is kept as ")[2].strip(".\n ")
    for file, users in ((path, [(7,)]), (Path(aside), [(7,), (8,)])):
        assert sqlite3.connect(file).execute("SELECT id FROM users").fetchall() == users


@pytest.mark.parametrize("damage", [slice(0, 100), slice(8192, 12288)], ids=["header", "a page"])
async def test_a_damaged_database_ends_the_start_in_one_line(tmp_path: Path, damage: slice) -> None:
    path = tmp_path / "stylegram.db"
    await (await Database.open(path)).close()
    contents = bytearray(path.read_bytes())
    contents[damage] = b"\xff" * (damage.stop - damage.start)
    path.write_bytes(contents)
    options = {"STYLEGRAM_DATA": str(tmp_path), "TELEGRAM_BOT_TOKEN": "1:a"}
    ended = await asyncio.to_thread(stylegram, "run", **options)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "restore a backup" in ended.stderr
    assert path.read_bytes() == contents


def test_a_full_disk_ends_the_start_in_one_line(small_disk: SmallDisk) -> None:
    small_disk.fill()
    ended = stylegram("run", STYLEGRAM_DATA=str(small_disk.folder), TELEGRAM_BOT_TOKEN="1:a")  # noqa: S106
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "free some space" in ended.stderr


@pytest.mark.parametrize("folder", ["", "data"], ids=["the folder", "a new folder in it"])
def test_a_read_only_data_folder_ends_the_start_in_one_line(small_disk: SmallDisk, folder: str) -> None:
    small_disk.make_read_only()
    data = small_disk.folder / folder
    ended = stylegram("run", STYLEGRAM_DATA=str(data), TELEGRAM_BOT_TOKEN="1:a")  # noqa: S106
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert f"Cannot write {data}" in ended.stderr


@pytest.mark.parametrize("command", ["run", "demo --autoplay --output nowhere/result.jpg"])
def test_no_core_dump_is_left_which_would_hold_pictures_and_the_token(tmp_path: Path, command: str) -> None:
    """Both end at once, for want of a token and of a folder; the limit is set by then."""
    program = (
        "import resource\n"
        "from bot.cli import main\n"
        "try: main()\n"
        "finally: print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *command.split()], cwd=tmp_path, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout) == (2, "(0, 0)\n")
