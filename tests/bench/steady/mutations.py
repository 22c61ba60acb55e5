"""Damaged and hostile picture files, given to the decoder: `python -m tests.bench.steady.mutations`.

Files of all kinds are damaged by a seeded generator, and opened as the bot opens them, by `Decoder`, whose
process is watched meanwhile. Every file has its number: `--first N --files 1` opens the Nth again.
"""

import argparse
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

from core.decoding.decoder import Decoder
from core.decoding.refusal import PictureError, Reason
from tests.bench.steady.bombs import bombs
from tests.bench.steady.corpus import corpus
from tests.bench.steady.damage import damaged
from tests.bench.steady.report import Report, argument_parser, percentile

LONGEST = 1024  # px; as the bot paints by default
SLOWEST = 5.0  # seconds
PEAK = 900.0  # MB
LOOK_EVERY = 0.02  # seconds between two looks at a decoder's memory

Make = Callable[[], bytes]


class Outcome(NamedTuple):
    name: str  # of the file
    said: str  # what became of it
    seconds: float
    peak: float  # MB, the most that the decoder's process has had so far


class WatchedDecoder:
    """A decoder, and the most memory that its processes took, however they ended."""

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._peak = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def open(self, name: str, data: bytes) -> Outcome:
        started = time.perf_counter()
        try:
            height, width, _ = self._decoder.open_picture(data, longest=LONGEST).shape
            said = "opened" if max(height, width) <= LONGEST else f"too large: {width} x {height}"
        except PictureError as error:
            said = _worded(error)
        except Exception as error:
            said = f"UNEXPECTED {type(error).__name__}: {error}"
        seconds = time.perf_counter() - started
        self._note_peak()
        return Outcome(name, said, seconds, self._peak)

    def close(self) -> None:
        self._over.set()
        self._watch.join()
        self._decoder.close()

    def _look(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self._note_peak()

    def _note_peak(self) -> None:
        pid = self._decoder.pid
        if pid:
            self._peak = max(self._peak, peak_memory(pid))


def peak_memory(pid: int) -> float:
    """The most resident memory that a process ever had, in MB; 0 where there is no such process."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1000 if found else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    files = list(damaged_files(options.seed, options.first, options.files)) if options.files else []
    hostile = [name for name in bombs() if options.bomb in name] if options.bombs else []
    of_files = _open_all("damaged files", files, options.processes)
    of_bombs = _open_all("bombs", [(name, partial(_made_elsewhere, name)) for name in hostile], 1)

    report = Report(f"{len(of_files)} damaged files (seed {options.seed}) and {len(of_bombs)} bombs")
    report.add("peak of this process, the parent", f"{peak_memory(os.getpid()):.0f} MB")
    for what, found in (("damaged files", of_files), ("bombs", of_bombs)):
        if found:
            _add_figures(report, what, found, of_bombs is found)
    return report.end()


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(__doc__)
    parser.add_argument("--files", type=int, default=1000, help="damaged ones; the whole run has 16000")
    parser.add_argument("--first", type=int, default=0, help="the number of the first of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=2, help="decoders at once")
    parser.add_argument("--bombs", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--bomb", default="", metavar="TEXT", help="only the bombs with this in their name")
    return parser


def damaged_files(seed: int, first: int, count: int) -> Iterator[tuple[str, Make]]:
    """The files of these numbers, by their names; each is made when it is wanted."""
    kinds = sorted(corpus().items())
    for number in range(first, first + count):
        kind, data = kinds[number % len(kinds)]
        yield f"#{number} {kind}", partial(_damaged_file, f"{seed}/{number}", data)


def _damaged_file(seed: str, data: bytes) -> bytes:
    return damaged(Random(seed), data)  # noqa: S311  (no secret)


def _made_elsewhere(name: str) -> bytes:
    """Make a bomb in another process: what it takes to make one would count as the parent's."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_make, name).result()


def _make(name: str) -> bytes:
    made: bytes = bombs()[name]()
    return made


def _open_all(what: str, files: Sequence[tuple[str, Make]], processes: int) -> list[Outcome]:
    decoders = [WatchedDecoder() for _ in range(processes)]
    outcomes: list[Outcome] = []
    started, lock = time.monotonic(), threading.Lock()

    def work(which: int) -> None:
        for name, make in files[which::processes]:
            outcome = decoders[which].open(name, make())
            with lock:
                outcomes.append(outcome)
                if len(outcomes) % 500 == 0:
                    taken = time.monotonic() - started
                    print(f"    {len(outcomes)} of {len(files)} {what} in {taken:.0f} s", file=sys.stderr)

    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(work, range(processes)))
    for decoder in decoders:
        decoder.close()
    return outcomes


def _worded(error: PictureError) -> str:
    """The reason; how the decoder's process ended, where it did."""
    return str(error) if error.reason is Reason.TOO_HEAVY else str(error.reason)


def _add_figures(report: Report, what: str, found: list[Outcome], each: bool) -> None:
    crashes = [outcome for outcome in found if re.search("SIG(SEGV|ABRT|BUS|FPE|ILL)|status", outcome.said)]
    unexpected = [outcome for outcome in found if outcome.said.startswith(("UNEXPECTED", "too large:"))]
    slowest = max(found, key=lambda outcome: outcome.seconds)
    peak = max(outcome.peak for outcome in found)
    p99 = percentile([outcome.seconds for outcome in found], 99)
    report.add(f"{what}: errors in the parent that are no refusal", len(unexpected), not unexpected)
    report.add(f"{what}: crashes of the decoder's process", len(crashes))
    report.add(
        f"{what}: longest",
        f"{slowest.seconds:.2f} s ({slowest.name}); p99 {p99:.3f} s",
        slowest.seconds <= SLOWEST,
    )
    report.add(f"{what}: peak of the decoder's process", f"{peak:.0f} MB", peak <= PEAK)
    for said, count in Counter(outcome.said for outcome in found).most_common():
        report.add(f"{what}: {said}", count)
    before = 0.0
    for outcome in found if each else [*unexpected, *crashes][:20]:
        higher = f", peak {outcome.peak:.0f} MB" if outcome.peak > before else ""
        before = max(before, outcome.peak)
        report.add(f"{outcome.name}", f"{outcome.seconds:.2f} s: {outcome.said}{higher}")


if __name__ == "__main__":
    sys.exit(main())
