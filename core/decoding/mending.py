"""Overlook damage that viewers overlook: checksums of what is not shown, and a JPEG's missing last word."""

import random
import re
import struct
import zlib
from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
_CRITICAL = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_USED = {b"tRNS", b"iCCP", b"eXIf"}

_JPEG_SCAN, _JPEG_END = b"\xff\xda", b"\xff\xd9"  # never within a scan's own data
_RESTART_INTERVAL = re.compile(rb"\xff\xdd\0\x04(?!\0\0)")
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_MADE_UP = 1 << 16  # bytes


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The kind, the body and the whole of each chunk up to the end; without those that are damaged.

    Of chunks without which there is no picture the damaged come, too: that is for the decoder to judge.
    """
    at, view = len(PNG), memoryview(data)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        whole = view[at : at + 12 + length]
        body = bytes(whole[8 : 8 + length])
        at += 12 + length
        if kind in _CRITICAL or bytes(whole[8 + length :]) == struct.pack(">I", zlib.crc32(kind + body)):
            yield kind, body, bytes(whole)
        if kind == b"IEND":
            return


def png_to_read(data: bytes) -> bytes:
    """The file with no more in it than its first picture needs: no texts, no frames, no damaged extras."""
    return PNG + b"".join(whole for kind, _, whole in png_chunks(data) if kind in _CRITICAL | _USED)


def jpeg_lacks_end(data: bytes) -> bool:
    """Say whether nothing ends a JPEG's latest scan; nor do zeros, as a broken download leaves them."""
    return data.rfind(_JPEG_END) < data.rfind(_JPEG_SCAN)


def jpeg_endings(data: bytes) -> tuple[bytes, bytes]:
    """The file without its end, ended in two ways: at once, and after some made-up data.

    Where all of the picture is there, what follows is ignored, and both show the same; where something is
    missing, each shows something else in its place.
    """
    data = data.rstrip(b"\0")
    made_up = random.Random(0).randbytes(_MADE_UP).replace(b"\xff", b"\x7f")  # noqa: S311
    if _RESTART_INTERVAL.search(data):  # then each interval is decoded for itself
        found = _RESTART.findall(data)
        latest = found[-1][0] - 0xD0 if found else 7
        pieces = [made_up[at : at + 32] for at in range(0, _MADE_UP, 32)]
        marks = [bytes([0xFF, 0xD0 + (latest + 1 + number) % 8]) for number in range(len(pieces))]
        made_up = b"".join(piece + mark for piece, mark in zip(pieces, marks, strict=True))
    if data.endswith(b"\xff"):  # half a marker, which becomes data
        made_up = b"\0" + made_up
    return data + _JPEG_END, data + made_up + _JPEG_END
