"""Describe what people send besides text, photos and files. Nothing here is looked at."""

from collections.abc import Sequence
from typing import Any

from bot.demo.telegram.files import FileStore, Upload


async def sticker(files: FileStore, emoji: str) -> dict[str, Any]:
    media = await files.add(
        "Sticker",
        "sticker",
        Upload(emoji.encode(), "sticker.webp"),
        type="regular",
        width=512,
        height=512,
        is_animated=False,
        is_video=False,
        emoji=emoji,
    )
    return media.content


async def voice(files: FileStore, data: bytes) -> dict[str, Any]:
    upload = Upload(data, "voice.oga")
    media = await files.add("VoiceNote", "voice", upload, duration=2, mime_type="audio/ogg")
    return media.content


async def video(files: FileStore, data: bytes) -> dict[str, Any]:
    upload = Upload(data, "video.mp4")
    described = {"width": 640, "height": 360, "duration": 3, "mime_type": "video/mp4"}
    media = await files.add("Video", "video", upload, **described)
    return media.content


def location(latitude: float, longitude: float) -> dict[str, Any]:
    return {"location": {"latitude": latitude, "longitude": longitude}}


def contact(phone_number: str, first_name: str) -> dict[str, Any]:
    return {"contact": {"phone_number": phone_number, "first_name": first_name}}


def poll(poll_id: str, question: str, options: Sequence[str]) -> dict[str, Any]:
    described = {
        "id": poll_id,
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": option, "voter_count": 0}
            for number, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    return {"poll": described}
