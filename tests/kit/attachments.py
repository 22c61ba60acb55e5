"""Describe what people send besides text, photos and files. Nothing here is looked at."""

from collections.abc import Sequence
from typing import Any

from bot.demo.telegram.files import FileStore, Upload


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


async def video_note(files: FileStore, data: bytes) -> dict[str, Any]:
    media = await files.add("VideoNote", "video_note", Upload(data, "note.mp4"), length=240, duration=2)
    return media.content


async def audio(files: FileStore, data: bytes) -> dict[str, Any]:
    media = await files.add("Audio", "audio", Upload(data, "a.mp3"), duration=2, mime_type="audio/mpeg")
    return media.content


def venue(title: str, address: str) -> dict[str, Any]:
    place = location(48.8606, 2.3376)
    return place | {"venue": place | {"title": title, "address": address}}


def story(chat: dict[str, Any]) -> dict[str, Any]:
    return {"story": {"chat": chat, "id": 1}}


def dice() -> dict[str, Any]:
    return {"dice": {"emoji": "🎲", "value": 6}}


def paid_photo() -> dict[str, Any]:
    return {"paid_media": {"star_count": 5, "paid_media": [{"type": "preview", "width": 64, "height": 48}]}}
