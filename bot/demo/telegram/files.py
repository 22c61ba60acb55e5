"""Keep the files on the server: their two kinds of id, their paths, and the media they belong to.

A `file_unique_id` says which bytes these are, the same for everyone and for ever, and opens nothing. A
`file_id` is a key to them, different each time they are uploaded, and knows what the file was sent as: a
photo's key does not open a document.
"""

import asyncio
import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Literal

from bot.demo.telegram import photo_sizes
from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.id_counter import IdCounter

MAX_DOWNLOAD = 20 << 20
BUDGET = 100 << 20  # bytes of what no message shows
ABOUT_TO_BE_SHOWN = 10  # uploads, as many as an album has

Kind = Literal[
    "Photo", "Document", "Animation", "Thumbnail", "Sticker", "Video", "VideoNote", "Audio", "VoiceNote"
]

_ID_PREFIX: dict[Kind, str] = {  # real ids can be told apart by their first letters too
    "Photo": "AgACAgIAAxk",
    "Document": "BQACAgIAAxk",
    "Animation": "CgACAgIAAxk",
    "Thumbnail": "AAMCAgADGQ",
    "Sticker": "CAACAgIAAxk",
    "Video": "BAACAgIAAxk",
    "VideoNote": "DQACAgIAAxk",
    "Audio": "CQACAgIAAxk",
    "VoiceNote": "AwACAgIAAxk",
}
_FOLDER: dict[Kind, str] = {
    "Photo": "photos",
    "Document": "documents",
    "Animation": "animations",
    "Thumbnail": "thumbnails",
    "Sticker": "stickers",
    "Video": "videos",
    "VideoNote": "video_notes",
    "Audio": "music",
    "VoiceNote": "voice",
}

_SUFFIX = re.compile(r"\.[a-zA-Z0-9]{1,10}")  # others would not do in an address


@dataclass(frozen=True)
class Upload:
    """A file on its way to the server."""

    data: bytes
    name: str
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True)
class StoredFile:
    file_id: str
    unique_id: str
    path: str  # at which bots download it
    size: int
    place: Path  # where it is kept

    def to_json(self) -> dict[str, Any]:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def read(self) -> bytes:
        return self.place.read_bytes()

    async def head(self) -> bytes:
        """The first few bytes, which say what it is."""
        return await asyncio.to_thread(self._head)

    def _head(self) -> bytes:
        with self.place.open("rb") as file:
            return file.read(16)


@dataclass(frozen=True, eq=False)
class Media:
    """What a message carries: the fields that describe it, `{"photo": [...]}` or `{"document": {...}}`."""

    kind: Kind
    content: dict[str, Any]
    files: tuple[StoredFile, ...]
    of_bot: bool

    @property
    def file_ids(self) -> list[str]:
        """The keys to it, which thumbnails are not."""
        return [file.file_id for file in self.files if file.file_id.startswith(_ID_PREFIX[self.kind])]

    @property
    def places(self) -> list[str]:
        return [file.place.name for file in self.files]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


class FileStore:
    """Keeps what people send for ever, and what the bot uploads as long as a message shows it, or longer:
    the bot's previews come and go, and of those gone the oldest are deleted when they exceed the budget.
    """

    def __init__(self, folder: Path, shown: Callable[[], Set[str]], budget: int = BUDGET) -> None:
        """`shown` tells which files messages show, by id."""
        self.numbers = IdCounter(1)
        self.all: list[Media] = []  # oldest first
        self.budget = budget
        self._folder = folder
        self._shown = shown
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._media: dict[str, Media] = {}
        self._uploaded = 0  # bytes of the bot's since room was last made

    async def add_photo(self, data: bytes, *, of_bot: bool = False) -> Media:
        renditions = await asyncio.to_thread(photo_sizes.photo_sizes, data)
        files = [await self._store("Photo", rendition.data, ".jpg") for rendition in renditions]
        sizes = [
            {**file.to_json(), "width": rendition.width, "height": rendition.height}
            for file, rendition in zip(files, renditions, strict=True)
        ]
        return await self._added(Media("Photo", {"photo": sizes}, tuple(files), of_bot))

    async def add_document(self, upload: Upload, *, of_bot: bool = False) -> Media:
        document, files = await self._described("Document", upload)
        return await self._added(Media("Document", {"document": document}, files, of_bot))

    async def add_animation(
        self, upload: Upload, width: int, height: int, duration: int, *, of_bot: bool = False
    ) -> Media:
        """`width` and `height` count where the file is no GIF: the emulator cannot read films."""
        measured = await asyncio.to_thread(photo_sizes.size, upload.data)
        width, height = measured or (width, height)
        document, files = await self._described("Animation", upload)
        animation = {**document, "width": width, "height": height, "duration": duration}
        # Telegram describes an animation twice, the second time for bots older than animations.
        content = {"animation": animation, "document": document}
        return await self._added(Media("Animation", content, files, of_bot))

    async def add(
        self, kind: Kind, field: str, upload: Upload, *, of_bot: bool = False, **described: Any
    ) -> Media:
        """A file the emulator keeps and describes as it is told: stickers, voices, films."""
        stored = await self._store(kind, upload.data, PurePath(upload.name).suffix)
        return await self._added(Media(kind, {field: {**stored.to_json(), **described}}, (stored,), of_bot))

    def media(self, file_id: str, kind: Kind) -> Media:
        """What the file was sent as, to be sent once more as `kind`."""
        media = self._media.get(file_id)
        if media is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if media.kind != kind:
            raise bad_request(f"can't use file of type {media.kind} as {kind}")
        return media

    def get(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def find(self, file_id: str) -> StoredFile:
        if file_id not in self._by_id:
            raise bad_request("invalid file_id")
        return self._by_id[file_id]

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def remember(self, media: Media) -> None:
        """Whose files are in their places already."""
        self.all.append(media)
        for stored in media.files:
            self._by_id[stored.file_id] = stored
            self._by_path[stored.path] = stored
        self._media |= dict.fromkeys(media.file_ids, media)

    def tidy(self) -> None:
        """Make one of what is remembered and what is there, which a sudden end may have set apart."""
        there = {path.name for path in self._folder.iterdir()}
        self._forget([media for media in self.all if not there.issuperset(media.places)])
        known = {name for media in self.all for name in media.places}
        for name in there - known:
            if name.isdecimal():
                (self._folder / name).unlink()

    def place(self, number: int) -> Path:
        return self._folder / str(number)

    async def _described(self, kind: Kind, upload: Upload) -> tuple[dict[str, Any], tuple[StoredFile, ...]]:
        preview = await asyncio.to_thread(photo_sizes.thumbnail, upload.data)
        stored = await self._store(kind, upload.data, PurePath(upload.name).suffix)
        described = {**stored.to_json(), "file_name": upload.name, "mime_type": upload.mime_type}
        if preview is None:
            return described, (stored,)
        small = await self._store("Thumbnail", preview.data, ".jpg")
        described["thumbnail"] = {**small.to_json(), "width": preview.width, "height": preview.height}
        return described, (stored, small)

    async def _store(self, kind: Kind, data: bytes, suffix: str) -> StoredFile:
        number = next(self.numbers)
        place = self.place(number)

        def write() -> bytes:
            place.write_bytes(data)
            return hashlib.sha256(kind.encode() + data).digest()

        digest = await asyncio.to_thread(write)
        return StoredFile(
            file_id=_ID_PREFIX[kind] + secrets.token_urlsafe(42),
            unique_id="AQAD" + urlsafe_b64encode(digest[:9]).decode(),
            path=f"{_FOLDER[kind]}/file_{number}{suffix if _SUFFIX.fullmatch(suffix) else ''}",
            size=len(data),
            place=place,
        )

    async def _added(self, media: Media) -> Media:
        self.remember(media)
        if media.of_bot:
            self._uploaded += media.size
            if self._uploaded > self.budget // 4:
                self._uploaded = 0
                await asyncio.to_thread(_delete, self._forget_surplus())
        return media

    def _forget_surplus(self) -> list[StoredFile]:
        """The bot's uploads beyond the budget, and not the newest: those may be about to be shown."""
        shown = self._shown()
        uploads = [media for media in self.all if media.of_bot]
        unseen = [media for media in uploads[:-ABOUT_TO_BE_SHOWN] if shown.isdisjoint(media.file_ids)]
        surplus = sum(media.size for media in unseen) - self.budget
        gone: list[Media] = []
        for media in unseen:
            if surplus <= 0:
                break
            surplus -= media.size
            gone.append(media)
        self._forget(gone)
        return [file for media in gone for file in media.files]

    def _forget(self, gone: list[Media]) -> None:
        self.all = [media for media in self.all if media not in gone]
        for media in gone:
            for file_id in media.file_ids:
                del self._media[file_id]
            for stored in media.files:
                del self._by_id[stored.file_id]
                del self._by_path[stored.path]


def _delete(files: list[StoredFile]) -> None:
    for file in files:
        file.place.unlink(missing_ok=True)
