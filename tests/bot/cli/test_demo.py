"""`stylegram demo`, as typed."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.kit.command_line import COMMAND

ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("STYLEGRAM", "TELEGRAM"))
} | {"STYLEGRAM_WEIGHTS": "packaged", "STYLEGRAM_DEVICE": "cpu"}
DEMO = [*COMMAND, "demo"]
SMALL = ["--size", "64"]


def autoplay(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEMO, "--autoplay", *SMALL, *arguments],
        env=ENVIRONMENT | {"TMPDIR": str(folder)} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


class Demo:
    """A running demo. `lines` is what it said up to its address."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        self.process = process
        self.lines = []
        for line in process.stdout:
            self.lines.append(line)
            if found := re.search(r"at (http://\S+)", line):
                self.url = found[1]
                return
        raise AssertionError(f"it ended: {process.stderr and process.stderr.read()}")

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Its exit status, and what it said after its address or complained of."""
        self.process.send_signal(number)
        said, complained = self.process.communicate(timeout=60)
        return self.process.returncode, said + complained

    def kill(self) -> None:
        """At once; its workers notice, and end a moment later."""
        self.process.kill()
        self.process.wait()


@contextmanager
def demo(folder: Path, *arguments: str, **environment: str) -> Iterator[Demo]:
    process = subprocess.Popen(
        [*DEMO, *SMALL, *arguments],
        env=ENVIRONMENT | {"TMPDIR": str(folder)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Demo(process)
        finally:
            process.kill()


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_in_silence(tmp_path: Path, number: signal.Signals) -> None:
    proxies = {"ALL_PROXY": "socks5://127.0.0.1:9", "http_proxy": "rubbish", "NO_PROXY": "fd00::/8"}
    with demo(tmp_path, "--port", "0", "--no-open", **proxies) as running:  # which are none of its business
        assert httpx.get(running.url).status_code == 200
        assert running.url.startswith("http://127.0.0.1:")
        assert len(running.lines) == 1
        with httpx.stream("GET", f"{running.url}/api/events", params={"world": "x"}) as stream:
            assert "reload" in stream.read().decode()
        assert running.end(number) == (0, "")
    assert list(tmp_path.glob("stylegram-*")) == []  # a temporary folder, gone


def test_if_its_port_is_taken_it_takes_the_next_and_says_so(tmp_path: Path, taken: int) -> None:
    with demo(tmp_path, "--port", str(taken), "--no-open") as running:
        assert f"Port {taken} is taken" in running.lines[0]
        assert httpx.get(running.url).status_code == 200
        assert int(running.url.rpartition(":")[2]) > taken


def test_beyond_loopback_it_warns(tmp_path: Path) -> None:
    with demo(tmp_path, "--port", "0", "--host", "0.0.0.0", "--no-open") as running:  # noqa: S104
        assert httpx.get(running.url).status_code == 200
    assert "whoever reaches this machine may use it" in running.lines[0]


def test_a_browser_is_opened_if_asked_for_and_not_waited_for(tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}\nexec sleep 20\n')
    browser.chmod(0o700)
    with demo(tmp_path, "--port", "0", "--open", BROWSER=f"{browser} %s") as running:
        until(lambda: opened.exists() and opened.read_text() == running.url)
        assert httpx.get(running.url).status_code == 200


def test_an_address_of_another_machine_is_one_line(tmp_path: Path) -> None:
    ended = subprocess.run(
        [*DEMO, "--host", "192.0.2.1", "--no-open"],
        env=ENVIRONMENT | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("stylegram: Cannot listen on 192.0.2.1: ")
    assert ended.stderr.count("\n") == 1


def test_a_folder_in_use_is_one_line(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "data")]
    with demo(tmp_path, "--port", "0", "--no-open", *data) as running:
        ended = autoplay(tmp_path, *data)
        assert running.end(signal.SIGTERM) == (0, "")
    assert ended.returncode == 2
    assert "Another demo is running" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_killed_while_it_paints_it_goes_on_when_started_again(tmp_path: Path) -> None:
    arguments = ["--port", "0", "--no-open", "--data", str(tmp_path / "data")]
    with demo(tmp_path, *arguments) as running:
        with httpx.Client(base_url=running.url, headers={"Origin": running.url}) as page:
            ann = page.get("/api/world").json()["people"][0]["id"]
            pictures = [
                ("files", (name, BytesIO(sample(page, name)), "image/jpeg"))
                for name in ("astronaut", "van-gogh-auvers")
            ]
            page.post(f"/api/chats/{ann}/messages", data={"user": ann}, files=pictures)
            question = next(seen for seen in messages(page, ann) if ":light" in str(seen.get("reply_markup")))
            rows = question["reply_markup"]["inline_keyboard"]
            [light] = [button["callback_data"] for row in rows for button in row if "Light" in button["text"]]
            path = f"/api/chats/{ann}/messages/{question['message_id']}/tap"
            page.post(path, json={"user": ann, "data": light})
            until(lambda: "started painting" in (tmp_path / "data/telegram/world.json").read_text())
        running.kill()
    with demo(tmp_path, *arguments) as running:
        with httpx.Client(base_url=running.url) as page:
            result = next(seen for seen in messages(page, ann) if "Here it is" in seen.get("caption", ""))
            before = page.get(f"/api/chats/{ann}/messages/{result['message_id']}/before").json()
            assert page.get(f"/api/files/{before['file_id']}").status_code == 200
        assert running.end(signal.SIGTERM) == (0, "")


def until(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def sample(page: httpx.Client, name: str) -> bytes:
    return page.get(f"/samples/{name}.jpg").content


def messages(page: httpx.Client, chat_id: int) -> Iterator[dict[str, Any]]:
    """The chat's messages, newest first, again and again as they change: read them as a story."""
    world = page.get("/api/world").json()
    chat = next(chat for chat in world["chats"] if chat["id"] == chat_id)
    yield from reversed(chat["messages"])
    asked = {"world": world["world"], "after": world["event"]}
    with page.stream("GET", "/api/events", params=asked, timeout=120) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                event = json.loads(line.removeprefix("data: "))
                if event["chat_id"] == chat_id and event["kind"] in ("message", "edited"):
                    yield event["data"]


def test_autoplay_tells_the_conversation_and_saves_the_result(tmp_path: Path) -> None:
    played = autoplay(tmp_path)
    assert played.returncode == 0, played.stderr
    lines = played.stdout.splitlines()
    assert lines[0] == "Ann: [photo 512 × 512]"
    assert "Ann taps ⭐ Balanced" in lines
    assert any("Painting: " in line for line in lines)
    assert lines[-2].startswith("stylegram: [photo 64 × 64] Here it is: balanced. <")
    assert lines[-1] == "The result is in demo-result.jpg."
    assert Image.open(tmp_path / "demo-result.jpg").size == (64, 64)
    assert list(tmp_path.glob("stylegram-*")) == []


def test_autoplay_is_no_success_when_it_is_interrupted(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*DEMO, "--autoplay", *SMALL],
        env=ENVIRONMENT | {"TMPDIR": str(tmp_path), "PYTHONIOENCODING": "ascii"},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "Ann: [photo 512 ? 512]\n"
            process.terminate()
            _, complaint = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert complaint == "stylegram: It was told to stop before there was a result.\n"
    assert not (tmp_path / "demo-result.jpg").exists()


def test_autoplay_fails_where_nothing_can_be_painted(tmp_path: Path) -> None:
    played = autoplay(tmp_path, "-o", "out.jpg", STYLEGRAM_WEIGHTS="/nowhere")
    assert played.returncode == 1
    assert "There is no file /nowhere" in played.stderr
    assert played.stderr.splitlines()[-1].startswith("stylegram: no picture came, but: ")
    assert not (tmp_path / "out.jpg").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["-o", "no/such/folder.jpg"], "Cannot write to no/such/folder.jpg"),
        (["-o", "."], "should end in .jpg"),
        (["-o", "out.png"], "should end in .jpg"),
        (["--size", "63"], "--size"),
        (["--size", "5000"], "--size"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, arguments: list[str], complaint: str) -> None:
    ended = autoplay(tmp_path, *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert complaint in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_device_that_is_none_is_one_line(tmp_path: Path) -> None:
    ended = autoplay(tmp_path, STYLEGRAM_DEVICE="abacus")
    assert ended.returncode == 2
    assert ended.stderr.startswith("stylegram: STYLEGRAM_DEVICE cannot be used")
    assert ended.stderr.count("\n") == 1
