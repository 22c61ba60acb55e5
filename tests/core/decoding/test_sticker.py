"""Stickers: of the size and weight that Telegram asks for, with round corners."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.decoding.pixels import Picture
from core.decoding.sticker import MOST_BYTES, STICKER, sticker

RED = (200, 0, 0)


def plain(height: int, width: int) -> Picture:
    return np.full((height, width, 3), RED, np.uint8)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("height", "width"), [(768, 576), (300, 400), (33, 33), (4000, 3000), (20, 400), (1, 1)]
)
def test_the_longer_side_is_as_long_as_telegram_asks_and_the_shape_is_kept(height: int, width: int) -> None:
    image = opened(sticker(plain(height, width)))
    assert image.format == "WEBP"
    assert max(image.size) == STICKER
    assert image.width / image.height == pytest.approx(width / height, rel=0.02)


@pytest.mark.parametrize(("height", "width"), [(512, 384), (512, 26)])
def test_corners_are_round_and_smooth_and_the_rest_is_opaque(height: int, width: int) -> None:
    alpha = np.asarray(opened(sticker(plain(height, width))).getchannel("A"))
    for corner in (alpha[0, 0], alpha[0, -1], alpha[-1, 0], alpha[-1, -1]):
        assert corner == 0
    assert (alpha[:, alpha.shape[1] // 2] == 255).all()
    assert (alpha[alpha.shape[0] // 2] == 255).all()
    assert ((alpha > 0) & (alpha < 255)).any(), "an edge between seen and unseen"
    assert (alpha == 255).mean() > 0.9


def test_colours_are_the_picture_s() -> None:
    image = opened(sticker(plain(400, 400)))
    assert image.convert("RGB").getpixel((256, 256)) == pytest.approx(RED, abs=4)


def test_it_is_never_heavier_than_telegram_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (STICKER, STICKER, 3), np.uint8)
    assert len(sticker(noise)) <= MOST_BYTES
    monkeypatch.setattr("core.decoding.sticker.MOST_BYTES", 100_000)
    assert len(sticker(noise)) <= 100_000, "less good instead"
