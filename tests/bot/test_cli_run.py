"""`stylegram run` and `stylegram backup`, as typed."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from storage import Database, Users


def stylegram(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("STYLEGRAM", "TELEGRAM"))
    }
    return subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


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
