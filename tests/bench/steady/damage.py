"""Damage files as disks, networks and ill will do, by a random generator that can be seeded again."""

import struct
import zlib
from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias

Damage: TypeAlias = Callable[[Random, bytes], bytes]

EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
JPEG_HEAD = b"\xff\xd8"


def damaged(random: Random, data: bytes) -> bytes:
    """One to three kinds of damage, one after another; half the PNGs have right checksums after it."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        data = random.choice(DAMAGES)(random, data) or b"\0"
    if data.startswith(PNG_HEAD) and random.random() < 0.5:
        data = with_right_checksums(data)
    return data


def flip_bits(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        changed[_place(random, data)] ^= 1 << random.randrange(8)
    return bytes(changed)


def overwrite(random: Random, data: bytes) -> bytes:
    """A run of bytes becomes zeros, ones, or noise."""
    at, length = _place(random, data), random.choice((1, 2, 4, 16, 200))
    run = random.choice((bytes(length), b"\xff" * length, random.randbytes(length)))
    return data[:at] + run[: len(data) - at] + data[at + length :]


def cut_end(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(1, len(data) + 1)]


def cut_middle(random: Random, data: bytes) -> bytes:
    at = _place(random, data)
    return data[:at] + data[at + random.choice((1, 2, 7, 100, 1000)) :]


def insert(random: Random, data: bytes) -> bytes:
    at = _place(random, data)
    return data[:at] + random.randbytes(random.choice((1, 2, 4, 32, 500))) + data[at:]


def repeat(random: Random, data: bytes) -> bytes:
    """A stretch of the file comes again, once or many times."""
    at = _place(random, data)
    return data[:at] + data[at : at + random.choice((4, 64, 600))] * random.choice((2, 3, 50)) + data[at:]


def change_number(random: Random, data: bytes) -> bytes:
    """Some field of one, two or four bytes, of either order, takes on an extreme value."""
    form = random.choice(("B", ">H", "<H", ">I", "<I"))
    size = struct.calcsize(form)
    at, value = _place(random, data), random.choice(EXTREMES) & (256**size - 1)
    return data[:at] + struct.pack(form, value) + data[at + size :]


def swap_pieces(random: Random, data: bytes) -> bytes:
    """Two chunks, segments or boxes change places; what has none changes two stretches of bytes."""
    pieces = list(_pieces(data))
    if len(pieces) < 4:
        size = max(1, len(data) // 16)
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
    if len(pieces) > 2:
        one, other = random.sample(range(1, len(pieces)), 2)
        pieces[one], pieces[other] = pieces[other], pieces[one]
    return b"".join(pieces)


def drop_or_double_piece(random: Random, data: bytes) -> bytes:
    pieces = list(_pieces(data))
    if len(pieces) > 1:
        which = random.randrange(1, len(pieces))
        pieces[which : which + 1] = [pieces[which]] * random.choice((0, 2, 30))
    return b"".join(pieces)


def change_length(random: Random, data: bytes) -> bytes:
    """A piece says that it is longer or shorter than it is."""
    pieces = list(_pieces(data))
    if len(pieces) < 2:
        return change_number(random, data)
    which = random.randrange(1, len(pieces))
    piece = pieces[which]
    if data.startswith(JPEG_HEAD):
        at, form = 2, ">H"
    elif data.startswith(b"RIFF"):
        at, form = 4, "<I"
    else:
        at, form = 0, ">I"
    size = struct.calcsize(form)
    length = random.choice((*EXTREMES, len(piece) - 1, len(piece) + 1, len(data))) & (256**size - 1)
    pieces[which] = piece[:at] + struct.pack(form, length) + piece[at + size :]
    return b"".join(pieces)


DAMAGES: tuple[Damage, ...] = (
    flip_bits,
    overwrite,
    cut_end,
    cut_middle,
    insert,
    repeat,
    change_number,
    swap_pieces,
    drop_or_double_piece,
    change_length,
)


def with_right_checksums(data: bytes) -> bytes:
    """A PNG whose chunks end in the checksums they should have: damage reaches past the first look."""
    pieces = list(_pieces(data))
    whole = [
        piece[:-4] + struct.pack(">I", zlib.crc32(piece[4:-4])) if len(piece) >= 12 else piece
        for piece in pieces[1:]
    ]
    return b"".join([pieces[0], *whole])


def _place(random: Random, data: bytes) -> int:
    """Anywhere, and half the time in the head, where most is decided."""
    return random.randrange(min(len(data), 700) if random.random() < 0.5 else len(data))


def _pieces(data: bytes) -> Iterator[bytes]:
    """What a file is put together from; the first piece is its signature, and together they are the file."""
    head = _head_of(data)
    if head is None:
        yield data
        return
    yield data[:head]
    at = head
    while at < len(data):
        end = at + _length_of_piece(data, at)
        yield data[at:end]
        at = end


def _head_of(data: bytes) -> int | None:
    """The length of the signature; None for what is not made of pieces."""
    if data.startswith(PNG_HEAD):
        return len(PNG_HEAD)
    if data.startswith(JPEG_HEAD):
        return len(JPEG_HEAD)
    if data.startswith(b"RIFF"):
        return 12
    return 0 if data[4:8] == b"ftyp" else None


def _length_of_piece(data: bytes, at: int) -> int:
    """What the piece that begins here says of its length."""
    if data.startswith(JPEG_HEAD):
        return _jpeg_segment(data, at)
    if data.startswith(b"RIFF"):
        return 8 + int.from_bytes(data[at + 4 : at + 8], "little") // 2 * 2
    length = int.from_bytes(data[at : at + 4], "big")
    return 12 + length if data.startswith(PNG_HEAD) else max(8, length)


def _jpeg_segment(data: bytes, at: int) -> int:
    """The length of the segment that begins here; that of a scan reaches to the next marker."""
    length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    if data[at + 1 : at + 2] != b"\xda":
        return length
    end = at + length
    while (end := data.find(b"\xff", end)) >= 0:
        if data[end + 1 : end + 2] and data[end + 1] != 0 and not 0xD0 <= data[end + 1] <= 0xD7:
            return end - at
        end += 1
    return len(data) - at
