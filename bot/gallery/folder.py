"""Read the operator's own folder of pictures, and the names in it."""

import hashlib
import re
import unicodedata
from collections.abc import Set as AbstractSet
from logging import getLogger
from pathlib import Path
from typing import TYPE_CHECKING

from bot.gallery.painting import LONGEST_NAME, Label, Painting, digest_of
from core.decoding.decoder import DecoderUnavailable
from core.decoding.refusal import DEFAULT_LIMITS, PictureError, Reason

if TYPE_CHECKING:
    from core.decoding.decoder import Decoder

log = getLogger(__name__)

NAMES = "names.txt"
MOST = 120  # pictures: ten sheets, and some seconds at the start
_GLANCE = 64  # pixels: a picture that opens at this size is not damaged


def paintings_in(folder: Path, decoder: "Decoder", taken: AbstractSet[str]) -> list[Painting]:
    """Return the pictures of the folder, in the order of their files' names.

    `names.txt` may say what they are called, in lines such as `sunset.jpg = Claude Monet: Impression,
    Sunrise`; the painter and the colon may be missing, and what begins with # is for whoever reads the file.
    A picture without a line is called as its file. Folders in the folder, and files whose name begins with a
    dot, do not count.

    Whatever cannot be used is one line in the log, and the rest is: a file that is no picture or cannot be
    opened, one whose name is `taken` or differs from another's in nothing that counts, those beyond `MOST`, a
    line of `names.txt` that says nothing.
    """
    try:
        files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        log.warning("gallery not read", extra={"folder": str(folder), "reason": error.strerror})
        return []
    labels = _labels(folder / NAMES)
    paintings: dict[str, Painting] = {}
    for path in files:
        if path.name == NAMES or path.is_dir():
            continue
        if len(paintings) == MOST:
            log.warning("gallery is full", extra={"most": MOST, "file": path.name})
            break
        name = _name(path)
        if name in taken or name in paintings:
            _left_out(path, f"there is a painting {name} already")
        else:
            try:
                digest = digest_of(_picture_in(path, decoder))
            except (OSError, PictureError, DecoderUnavailable) as error:
                _left_out(path, getattr(error, "strerror", None) or str(error))
            else:
                label = labels.get(_composed(path.name)) or Label(_title(path))
                paintings[name] = Painting(name, path, digest, {"en": label})
    for name in sorted(labels.keys() - {_composed(path.name) for path in files}):
        log.warning("no picture of this name in the gallery", extra={"file": name})
    return list(paintings.values())


def _picture_in(path: Path, decoder: "Decoder") -> bytes:
    """The file's bytes. Raises OSError, PictureError or DecoderUnavailable."""
    if not path.is_file():
        raise PictureError(Reason.NOT_A_PICTURE, "It is no file.")
    with path.open("rb") as file:
        data = file.read(DEFAULT_LIMITS.max_bytes + 1)
    decoder.open_picture(data, longest=_GLANCE)
    return data


def _left_out(path: Path, reason: str) -> None:
    log.warning("left out of the gallery", extra={"file": path.name, "reason": reason})


def _name(path: Path) -> str:
    """Make a painting's name of a file's. What is lost of that, a few digits stand for."""
    plain = unicodedata.normalize("NFKD", path.stem)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    name = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    if letters.isascii() and 0 < len(name) <= LONGEST_NAME:
        return name
    digits = hashlib.sha256(_composed(path.stem).encode(errors="replace")).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - len(digits) - 1]}-{digits}".strip("-")


def _composed(text: str) -> str:
    """Write letters with their accents as one sign, which some file systems take apart."""
    return unicodedata.normalize("NFC", text)


def _title(path: Path) -> str:
    words = " ".join(re.split(r"[\s_-]+", path.stem.encode(errors="replace").decode())).strip() or path.stem
    return words[0].upper() + words[1:]


def _labels(path: Path) -> dict[str, Label]:
    """What each file is called, as far as the file of names says it."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not in UTF-8"
        log.warning("names of the gallery not read", extra={"file": path.name, "reason": reason})
        return {}
    labels: dict[str, Label] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        file, equals, called = (part.strip() for part in line.partition("="))
        painter, colon, title = (part.strip() for part in called.partition(":"))
        if not (file and equals and called and (title or not colon)):
            log.warning(
                "line of the gallery's names not understood: it should be like file.jpg = Painter: Title",
                extra={"file": path.name, "line": number},
            )
        else:
            labels[_composed(file)] = Label(title, painter) if colon else Label(called)
    return labels
