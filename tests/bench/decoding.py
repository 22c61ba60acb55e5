"""What it costs to open pictures in a process of its own: `python -m tests.bench.decoding`."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from core.decoding.decoder import Decoder
from core.decoding.picture import encode, fit, open_picture

SAMPLES = Path(__file__).parents[2] / "bot" / "demo" / "samples"
TIMES = 15


def main() -> None:
    decoder = Decoder()
    print(f"to start: {1000 * seconds(decoder.start):.0f} ms")
    original = open_picture((SAMPLES / "van-gogh-auvers.jpg").read_bytes())
    for side, longest in ((1280, 1024), (4000, 1024), (4000, 2048)):
        data = encode(fit(original, side), "jpeg")
        here, there = [], []
        for _ in range(TIMES):  # by turns, so that both meet the same company
            here.append(seconds(lambda data=data, longest=longest: open_picture(data, longest=longest)))
            there.append(
                seconds(lambda data=data, longest=longest: decoder.open_picture(data, longest=longest))
            )
        one, other = (1000 * statistics.median(times) for times in (here, there))
        print(f"{side} px to {longest}: here {one:.1f} ms, there {other:.1f} ms: {other - one:+.1f} ms")
    decoder.close()


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
