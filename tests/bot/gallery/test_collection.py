"""The paintings that come with the bot, and the order in which people see all of them."""

import re
from pathlib import Path
from random import Random

import pytest

from bot.gallery.collection import PAGE, Gallery, open_gallery, paintings_of_the_bot
from bot.gallery.painting import LONGEST_NAME, Label, Painting
from bot.wording.translation import LANGUAGES
from core.decoding.decoder import Decoder
from core.decoding.picture import open_picture


def some(count: int) -> Gallery:
    return Gallery(
        Painting(f"painting-{number}", Path("nowhere"), "", {"en": Label(f"Painting {number}")})
        for number in range(1, count + 1)
    )


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery(paintings_of_the_bot())


def test_one_sheet_of_paintings_comes_with_the_bot(gallery: Gallery) -> None:
    assert [len(page) for page in gallery.pages] == [PAGE]


def test_every_painting_of_the_bot_can_be_painted_with(gallery: Gallery) -> None:
    for painting in gallery:
        assert max(open_picture(painting.bytes()).shape) >= 400, painting.name


def test_every_file_that_comes_with_the_bot_is_in_the_gallery_once(gallery: Gallery) -> None:
    folder = next(iter(gallery)).path.parent
    assert sorted(painting.path for painting in gallery) == sorted(folder.glob("*.jpg"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_painting_of_the_bot_is_called_something_in_every_language(
    gallery: Gallery, language: str
) -> None:
    labels = [painting.label(language) for painting in gallery]
    assert all(label.painter and label.title and label.short for label in labels)
    assert all(re.search(r"\d{4}$", label.year) for label in labels)
    assert len({label.short for label in labels}) == len(labels)
    assert len("\n".join(f"{number}. {label}" for number, label in enumerate(labels, 1))) < 1024  # a caption
    if language != "en":
        assert not {str(label) for label in labels} & {str(painting.label("en")) for painting in gallery}


def test_names_fit_into_the_data_of_a_button(gallery: Gallery) -> None:
    for painting in gallery:
        assert re.fullmatch(rf"[a-z0-9-]{{1,{LONGEST_NAME}}}", painting.name)


def test_a_label_says_what_is_known() -> None:
    assert str(Label("Lion", "Albrecht Dürer", "1494")) == "Albrecht Dürer: Lion (1494)"
    assert str(Label("The wall")) == "The wall"


def test_in_a_language_without_labels_the_english_one_is_shown(gallery: Gallery) -> None:
    painting = next(iter(gallery))
    assert painting.label("tlh") == painting.label("en") != painting.label("ru")


def test_paintings_have_numbers_from_one_sheet_to_the_next() -> None:
    gallery = some(2 * PAGE + 1)
    assert [len(page) for page in gallery.pages] == [PAGE, PAGE, 1]
    assert [gallery.number(painting) for page in gallery.pages for painting in page] == [
        *range(1, 2 * PAGE + 2)
    ]


def test_a_painting_is_known_by_its_name_and_may_be_gone(gallery: Gallery) -> None:
    for painting in gallery:
        assert gallery.get(painting.name) is painting
    assert gallery.get("picasso-guernica") is None
    with pytest.raises(FileNotFoundError):
        next(iter(some(1))).bytes()


def test_every_painting_can_be_drawn_by_lot() -> None:
    gallery, random = some(4), Random(1)  # noqa: S311  (no secret)
    assert {gallery.by_lot(random) for _ in range(100)} == set(gallery)


def test_without_a_folder_there_are_the_paintings_of_the_bot(gallery: Gallery, decoder: Decoder) -> None:
    assert list(open_gallery(None, decoder)) == list(gallery)
    assert decoder.pid is None, "nothing was opened for that"
