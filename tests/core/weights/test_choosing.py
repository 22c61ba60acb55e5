"""Choosing weights: what each choice gives, and what `auto` does where there is no network."""

import os
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from core.weights import Source, WeightsError, load_weights
from tests.core.weights.servers import BODY, body, md5, never_answers, serving
from tests.core.weights.test_keras_file import VGG19, keras_file


def test_an_answer_of_no_use_is_an_error_of_one_line() -> None:
    def not_found(handler: BaseHTTPRequestHandler) -> None:
        handler.send_error(404)

    with serving(not_found) as server, pytest.raises(WeightsError, match="404") as refused:
        load_weights("imagenet", source=Source(server.url, md5(BODY)))
    assert "\n" not in str(refused.value)
    assert "packaged" in str(refused.value)


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


def test_auto_decides_soon_whatever_hangs() -> None:
    """Within five seconds on a free machine, for two at once; one after the other would take eight."""
    with never_answers() as url:
        program = (
            "import sys, time\n"
            "from core.weights import Source, load_weights\n"
            "started = time.monotonic()\n"
            "weights = load_weights('auto', source=Source(sys.argv[1], 'hash'))\n"
            "print(weights.name, time.monotonic() - started < 7)\n"
        )
        command = [sys.executable, "-c", program, url]
        processes = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
            for _ in range(2)
        ]
        assert [process.communicate(timeout=60)[0] for process in processes] == ["packaged True\n"] * 2
