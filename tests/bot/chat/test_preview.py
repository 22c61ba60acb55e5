"""The preview is a kindness: what it costs is bounded, and the question comes without it as well."""

import os
import signal

import pytest

from core.decoding.decoder import Decoder
from tests.kit.people import Actor
from tests.kit.pictures import picture


async def send_both(ann: Actor) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="style")
    await ann.send_photo(picture("blue"))


async def test_thumbnails_are_read_to_a_limit(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.preview.THUMBNAIL_BYTES", 100)
    await send_both(ann)
    await ann.expect(text="How strong", photo=False, buttons=["Balanced"])


async def test_a_decoder_that_is_stopped_costs_the_preview_alone(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.decoding.decoder.THUMBNAIL_SECONDS", 0.3)
    side_by_side = Decoder._side_by_side
    stopped: list[int] = []

    def stop_it_first(self: Decoder, left: bytes, right: bytes) -> bytes:
        self.start()
        if not stopped and self.pid:
            stopped.append(self.pid)
            os.kill(self.pid, signal.SIGSTOP)
        return side_by_side(self, left, right)

    monkeypatch.setattr(Decoder, "_side_by_side", stop_it_first)
    await send_both(ann)
    await ann.expect(text="How strong", photo=False, buttons=["Balanced"])
    await ann.send_text("/cancel")
    await send_both(ann)
    await ann.expect(text="How strong", photo=True)
