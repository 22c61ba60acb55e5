"""Make what people say and send: texts, captions, files."""

import asyncio
from pathlib import Path
from typing import Any

from bot.demo.telegram import entities, photo_sizes
from bot.demo.telegram.files import FileStore, Upload

PictureSource = bytes | Path | Upload
"""What is sent; an upload brings its own name and type."""


def bytes_of(picture: PictureSource) -> bytes:
    """Read what is in it."""
    if isinstance(picture, Upload):
        return picture.data
    return picture.read_bytes() if isinstance(picture, Path) else picture


def upload_of(picture: PictureSource, name: str, mime_type: str) -> Upload:
    """Give it a name and a type, where it brings none of its own."""
    return picture if isinstance(picture, Upload) else Upload(bytes_of(picture), name, mime_type)


def text_content(text: str) -> dict[str, Any]:
    """Make a message of a text, as a person types it."""
    said = entities.plain(text)
    return {"text": said.text} | present(entities=said.entities)


def caption_content(text: str) -> dict[str, Any]:
    """Make the caption below a picture, as a person types it."""
    said = entities.plain(text)
    return present(caption=said.text, caption_entities=said.entities)


def present(**fields: Any) -> dict[str, Any]:
    """The fields that are not empty, as the Bot API leaves the empty ones out."""
    return {name: value for name, value in fields.items() if value}


async def sticker_content(files: FileStore, picture: bytes | None) -> dict[str, Any]:
    """Keep a sticker: of this WebP, which stands still, or one that moves."""
    measured = await asyncio.to_thread(photo_sizes.size, picture or b"")
    width, height = measured or (512, 512)
    media = await files.add(
        "Sticker",
        "sticker",
        Upload(picture or b"a moving sticker", f"sticker.{'webp' if picture else 'tgs'}"),
        type="regular",
        width=width,
        height=height,
        is_animated=picture is None,
        is_video=False,
        emoji="🙂",
    )
    return media.content
