"""Print, where the reader has gone, the disk is full, or nothing but ASCII can be shown."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OUT: Final = 1
ERR: Final = 2


class OutputFailed(Exception):
    """Standard output cannot be written. The message is one line; empty where the reader has merely left."""

    def __init__(self, error: OSError) -> None:
        left = error.errno == errno.EPIPE
        super().__init__("" if left else f"Standard output cannot be written: {error.strerror}.")


@contextmanager
def careful() -> Iterator[None]:
    """Let printing in this block end well.

    Standard output that cannot be written raises `OutputFailed`, once. That standard error cannot is no
    reason to fail: there is nobody left to tell. Letters that cannot be shown are replaced.
    """
    _open_missing()
    with ExitStack() as stack:
        if _is_of(sys.stdout, OUT):  # and not a test's own
            stack.enter_context(redirect_stdout(_text(_Output(OUT, "w", closefd=False), sys.stdout)))
        if _is_of(sys.stderr, ERR):
            stack.enter_context(redirect_stderr(_text(_Errors(ERR, "w", closefd=False), sys.stderr)))
        try:
            yield
        finally:
            sys.stderr.flush()


def check_stdout() -> None:
    """Raise `OutputFailed` if standard output was closed from the beginning."""
    try:
        os.write(OUT, b"")
    except OSError as error:
        raise OutputFailed(error) from error


def printable(text: object) -> str:
    """Make one line of any text, such as a file's name: what is no letter is shown as an escape."""
    return "".join(_shown(letter) for letter in str(text))


class _Output(io.FileIO):
    _lost = False

    def write(self, data: "ReadableBuffer") -> int:
        if not self._lost:
            try:
                return super().write(data)
            except OSError as error:
                self._lost = True  # what is still in a buffer has nowhere to go
                raise OutputFailed(error) from error
        return memoryview(data).nbytes


class _Errors(io.FileIO):
    def write(self, data: "ReadableBuffer") -> int:
        with suppress(OSError):
            return super().write(data)
        return memoryview(data).nbytes


def _text(raw: io.FileIO, like: "TextIO | None") -> TextIO:
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=like.encoding if like else "utf-8",
        errors="replace" if raw.fileno() == OUT else "backslashreplace",
        line_buffering=raw.fileno() == ERR or raw.isatty(),
    )


def _is_of(stream: Any, number: int) -> bool:
    """Whether a stream is the process's own. There is none (None) where it was closed from the beginning."""
    with suppress(OSError, ValueError):
        return stream is None or stream.fileno() == number
    return False


def _open_missing() -> None:
    """Put something in the place of standard input, output or error where they are closed.

    Else the next file that is opened would be in their place, a database say, and get what is printed.
    To write to what is put in the output's place fails, as somebody who closed it should be told.
    """
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, mode), True)  # the lowest number that is free: this one


def _shown(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":  # a byte that is no letter, as Python reads the system's names
        return f"\\x{ord(letter) - 0xDC00:02x}"
    if letter.isprintable() or letter == "\N{ZERO WIDTH JOINER}":
        return letter
    return letter.encode("unicode_escape").decode()
