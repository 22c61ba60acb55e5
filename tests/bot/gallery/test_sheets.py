"""A sheet of the gallery: that it can be drawn, what is said under it, and when it is another one."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.gallery.collection import PAGE, Gallery, paintings_of_the_bot
from bot.gallery.painting import Label, Painting
from bot.gallery.sheets import digest, draw, legend
from bot.wording.translation import LANGUAGES
from core.decoding.decoder import Decoder
from core.decoding.refusal import PictureError

CAPTION = 1024  # signs that Telegram lets a caption have


def digests(gallery: Gallery) -> list[str]:
    return [digest(page, gallery) for page in gallery.pages]


def test_a_line_for_each_painting_says_whose_it_is() -> None:
    gallery = Gallery(paintings_of_the_bot())
    lines = legend(gallery.pages[0], gallery, "ru").splitlines()
    assert len(lines) == PAGE
    assert lines[0] == "1. Кацусика Хокусай: Большая волна в Канагаве (около 1831)"


async def test_a_page_is_one_picture(decoder: Decoder) -> None:
    gallery = Gallery(paintings_of_the_bot())
    with Image.open(BytesIO(await draw(gallery.pages[0], gallery, decoder))) as image:
        assert image.format == "JPEG"
        assert 0.8 < image.width / image.height < 1.25, "it fills a phone's width without filling its height"


async def test_a_picture_that_was_changed_since_the_start_is_an_error(
    decoder: Decoder, tmp_path: Path
) -> None:
    (path := tmp_path / "a.jpg").write_bytes(b"not a picture any more")
    gallery = Gallery([Painting("a", path, "", {"en": Label("A")})])
    with pytest.raises(PictureError):
        await draw(gallery.pages[0], gallery, decoder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bots_own_paintings_are_named_in_full_under_one_picture(language: str) -> None:
    gallery = Gallery(paintings_of_the_bot())
    text = legend(gallery.pages[0], gallery, language)
    assert "…" not in text
    assert len(text) < CAPTION


def test_long_titles_leave_room_for_the_others() -> None:
    label = Label("title " * 100, "painter " * 100)
    gallery = Gallery(Painting(str(number), Path("nowhere"), "", {"en": label}) for number in range(200))
    for page in gallery.pages:
        text = legend(page, gallery, "en")
        assert len(text.splitlines()) == len(page)
        assert len(text) < CAPTION


def test_a_sheet_is_the_same_until_a_picture_or_the_order_changes() -> None:
    paintings = paintings_of_the_bot()
    (same,) = digests(Gallery(paintings))
    assert digests(Gallery(list(paintings))) == [same]
    retitled = replace(paintings[3], labels={"en": Label("La Joconde")})
    assert digests(Gallery([*paintings[:3], retitled, *paintings[4:]])) == [same], "no title is on the sheet"
    repainted = replace(paintings[3], digest=paintings[4].digest)
    others = [
        *digests(Gallery([*paintings[:3], repainted, *paintings[4:]])),
        *digests(Gallery(reversed(paintings))),
        *digests(Gallery(paintings[1:])),
    ]
    assert len({same, *others}) == 4
