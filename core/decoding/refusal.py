"""Say which pictures are accepted, and why one was not. Needs no library that reads pictures."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Reason(StrEnum):
    """Why a picture was refused."""

    NOT_A_PICTURE = "not a picture"
    UNSUPPORTED = "unsupported"  # a picture, of a kind that is not read or written
    TRUNCATED = "truncated"  # cut short, or damaged inside
    TOO_LARGE = "too large"  # the file, in bytes
    TOO_MANY_PIXELS = "too many pixels"
    TOO_SMALL = "too small"
    TOO_LONG = "too long"  # one side
    TOO_NARROW = "too narrow"
    INVISIBLE = "invisible"  # transparent all over
    TOO_HEAVY = "too heavy"  # takes more memory or time than there is for it


class PictureError(ValueError):
    """A picture that cannot be taken or written; the message is one English sentence for a person."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[Self], tuple[Reason, str]]:
        return type(self), (self.reason, str(self))  # it travels from the worker's process


@dataclass(frozen=True)
class PictureLimits:
    """What is accepted. The defaults suit a bot: what Telegram lets a bot download, and any phone's photo."""

    max_bytes: int = 20_000_000  # of the file
    max_pixels: int = 50_000_000  # decoding takes up to some 15 bytes of memory for each
    min_side: int = 16  # pixels of the shorter side: below, nothing is there to paint
    max_side: int = 20_000  # pixels of the longer side
    max_aspect: float = 20.0  # longer side over shorter: above, a strip rather than a panorama


DEFAULT_LIMITS: Final = PictureLimits()
