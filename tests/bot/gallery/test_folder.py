"""The operator's own pictures: what can be used is in the gallery, and the log says what cannot."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.gallery import folder as module
from bot.gallery.collection import open_gallery, paintings_of_the_bot
from bot.gallery.painting import LONGEST_NAME, Label, Painting
from bot.gallery.search import find
from core.decoding.decoder import Decoder, DecoderUnavailable
from tests.kit.hostile_pictures import png


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind)
    return file.getvalue()


JPEG = picture()

Open = Callable[[], list[Painting]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def theirs(folder: Path, decoder: Decoder) -> Open:
    """Open the gallery as at a start, and return the paintings that are not the bot's own."""

    def opened() -> list[Painting]:
        gallery = list(open_gallery(folder, decoder))
        ours = paintings_of_the_bot()
        assert tuple(gallery[: len(ours)]) == ours
        return gallery[len(ours) :]

    return opened


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was logged about which file, and why."""

    def logged() -> list[str]:
        lines = []
        for record in caplog.records:
            fields = (getattr(record, name, "") for name in ("file", "line", "reason"))
            lines.append(": ".join(str(field) for field in (record.message, *fields) if field))
        return lines

    return logged


Warned = Callable[[], list[str]]


def test_every_picture_is_a_painting_in_the_order_of_its_files_name(
    folder: Path, theirs: Open, warnings: Warned
) -> None:
    for name, kind in {
        "b.png": "PNG",
        "c.webp": "WEBP",
        "a.jpg": "JPEG",
        "d.gif": "GIF",
        "e": "JPEG",
    }.items():
        (folder / name).write_bytes(picture(kind))
    paintings = theirs()
    assert [painting.name for painting in paintings] == ["a", "b", "c", "d", "e"]
    assert paintings[1].bytes() == picture("PNG")
    assert warnings() == []


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("old_mill-2.jpg", "Old mill 2"),
        ("Закат на море.jpg", "Закат на море"),
        ("éclair.jpeg", "Éclair"),
        ("_.jpg", "_"),
        ("x" * 200 + ".jpg", "X" + "x" * 199),
        ("two\nlines.jpg", "Two lines"),
    ],
)
def test_a_picture_without_a_name_is_called_as_its_file(
    folder: Path, theirs: Open, file: str, title: str
) -> None:
    (folder / file).write_bytes(JPEG)
    (painting,) = theirs()
    assert painting.label("ru") == Label(title)
    assert 0 < len(painting.name) <= LONGEST_NAME
    assert set(painting.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert theirs()[0].name == painting.name, "the same after every start"


def test_pictures_whose_names_have_no_latin_letters_are_told_apart(folder: Path, theirs: Open) -> None:
    for file in ("закат.jpg", "рассвет.jpg", "夕焼け.jpg", "x" * 60 + "1.jpg", "x" * 60 + "2.jpg"):
        (folder / file).write_bytes(JPEG)
    assert len({painting.name for painting in theirs()}) == 5


def test_a_file_of_names_says_what_pictures_are_called(folder: Path, theirs: Open, warnings: Warned) -> None:
    for file in ("a.jpg", "b.jpg", "c.jpg", "d.jpg", "ё.jpg"):
        (folder / file).write_bytes(JPEG)
    (folder / "names.txt").write_text(
        "# ours\n\na.jpg = Claude Monet: Impression, Sunrise\n  b.jpg=The wall\r\n"
        "c.jpg = Me: A study: in scarlet\n\N{CYRILLIC SMALL LETTER IE}\u0308.jpg = Ёлка\n",
        "utf-8-sig",
    )
    assert [painting.label("en") for painting in theirs()] == [
        Label("Impression, Sunrise", "Claude Monet"),
        Label("The wall"),
        Label("A study: in scarlet", "Me"),
        Label("D"),
        Label("Ёлка"),
    ]
    assert warnings() == []


def test_the_operators_paintings_are_found_too(folder: Path, decoder: Decoder) -> None:
    (folder / "1.jpg").write_bytes(JPEG)
    (folder / "names.txt").write_text("1.jpg = Клод Моне: Впечатление\n", "utf-8")
    gallery = open_gallery(folder, decoder)
    for words in ("моне", "впечатление", "13"):
        assert [painting.name for painting in find(words, gallery)] == ["1"]
    assert [painting.name for painting in find("1", gallery)] == ["hokusai-great-wave"], "the sheet's number"


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda path: path.write_bytes(JPEG[:400]), "damaged", id="damaged"),
        pytest.param(lambda path: path.write_bytes(b""), "not a picture", id="empty"),
        pytest.param(lambda path: path.write_text("hello"), "not a picture", id="text"),
        pytest.param(lambda path: path.write_bytes(b"<svg/>"), "Only JPEG", id="SVG"),
        pytest.param(lambda path: path.write_bytes(picture(size=(8, 8))), "at least", id="tiny"),
        pytest.param(
            lambda path: path.write_bytes(picture(size=(1000, 20))), "longer than wide", id="a strip"
        ),
        pytest.param(
            lambda path: path.write_bytes(png(8000, 8000, 8, 2, b"")), "million", id="too many pixels"
        ),
        pytest.param(lambda path: os.truncate(path, 30_000_000), "larger than 20 MB", id="too large"),
        pytest.param(lambda path: path.symlink_to("nowhere"), "It is no file", id="a link to nothing"),
        pytest.param(lambda path: path.symlink_to(path), "It is no file", id="a link to itself"),
        pytest.param(pipe, "It is no file", id="a pipe"),
    ],
)
def test_what_is_no_painting_is_one_line_in_the_log_and_the_rest_is_there(
    folder: Path, theirs: Open, warnings: Warned, make: Callable[[Path], object], reason: str
) -> None:
    (folder / "fine.jpg").write_bytes(JPEG)
    bad = folder / "bad.jpg"
    if reason.startswith("larger"):
        bad.touch()
    make(bad)
    assert [painting.name for painting in theirs()] == ["fine"]
    (line,) = warnings()
    assert line.startswith("left out of the gallery: bad.jpg: ")
    assert reason in line


def test_a_name_is_given_once(folder: Path, theirs: Open, warnings: Warned) -> None:
    for file in ("Mill.jpg", "mill.png", "müll.jpg", "mull.jpg", "durer lion.jpg"):
        (folder / file).write_bytes(JPEG)
    assert [painting.path.name for painting in theirs()] == ["Mill.jpg", "mull.jpg"]
    assert warnings() == [
        "left out of the gallery: durer lion.jpg: there is a painting durer-lion already",
        "left out of the gallery: mill.png: there is a painting mill already",
        "left out of the gallery: müll.jpg: there is a painting mull already",
    ]


def test_where_the_first_of_a_name_is_damaged_the_second_is_taken(folder: Path, theirs: Open) -> None:
    (folder / "mill.jpg").write_bytes(JPEG[:400])
    (folder / "mill.png").write_bytes(JPEG)
    assert [painting.path.name for painting in theirs()] == ["mill.png"]


def test_of_more_pictures_than_there_may_be_the_first_are_taken(
    folder: Path, theirs: Open, warnings: Warned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for number in range(6):
        (folder / f"{number}.jpg").write_bytes(JPEG)
    assert [painting.name for painting in theirs()] == ["0", "1", "2"]
    assert warnings() == ["gallery is full: 3.jpg"]


def test_hidden_files_and_folders_are_passed_over(folder: Path, theirs: Open, warnings: Warned) -> None:
    (folder / ".DS_Store").write_bytes(b"what a desktop leaves behind")
    (folder / "more").mkdir()
    assert theirs() == []
    assert warnings() == []


@pytest.mark.parametrize("line", ["a.jpg", "= A title", "a.jpg =", "a.jpg = Monet:"])
def test_a_line_of_names_that_says_nothing_is_named(
    folder: Path, theirs: Open, warnings: Warned, line: str
) -> None:
    (folder / "a.jpg").write_bytes(JPEG)
    (folder / "b.jpg").write_bytes(JPEG)
    (folder / "names.txt").write_text(f"{line}\nb.jpg = Bee\n", "utf-8")
    assert [painting.label("en").title for painting in theirs()] == ["A", "Bee"]
    (warning,) = warnings()
    assert warning.endswith("it should be like file.jpg = Painter: Title: names.txt: 1")


def test_a_name_for_no_picture_is_named(folder: Path, theirs: Open, warnings: Warned) -> None:
    (folder / "names.txt").write_text("gone.jpg = Monet: Sunrise\n", "utf-8")
    assert theirs() == []
    assert warnings() == ["no picture of this name in the gallery: gone.jpg"]


def test_names_in_another_encoding_are_done_without(folder: Path, theirs: Open, warnings: Warned) -> None:
    (folder / "a.jpg").write_bytes(JPEG)
    (folder / "names.txt").write_text("a.jpg = Клод Моне: Впечатление\n", "cp1251")
    assert [painting.label("en") for painting in theirs()] == [Label("A")]
    assert warnings() == ["names of the gallery not read: names.txt: it is not in UTF-8"]


def test_a_folder_that_is_gone_leaves_the_paintings_of_the_bot(
    folder: Path, theirs: Open, warnings: Warned
) -> None:
    folder.rmdir()
    assert theirs() == []
    assert warnings() == ["gallery not read: No such file or directory"]


def test_changed_files_are_noticed_at_the_next_start(folder: Path, theirs: Open) -> None:
    (folder / "a.jpg").write_bytes(JPEG)
    first = theirs()
    assert theirs() == first
    (folder / "a.jpg").write_bytes(picture("PNG"))
    (changed,) = theirs()
    assert changed.name == first[0].name
    assert changed.digest != first[0].digest
    (folder / "a.jpg").rename(folder / "b.jpg")
    assert [painting.name for painting in theirs()] == ["b"]


def test_without_a_decoder_nothing_of_the_operators_is_taken_unseen(
    folder: Path, theirs: Open, warnings: Warned, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.jpg").write_bytes(JPEG)

    def open_picture(*_: object, **__: object) -> None:
        raise DecoderUnavailable("The process that opens pictures does not start.")

    monkeypatch.setattr(decoder, "open_picture", open_picture)
    assert theirs() == []
    assert warnings() == ["left out of the gallery: a.jpg: The process that opens pictures does not start."]
