"""Fetch Keras' VGG19 into Keras' cache, once, whatever hangs and however many processes ask at once.

Not by pooch: it bounds a socket's silence, but neither the lookup of a name nor headers that trickle in, and
it has no lock by which several processes fetch a file once.
"""

import hashlib
import os
import queue
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final, TypeAlias

from filelock import FileLock, Timeout

from core.environment import unwrapped
from core.error_messages import one_line
from core.proxies import ProxyError, proxy_for
from core.weights.errors import WeightsError

Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """A file on the web, and what it must be."""

    url: str
    md5: str


IMAGENET: Final = Source(  # as in keras.applications.vgg19
    "https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
    "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
    md5="253f8cb515780f3b799900260a226db6",
)

# The longest silence that is put up with, in seconds. Whoever said "auto" has an alternative, and is promised
# a decision within five; whoever said "imagenet" has none.
BRIEF: Final = 3.5
PATIENT: Final = 30.0


def cache_path() -> Path:
    """Where Keras keeps its VGG19, or would: what either of us fetches serves both."""
    name = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    with suppress(RuntimeError, OSError):  # nobody's home is known, or we may not look into it
        path = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser().absolute() / "models" / name
        folder = next(folder for folder in path.parents if folder.exists())
        if path.exists() or os.access(folder, os.W_OK):
            return path
    return Path(tempfile.gettempdir(), ".keras", "models", name)


def fetch(
    source: Source | None = None, *, progress: Progress | None = None, patience: float = PATIENT
) -> Path:
    """The path of Keras' VGG19 in the cache, fetched first where it is missing or its hash is wrong.

    `source` is by default `IMAGENET`, from the mirror in the environment's `STYLEGRAM_WEIGHTS_URL` if any.
    `progress` is called with the bytes fetched so far, and in all (0 where the server does not say).
    `patience`, in seconds, bounds each silence of the network, the one before the first byte included.
    Of several processes that start together one fetches, and the others wait for as long as it gets on.

    Raises `WeightsError`.
    """
    source = source or _default_source()
    with _told_in_one_line():
        path = cache_path()
        if not _is_right(path, source):
            path.parent.mkdir(parents=True, exist_ok=True)
            _fetch_alone(source, path, progress, patience)
        return path


def is_cached(source: Source | None = None) -> bool:
    """Say whether the file is in the cache, whole and right, so that `fetch` has nothing to do."""
    return _is_right(cache_path(), source or _default_source())


def check_source(source: Source | None = None, *, patience: float = BRIEF) -> None:
    """Check that the source answers with the beginning of a file, and leave the rest of it.

    `source` and `patience` are those of `fetch`. Raises `WeightsError`, with the reason `fetch` would give.
    """
    source = source or _default_source()
    with _told_in_one_line(), closing(_chunks(source.url, time.monotonic() + patience, patience)) as chunks:
        next(chunks, None)


def _default_source() -> Source:
    mirror = unwrapped(os.environ.get("STYLEGRAM_WEIGHTS_URL", ""))
    return Source(mirror or IMAGENET.url, IMAGENET.md5)


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException, ValueError, RuntimeError) as error:  # the last: no home, or no locks
        reason = one_line(error).rstrip(".").removeprefix("<urlopen error ").removesuffix(">")
        raise WeightsError(f"The ImageNet weights could not be fetched: {reason}.") from error


def _fetch_alone(source: Source, path: Path, progress: Progress | None, patience: float) -> None:
    """Fetch, or wait while another process does: its partial file growing is as good as an answer."""
    part = path.with_suffix(".part")
    lock = FileLock(path.with_suffix(".lock"))
    deadline, size = time.monotonic() + patience, _size(part)
    while True:
        try:
            with lock.acquire(timeout=0.1):
                if not _is_right(path, source):
                    _download(source, path, progress, _chunks(source.url, deadline, patience))
                return
        except Timeout:
            if _size(part) != size:
                deadline, size = time.monotonic() + patience, _size(part)
            elif time.monotonic() > deadline:
                raise TimeoutError("another process has been at it, and does not get on") from None


def _download(
    source: Source, path: Path, progress: Progress | None, chunks: Iterator[tuple[bytes, int]]
) -> None:
    """Write to a partial file beside the real one, which so is only ever whole and right."""
    part = path.with_suffix(".part")
    digest = hashlib.md5(usedforsecurity=False)
    done = 0
    try:
        with part.open("wb") as file:
            for chunk, total in chunks:
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                if progress is not None:
                    progress(done, total)
        if digest.hexdigest() != source.md5:
            raise OSError(f"what came from {source.url} is cut short, or another file (wrong hash)")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _chunks(url: str, deadline: float, patience: float) -> Generator[tuple[bytes, int], None, None]:
    """The body as it arrives, each time with its whole length; the first chunk before the deadline.

    A socket's timeout bounds neither looking up a name nor headers that trickle in. So a thread does the
    reading, and if it hangs it is left behind: as a daemon it holds up nobody's exit.
    """
    arrived: queue.SimpleQueue[tuple[bytes, int] | Exception] = queue.SimpleQueue()
    given_up = threading.Event()

    def read() -> None:
        try:
            with _opener(url).open(url, timeout=patience) as response:
                total = int(response.headers.get("Content-Length", 0))
                while not given_up.is_set() and (chunk := response.read1(1 << 18)):
                    arrived.put((chunk, total))
            arrived.put((b"", total))
        except Exception as error:
            arrived.put(error)

    threading.Thread(target=read, name="fetch-weights", daemon=True).start()
    try:
        while True:
            try:
                item = arrived.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"no answer within {patience:g} seconds") from None
            if isinstance(item, Exception):
                raise item
            if not item[0]:
                return
            yield item
            deadline = time.monotonic() + patience
    finally:
        given_up.set()


def _opener(url: str) -> urllib.request.OpenerDirector:
    proxy = proxy_for(url)
    if proxy and proxy.is_socks:
        raise ProxyError(f"{proxy.variable} names a SOCKS proxy, which this cannot use: set HTTPS_PROXY")
    proxies = {"http": proxy.url, "https": proxy.url} if proxy else {}
    return urllib.request.build_opener(urllib.request.ProxyHandler(proxies))


def _is_right(path: Path, source: Source) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == source.md5


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0
