"""The files on the server: their two kinds of id, their paths, and the media they belong to.

A `file_unique_id` says which bytes these are, the same for everyone and for ever, and opens nothing. A
`file_id` is a key to them, different each time they are uploaded, and knows what the file was sent as: a
photo's key does not open a document.
"""

import asyncio
import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

from bot.demo import pictures
from bot.demo.errors import bad_request

MAX_DOWNLOAD = 20 << 20

Kind = Literal["Photo", "Document", "Animation", "Thumbnail", "Sticker", "Video", "VoiceNote"]

_ID_PREFIX: dict[Kind, str] = {  # real ids can be told apart by their first letters too
    "Photo": "AgACAgIAAxk",
    "Document": "BQACAgIAAxk",
    "Animation": "CgACAgIAAxk",
    "Thumbnail": "AAMCAgADGQ",
    "Sticker": "CAACAgIAAxk",
    "Video": "BAACAgIAAxk",
    "VoiceNote": "AwACAgIAAxk",
}
_FOLDER: dict[Kind, str] = {
    "Photo": "photos",
    "Document": "documents",
    "Animation": "animations",
    "Thumbnail": "thumbnails",
    "Sticker": "stickers",
    "Video": "videos",
    "VoiceNote": "voice",
}


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
    path: str
    data: bytes

    def to_json(self) -> dict[str, Any]:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


@dataclass(frozen=True)
class Media:
    """What a message carries: the fields that describe it, `{"photo": [...]}` or `{"document": {...}}`."""

    kind: Kind
    content: dict[str, Any]


class FileStore:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._media: dict[str, Media] = {}

    async def add_photo(self, data: bytes) -> Media:
        renditions = await asyncio.to_thread(pictures.photo_sizes, data)
        sizes = []
        for rendition in renditions:
            stored = self._store("Photo", rendition.data, ".jpg")
            sizes.append({**stored.to_json(), "width": rendition.width, "height": rendition.height})
        return self._remember("Photo", {"photo": sizes}, *(size["file_id"] for size in sizes))

    async def add_document(self, upload: Upload) -> Media:
        document = await self._described("Document", upload)
        return self._remember("Document", {"document": document}, document["file_id"])

    async def add_animation(self, upload: Upload, width: int, height: int, duration: int) -> Media:
        """`width` and `height` count where the file is no GIF: the emulator cannot read films."""
        measured = await asyncio.to_thread(pictures.size, upload.data)
        width, height = measured or (width, height)
        document = await self._described("Animation", upload)
        animation = {**document, "width": width, "height": height, "duration": duration}
        # Telegram describes an animation twice, the second time for bots older than animations.
        content = {"animation": animation, "document": document}
        return self._remember("Animation", content, animation["file_id"])

    def add(self, kind: Kind, field: str, upload: Upload, **described: Any) -> Media:
        """A file the emulator keeps and describes as it is told: stickers, voices, films."""
        stored = self._store(kind, upload.data, PurePath(upload.name).suffix)
        return self._remember(kind, {field: {**stored.to_json(), **described}}, stored.file_id)

    def media(self, file_id: str, kind: Kind) -> Media:
        """What the file was sent as, to be sent once more as `kind`."""
        media = self._media.get(file_id)
        if media is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if media.kind != kind:
            raise bad_request(f"can't use file of type {media.kind} as {kind}")
        return media

    def find(self, file_id: str) -> StoredFile:
        if file_id not in self._by_id:
            raise bad_request("invalid file_id")
        return self._by_id[file_id]

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    async def _described(self, kind: Kind, upload: Upload) -> dict[str, Any]:
        preview = await asyncio.to_thread(pictures.thumbnail, upload.data)
        stored = self._store(kind, upload.data, PurePath(upload.name).suffix)
        described = {**stored.to_json(), "file_name": upload.name, "mime_type": upload.mime_type}
        if preview:
            small = self._store("Thumbnail", preview.data, ".jpg")
            described["thumbnail"] = {**small.to_json(), "width": preview.width, "height": preview.height}
        return described

    def _store(self, kind: Kind, data: bytes, suffix: str) -> StoredFile:
        digest = hashlib.sha256(kind.encode() + data).digest()
        stored = StoredFile(
            file_id=_ID_PREFIX[kind] + secrets.token_urlsafe(42),
            unique_id="AQAD" + urlsafe_b64encode(digest[:9]).decode(),
            path=f"{_FOLDER[kind]}/file_{len(self._by_id)}{suffix}",
            data=data,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def _remember(self, kind: Kind, content: dict[str, Any], *file_ids: str) -> Media:
        media = Media(kind, content)
        self._media |= dict.fromkeys(file_ids, media)
        return media
