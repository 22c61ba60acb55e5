"""Fetching Keras' VGG19: one file, whole and right, whoever else is at it and whatever the network does."""

import importlib.util
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from filelock import FileLock

from core.weights import IMAGENET, Source, WeightsError, cache_path, check_source, fetch, is_cached
from tests.core.weights.servers import BODY, body, half, md5, never_answers, serving


def test_a_file_is_fetched_once_and_progress_told(cache: Path) -> None:
    told: list[tuple[int, int]] = []
    with serving(body()) as server:
        source = Source(server.url, md5(BODY))
        path = fetch(source, progress=lambda done, total: told.append((done, total)))
        assert fetch(source) == path == cache_path()
        assert server.gets == 1
    assert path.read_bytes() == BODY
    assert path.parent == cache
    assert told == sorted(told)
    assert told[-1] == (len(BODY), len(BODY))


def test_keras_own_cache_is_used_where_it_is(tmp_path: Path) -> None:
    keras = importlib.util.find_spec("keras")
    assert keras is not None
    assert keras.origin is not None
    text = (Path(keras.origin).parent / "src" / "applications" / "vgg19.py").read_text()
    assert IMAGENET.md5 in text
    assert cache_path().name in text
    assert IMAGENET.url.endswith(cache_path().name)
    assert cache_path().parent == tmp_path / "keras" / "models"


def test_without_keras_home_the_cache_is_in_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_path().parent == tmp_path / ".keras" / "models"


def test_without_a_home_the_cache_is_among_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(number: int) -> None:
        raise KeyError(number)

    for name in ("KERAS_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert cache_path().is_relative_to(tempfile.gettempdir())


def test_a_damaged_cache_is_fetched_again(cache: Path) -> None:
    cache.mkdir(parents=True)
    cache_path().write_bytes(BODY[:1000])
    with serving(body()) as server:
        assert fetch(Source(server.url, md5(BODY))).read_bytes() == BODY


def test_the_wrong_file_is_refused_and_not_kept(cache: Path) -> None:
    with serving(body()) as server, pytest.raises(WeightsError, match="wrong hash"):
        fetch(Source(server.url, md5(b"another")))
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_half_a_file_is_not_kept_and_the_next_try_starts_afresh(cache: Path) -> None:
    with serving(half) as server, pytest.raises(WeightsError, match="cut short"):
        fetch(Source(server.url, md5(BODY)))
    assert [path.suffix for path in cache.iterdir()] == [".lock"]
    cache_path().with_suffix(".part").write_bytes(BODY * 2)  # what a killed process leaves
    with serving(body()) as server:
        assert fetch(Source(server.url, md5(BODY))).read_bytes() == BODY
    assert sorted(path.suffix for path in cache.iterdir()) == [".h5", ".lock"]


def test_two_processes_that_start_together_fetch_once() -> None:
    both_are_at_it = threading.Event()

    def in_two_halves(handler: BaseHTTPRequestHandler) -> None:
        half(handler)
        handler.wfile.flush()
        both_are_at_it.wait(30)
        handler.wfile.write(BODY[len(BODY) // 2 :])

    program = (
        "import sys\n"
        "from core.weights import Source, fetch\n"
        "print('ready', flush=True)\n"
        "print(len(fetch(Source(*sys.argv[1:])).read_bytes()))\n"
    )
    with serving(in_two_halves) as server:
        command = [sys.executable, "-c", program, server.url, md5(BODY)]
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        both_are_at_it.set()
        outputs = [process.communicate(timeout=60)[0] for process in processes]
        assert outputs == [f"{len(BODY)}\n"] * 2
        assert server.gets == 1


def test_another_process_is_waited_for_while_it_gets_on(cache: Path) -> None:
    cache.mkdir(parents=True)
    part = cache_path().with_suffix(".part")

    def other(started: threading.Event) -> None:
        with FileLock(cache_path().with_suffix(".lock")):
            started.set()
            for size in range(1, 9):
                part.write_bytes(BODY[:size])
                time.sleep(0.1)
            part.write_bytes(BODY)
            part.replace(cache_path())

    started = threading.Event()
    thread = threading.Thread(target=other, args=(started,))
    thread.start()
    started.wait()
    with serving(body()) as server:
        assert fetch(Source(server.url, md5(BODY)), patience=0.5).read_bytes() == BODY
        assert server.gets == 0
    thread.join()


def test_another_process_that_hangs_is_not_waited_for(cache: Path) -> None:
    cache.mkdir(parents=True)
    cache_path().with_suffix(".part").write_bytes(BODY[:1000])
    with FileLock(cache_path().with_suffix(".lock")), pytest.raises(WeightsError, match="another process"):
        fetch(Source("http://127.0.0.1:9/", md5(BODY)), patience=0.3)


def test_a_mirror_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(body()) as server:
        monkeypatch.setenv("STYLEGRAM_WEIGHTS_URL", server.url)
        with pytest.raises(WeightsError, match="wrong hash"):  # the mirror's file must be Keras' all the same
            fetch()
        assert server.gets == 1


def test_a_cache_that_cannot_be_made_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file" / "keras"))
    with pytest.raises(WeightsError, match="could not be fetched"):
        fetch(Source("http://127.0.0.1:9/", md5(BODY)))


# What hangs


@contextmanager
def never_connects() -> Iterator[str]:
    """A port whose queue is full: the kernel drops whoever else calls."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for caller in callers:
            caller.close()


def stalling(*pieces: bytes) -> Callable[[], AbstractContextManager[str]]:
    """A server that sends the pieces, one every tenth of a second, and then nothing."""

    @contextmanager
    def server() -> Iterator[str]:
        over = threading.Event()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            for piece in pieces:
                handler.wfile.write(piece)
                handler.wfile.flush()
                if over.wait(0.1):
                    return
            over.wait()

        with serving(answer) as running:
            yield running.url
            over.set()

    return server


HEADERS = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
HANGS = {
    "never connects": never_connects,
    "never answers": never_answers,
    "headers trickle": stalling(HEADERS, *[b"X-Still: here\r\n"] * 50),
    "headers and no body": stalling(HEADERS + b"\r\n"),
    "half a body": stalling(HEADERS + b"\r\n", bytes(500)),
}


@pytest.mark.parametrize("hang", HANGS.values(), ids=HANGS)
def test_whatever_hangs_is_given_up(hang: Callable[[], AbstractContextManager[str]]) -> None:
    with hang() as url:
        started = time.monotonic()
        with pytest.raises(WeightsError, match=r"no answer within 0\.3 seconds|timed out"):
            fetch(Source(url, md5(BODY)), patience=0.3)
        assert time.monotonic() - started < 4  # the headers trickle for five seconds


def test_a_name_server_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait() and [])
    with pytest.raises(WeightsError, match=r"no answer within 0\.3 seconds"):
        fetch(Source("http://weights.example/", md5(BODY)), patience=0.3)
    over.set()


def test_a_source_is_checked_without_keeping_anything(cache: Path) -> None:
    with serving(body()) as server:
        source = Source(server.url, md5(BODY))
        check_source(source)
        assert not is_cached(source)
        assert not cache.exists()
        fetch(source)
        assert is_cached(source)
        assert server.gets == 2


def test_a_source_that_is_silent_is_waited_for_no_longer_than_said() -> None:
    with (
        never_answers() as url,
        pytest.raises(WeightsError, match=r"no answer within 0\.3 seconds|timed out"),
    ):
        check_source(Source(url, "hash"), patience=0.3)
