"""Pictures opened in a process of its own: hostile ones end there, and cost no more than they may."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image, ImageChops

from bot.chat.preview import PATIENCE
from core.decoding.animation import LONGEST
from core.decoding.decoder import (
    SECONDS,
    THUMBNAIL_SECONDS,
    Decoder,
    DecoderUnavailable,
    DecodingCancelled,
)
from core.decoding.montage import SHEET
from core.decoding.picture import open_picture
from core.decoding.refusal import PictureError, Reason
from core.decoding.sticker import STICKER
from tests.kit.executors import PHOTO, STYLE, is_alive
from tests.kit.hostile_pictures import TOO_LARGE_TO_BE_CHEAP, jpeg_with_many_scans, large_png, saved
from tests.kit.waiting import eventually

MB = 1_000_000
MANY_SCANS = jpeg_with_many_scans(100_000)  # whose opening has to be ended


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    decoder = Decoder()
    decoder.start()
    yield decoder
    decoder.close()


def peak(decoder: Decoder) -> int:
    """The most memory that its process has had so far, in bytes."""
    status = Path(f"/proc/{decoder.pid}/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def works(decoder: Decoder) -> bool:
    return max(decoder.open_picture(PHOTO, longest=64).shape) == 64


def test_it_opens_what_the_library_would(decoder: Decoder) -> None:
    for longest in (None, 100):
        opened = decoder.open_picture(PHOTO, longest=longest)
        assert np.array_equal(opened, open_picture(PHOTO, longest=longest))


def test_it_refuses_what_the_library_would(decoder: Decoder) -> None:
    with pytest.raises(PictureError, match=r"not a picture\.$") as refused:
        decoder.open_picture(b"hello")
    assert refused.value.reason is Reason.NOT_A_PICTURE


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "BMP", "TIFF"])
def test_damaged_files_are_opened_or_refused_and_cost_no_process(decoder: Decoder, file_format: str) -> None:
    """A few of many: `tests.bench.steady.mutations` has the rest."""
    if file_format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    decoder.start()
    pid, chance = decoder.pid, random.Random(file_format)  # noqa: S311
    whole = saved(Image.open(BytesIO(PHOTO)), file_format)
    for _ in range(30):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data) if chance.random() < 0.5 else 300)] = chance.randrange(256)
        with suppress(PictureError):
            assert max(decoder.open_picture(bytes(data), longest=100).shape) == 100
    assert decoder.pid == pid


async def test_it_puts_two_pictures_side_by_side(decoder: Decoder) -> None:
    with Image.open(BytesIO(await decoder.side_by_side(PHOTO, STYLE))) as image:
        assert (image.format, image.height) == ("JPEG", 320)
        assert image.width > 320


async def test_a_look_says_whether_a_picture_can_be_opened(decoder: Decoder) -> None:
    await decoder.look(PHOTO)
    for data, reason in ((PHOTO[:-200], Reason.TRUNCATED), (b"hello", Reason.NOT_A_PICTURE)):
        with pytest.raises(PictureError) as refused:
            await decoder.look(data)
        assert refused.value.reason is reason


async def test_it_puts_many_pictures_on_a_labelled_sheet(decoder: Decoder) -> None:
    with (
        Image.open(
            BytesIO(await decoder.sheet([PHOTO, STYLE] * 2, ["Слабо", "2", "3", ""], columns=2))
        ) as image,
        Image.open(BytesIO(await decoder.sheet([PHOTO, STYLE] * 2, [""] * 4, columns=2))) as bare,
    ):
        assert image.format == "JPEG"
        assert max(image.size) == pytest.approx(SHEET, abs=20)
        assert image.size == bare.size
        assert ImageChops.difference(image, bare).getbbox() is not None


async def test_a_sheet_with_a_picture_that_cannot_be_opened_is_refused(decoder: Decoder) -> None:
    with pytest.raises(PictureError, match="not a picture") as refused:
        await decoder.sheet([PHOTO, b"hello"], ["1", "2"], columns=2)
    assert refused.value.reason is Reason.NOT_A_PICTURE
    assert works(decoder)


async def test_it_makes_a_sticker(decoder: Decoder) -> None:
    with Image.open(BytesIO(await decoder.sticker(PHOTO))) as image:
        assert (image.format, max(image.size)) == ("WEBP", STICKER)
        assert image.has_transparency_data


async def test_it_makes_an_animation(decoder: Decoder) -> None:
    for labels in ((), ("Ann", "Боб")):
        with Image.open(BytesIO(await decoder.animation([PHOTO, STYLE], labels))) as image:
            assert (image.format, max(image.size)) == ("GIF", LONGEST)
            assert getattr(image, "n_frames", 1) > 2


async def test_what_cannot_be_opened_makes_no_sticker_and_no_animation(decoder: Decoder) -> None:
    for making in (decoder.sticker(b"hello"), decoder.animation([PHOTO, b"hello"])):
        with pytest.raises(PictureError, match="not a picture") as refused:
            await making
        assert refused.value.reason is Reason.NOT_A_PICTURE
    assert works(decoder)


def test_threads_take_turns(decoder: Decoder) -> None:
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda size: decoder.open_picture(PHOTO, longest=size), range(20, 60)))
    assert [max(picture.shape) for picture in opened] == list(range(20, 60))


@pytest.mark.parametrize("make", TOO_LARGE_TO_BE_CHEAP)
def test_the_largest_pictures_stay_within_the_limit(make: Callable[[], bytes]) -> None:
    data, decoder = make(), Decoder()
    decoder.start()
    with suppress(PictureError):  # Pillow, too, has its limits
        decoder.open_picture(data, longest=256)
    assert peak(decoder) < 900 * MB
    assert works(decoder)
    decoder.close()


def test_a_picture_that_takes_more_memory_than_it_may_is_refused_and_the_next_is_opened() -> None:
    decoder = Decoder(memory=200 * MB)
    decoder.start()
    pid, before = decoder.pid, peak(decoder)
    with pytest.raises(PictureError, match="memory") as refused:
        decoder.open_picture(large_png(), longest=256)
    assert refused.value.reason is Reason.TOO_HEAVY
    assert peak(decoder) < before + 200 * MB
    assert works(decoder)
    assert decoder.pid == pid
    decoder.close()


def test_a_picture_that_takes_more_time_than_it_may_is_refused_and_the_next_is_opened() -> None:
    decoder = Decoder(seconds=0.5)
    with pytest.raises(PictureError, match="too long to open") as refused:
        decoder.open_picture(MANY_SCANS, longest=256)
    assert refused.value.reason is Reason.TOO_HEAVY
    assert works(decoder)
    decoder.close()


def test_no_picture_takes_longer_than_five_seconds() -> None:
    assert SECONDS < 5
    assert THUMBNAIL_SECONDS < PATIENCE


@pytest.mark.parametrize("data", [PHOTO, bytes(10_000_000)], ids=["small", "more than a pipe holds"])
def test_a_decoder_that_is_stopped_holds_nobody_up(data: bytes) -> None:
    decoder = Decoder(seconds=0.5)
    decoder.start()
    assert decoder.pid is not None
    os.kill(decoder.pid, signal.SIGSTOP)
    with pytest.raises(PictureError) as refused:
        decoder.open_picture(data)
    assert refused.value.reason is Reason.TOO_HEAVY
    assert works(decoder)
    decoder.close()


async def test_time_in_which_the_whole_machine_stands_still_is_not_counted(tmp_path: Path) -> None:
    """As a virtual machine does while it is moved."""
    file = tmp_path / "picture"
    file.write_bytes(saved(Image.effect_noise((3000, 3000), 50), "png"))
    program = """
        import sys
        from pathlib import Path
        from core.decoding.decoder import Decoder
        decoder = Decoder(seconds=3)
        decoder.start()
        print(decoder.pid, flush=True)
        print(decoder.open_picture(Path(sys.argv[1]).read_bytes()).shape, flush=True)
        decoder.close()
    """
    asking = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(program), file, stdout=subprocess.PIPE
    )
    assert asking.stdout is not None
    pids = int(await asking.stdout.readline()), asking.pid
    os.kill(pids[0], signal.SIGSTOP)
    await asyncio.sleep(0.5)  # in which the picture is on its way
    os.kill(pids[1], signal.SIGSTOP)
    await asyncio.sleep(3.5)
    for pid in reversed(pids):
        os.kill(pid, signal.SIGCONT)
    assert (await asking.stdout.readline()).startswith(b"(")
    assert await asking.wait() == 0


def test_a_process_that_is_not_ready_in_time_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(slow))
    monkeypatch.setattr("core.decoding.decoder._START", 1)
    with pytest.raises(DecoderUnavailable, match=r"was not ready within 1 s\.$"):
        Decoder().open_picture(PHOTO)


async def test_previews_leave_the_event_loops_own_threads_alone(decoder: Decoder) -> None:
    """A decoder that is stopped would otherwise hold all of them, which others need."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    decoder.start()
    assert decoder.pid is not None
    os.kill(decoder.pid, signal.SIGSTOP)
    previews = [asyncio.create_task(decoder.side_by_side(PHOTO, STYLE)) for _ in range(3)]
    assert await asyncio.to_thread(lambda: "free") == "free"
    assert not any(preview.done() for preview in previews)
    first, *others = await asyncio.gather(*previews, return_exceptions=True)
    assert isinstance(first, PictureError)  # which had it stopped under it
    assert all(isinstance(other, bytes) for other in others)


async def test_thumbnails_have_a_small_budget(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    scans = jpeg_with_many_scans(6000, width=1000, height=1000)
    with monkeypatch.context() as patch:
        patch.setattr("core.decoding.decoder.THUMBNAIL_SECONDS", 0.5)
        with pytest.raises(PictureError, match="too long to open"):
            await decoder.side_by_side(scans, scans)
    assert await decoder.side_by_side(PHOTO, STYLE)


def test_a_picture_that_nobody_wants_any_more_is_left() -> None:
    decoder, cancelled = Decoder(seconds=60), threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    with pytest.raises(DecodingCancelled):
        decoder.open_picture(MANY_SCANS, longest=64, cancelled=cancelled)
    assert works(decoder)
    decoder.close()


def test_closing_ends_what_is_being_opened() -> None:
    decoder = Decoder(seconds=60)
    decoder.start()
    threading.Timer(0.3, decoder.close).start()
    with pytest.raises(PictureError):
        decoder.open_picture(MANY_SCANS, longest=64)
    with pytest.raises(DecoderUnavailable, match="closed"):
        decoder.open_picture(PHOTO)


@pytest.mark.parametrize(
    "answer",
    [
        b"hello\n",
        b'{"length": -1}\n',
        b'{"length": 1e99}\n',
        b'{"length": 3, "shape": [9, 9, 3]}\nabc',
        b'{"length": 3}\nabc',
        b'{"length": 0, "reason": "no such", "message": ""}\n',
        b"[]\n",
    ],
)
def test_a_decoder_that_was_taken_over_is_not_believed(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_over = (
        "import sys\n"
        "sys.stdout.buffer.write(b'{\"length\": 0}\\n')\n"
        "sys.stdout.flush()\n"
        "sys.stdin.readline()\n"
        f"sys.stdout.buffer.write({answer!r})\n"
    )
    decoder = Decoder()
    popen = subprocess.Popen
    with monkeypatch.context() as patch:
        patch.setattr(
            "subprocess.Popen", lambda _, **options: popen([sys.executable, "-c", taken_over], **options)
        )
        decoder.start()
    with pytest.raises(PictureError) as refused:
        decoder.open_picture(PHOTO)
    assert refused.value.reason is Reason.TOO_HEAVY
    assert works(decoder)
    decoder.close()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGRTMIN + 7])
def test_a_process_that_ends_at_work_is_named(decoder: Decoder, number: int) -> None:
    decoder.start()
    assert decoder.pid is not None
    threading.Timer(0.3, os.kill, (decoder.pid, number)).start()
    with pytest.raises(PictureError, match="was killed by SIG"):
        decoder.open_picture(MANY_SCANS, longest=64)
    assert works(decoder)


def test_a_process_that_died_at_rest_is_replaced(decoder: Decoder) -> None:
    decoder.start()
    pid = decoder.pid
    assert pid is not None
    os.kill(pid, signal.SIGSEGV)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert works(decoder)
    assert decoder.pid != pid


def test_a_process_that_does_not_start_is_no_fault_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(DecoderUnavailable, match="ended with status 1"):
        Decoder().open_picture(PHOTO)


@pytest.mark.parametrize("picture", [PHOTO, MANY_SCANS], ids=["at rest", "at work"])
async def test_it_ends_with_the_process_that_has_it(picture: bytes, tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(picture)
    program = """
        import sys, time
        from pathlib import Path
        from core.decoding.decoder import Decoder
        decoder = Decoder()
        decoder.start()
        print(decoder.pid, flush=True)
        decoder.open_picture(Path(sys.argv[1]).read_bytes(), longest=64)
        print("opened", flush=True)
        time.sleep(3600)
    """
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(program), file, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    decoder = psutil.Process(int(await parent.stdout.readline()))
    if picture is PHOTO:
        assert await parent.stdout.readline() == b"opened\n"
    else:
        started = decoder.cpu_times().user
        await eventually(lambda: decoder.cpu_times().user > started + 0.5)
    parent.kill()
    await parent.wait()
    await eventually(lambda: not is_alive(decoder.pid))


def test_a_process_whose_parent_is_gone_says_nothing_of_it() -> None:
    picture = saved(Image.new("RGB", (64, 64)), "png")
    process = subprocess.Popen(
        [sys.executable, "-m", "core.decoding.decoder_process", str(500 * MB)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    request = {"task": "open_picture", "longest": 64, "lengths": [len(picture)]}
    process.stdin.write(json.dumps(request).encode() + b"\n" + picture)
    process.stdin.flush()
    assert process.wait(20) == 0
    assert process.stderr.read() == b""
    process.stdin.close()
    process.stderr.close()
