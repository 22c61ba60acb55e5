"""Pictures opened in a process of its own: hostile ones end there, and cost no more than they may."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from core.decoding.decoder import MEMORY, Decoder, DecoderUnavailable
from core.decoding.picture import open_picture
from core.decoding.refusal import PictureError, Reason
from tests.kit.executors import PHOTO, STYLE, is_alive
from tests.kit.hostile_pictures import TOO_LARGE_TO_BE_CHEAP, jpeg_with_many_scans, large_png
from tests.kit.waiting import eventually

MB = 1_000_000


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


def test_it_puts_two_pictures_side_by_side(decoder: Decoder) -> None:
    with Image.open(BytesIO(decoder.side_by_side(PHOTO, STYLE))) as image:
        assert (image.format, image.height) == ("JPEG", 320)
        assert image.width > 320


def test_threads_take_turns(decoder: Decoder) -> None:
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda size: decoder.open_picture(PHOTO, longest=size), range(20, 60)))
    assert [max(picture.shape) for picture in opened] == list(range(20, 60))


@pytest.mark.parametrize("make", TOO_LARGE_TO_BE_CHEAP)
def test_the_largest_pictures_stay_within_the_limit(make: Callable[[], bytes]) -> None:
    data, decoder = make(), Decoder()
    decoder.start()
    before = peak(decoder)
    with suppress(PictureError):  # Pillow, too, has its limits
        decoder.open_picture(data, longest=256)
    assert peak(decoder) < before + 0.8 * MEMORY
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
    decoder = Decoder(seconds=1)
    with pytest.raises(PictureError, match="was ended by SIGXCPU") as refused:
        decoder.open_picture(jpeg_with_many_scans(100_000), longest=256)
    assert refused.value.reason is Reason.TOO_HEAVY
    assert works(decoder)
    decoder.close()


def test_many_pictures_may_take_more_time_than_one() -> None:
    decoder = Decoder(seconds=1)
    for _ in range(4):
        decoder.open_picture(jpeg_with_many_scans(10), longest=256)
    decoder.close()


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


@pytest.mark.parametrize("picture", [PHOTO, jpeg_with_many_scans(100_000)], ids=["at rest", "at work"])
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
    await eventually(lambda: not is_alive(decoder.pid), seconds=5)
