"""What is printed, where it cannot be: full, closed, narrow, of few letters; and Ctrl-C at any moment."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.streams import printable
from storage import Bans, Database
from tests.kit.command_line import COMMAND, stylegram


@pytest.fixture
async def data(tmp_path: Path) -> dict[str, str]:
    """A database in which somebody is banned for a reason that looks like markup."""
    database = await Database.open(tmp_path / "stylegram.db")
    await Bans(database).ban(7, "[/red] [bold]кошки[/bold]\x1b[31m")
    await database.close()
    return {"STYLEGRAM_DATA": str(tmp_path)}


FULL = "stylegram: Standard output cannot be written: No space left on device.\n"
CLOSED = "stylegram: Standard output cannot be written: Bad file descriptor.\n"


@pytest.mark.parametrize(
    ("command", "after", "said"),
    [
        ("users list", ">/dev/full", FULL),
        ("users list", ">&-", CLOSED),
        ("users list", "| true", ""),
        ("users list", ">&- 2>&- <&-", ""),
        ("users show 7 --json", ">/dev/full 2>/dev/full", ""),
        ("--version", ">/dev/full", FULL),
        ("--help", "| true", ""),
        ("jobs --help", ">&-", CLOSED),
    ],
)
def test_output_that_does_not_arrive_is_one_line_or_silence(
    data: dict[str, str], command: str, after: str, said: str
) -> None:
    ended = stylegram(*command.split(), after=after, **data)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", said)


@pytest.mark.parametrize("after", ["2>/dev/full", "2>&- <&-"])
def test_an_error_that_nobody_reads_is_no_other_error(after: str) -> None:
    ended = stylegram("nonsense", after=after)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", "")


def test_nothing_fails_because_standard_error_is_closed() -> None:
    assert stylegram("--version", after="2>&-").returncode == 0


def test_a_database_is_never_opened_in_the_place_of_a_closed_output(data: dict[str, str]) -> None:
    file = Path(data["STYLEGRAM_DATA"], "stylegram.db")
    stylegram("users", "ban", "8", "--reason", "x" * 5000, after=">&- 2>&- <&-", **data)
    assert file.read_bytes().startswith(b"SQLite format 3\x00")
    assert "x" * 50 in stylegram("users", "show", "8", "--json", **data).stdout


@pytest.mark.parametrize(
    ("command", "environment"), [("users list", {}), ("users list", {"LC_ALL": "C"}), ("users show 7", {})]
)
def test_brackets_are_shown_as_they_are_and_signs_that_control_are_not(
    data: dict[str, str], command: str, environment: dict[str, str]
) -> None:
    shown = stylegram(*command.split(), **data, **environment)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "[/red] [bold]кошки[/bold]\\x1b[31m" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_where_only_ascii_can_be_shown_the_rest_is_replaced(data: dict[str, str]) -> None:
    shown = stylegram("users", "list", **data, PYTHONIOENCODING="ascii")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "[bold]?????[/bold]" in shown.stdout


@pytest.mark.parametrize("command", [["users", "list"], ["nonsense"]])
def test_a_narrow_terminal_is_enough(data: dict[str, str], command: list[str]) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | data | {"COLUMNS": "20", "TERM": "xterm"}
    done = subprocess.run(
        [*COMMAND, *command], env=environment, stdout=theirs, stderr=subprocess.PIPE, text=True
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == (2 if command == ["nonsense"] else 0)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Мой кот 🎨.jpg", "Мой кот 🎨.jpg"),
        ("[bold]a[/bold].jpg", "[bold]a[/bold].jpg"),
        ("two\nlines\r\t", "two\\nlines\\r\\t"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        (os.fsdecode(b"caf\xe9.jpg"), "caf\\xe9.jpg"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
    ],
)
def test_names_are_one_line_that_controls_nothing(text: str, shown: str) -> None:
    assert printable(text) == shown


INTERRUPTED_AT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Interrupt:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
from bot.cli import main; main()
"""


@pytest.mark.parametrize(
    ("command", "module"),
    [
        ("--help", "typer"),
        ("--help", "storage"),
        ("run", "bot.app"),
        ("demo --autoplay", "bot.demo.autoplay"),
        ("doctor", "tensorflow"),
    ],
)
def test_ctrl_c_at_the_first_moment_ends_in_silence(tmp_path: Path, command: str, module: str) -> None:
    """The signal comes when that module is about to be imported."""
    program = INTERRUPTED_AT.format(module=module)
    ended = subprocess.run(
        [sys.executable, "-c", program, *command.split()],
        capture_output=True,
        text=True,
        env=os.environ | {"TELEGRAM_BOT_TOKEN": "1:a", "STYLEGRAM_DATA": str(tmp_path)},
        cwd=tmp_path,
    )
    assert (ended.returncode, ended.stdout) == (130, "")
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") <= 1  # "told to stop before there was a result" is what a demo may say


def test_who_started_it_without_ctrl_c_keeps_it_so() -> None:
    ours = signal.getsignal(signal.SIGINT)  # ignored itself where the tests run in the background
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "import sys; sys.argv[1:] = ['--version']\n"
        "from bot.cli import main\n"
        "try: main()\n"
        "finally: print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.stdout.endswith("True\n")
    assert signal.getsignal(signal.SIGINT) is ours
