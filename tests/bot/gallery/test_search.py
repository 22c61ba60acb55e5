"""What people write after /style, and the paintings that they mean by it."""

import pytest

from bot.gallery.collection import Gallery, paintings_of_the_bot
from bot.gallery.search import find

WAVE, POPPIES, SHRINE = "hokusai-great-wave", "hokusai-poppies", "hiroshige-inokashira-snow"
TERRACE, NIGHT_CAFE, TARASCON = "van-gogh-cafe-terrace", "van-gogh-night-cafe", "van-gogh-road-to-tarascon"
LION, LISA, KANDINSKY, BALL = (
    *("durer-lion", "leonardo-mona-lisa"),
    *("kandinsky-composition-8", "renoir-moulin-de-la-galette"),
)


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery(paintings_of_the_bot())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("great wave", [WAVE], id="part of a title"),
        pytest.param("Hokusai", [WAVE, POPPIES], id="a painter"),
        pytest.param("HOKUSAI wave", [WAVE], id="both, in any case"),
        pytest.param("волна", [WAVE], id="part of a title in Russian"),
        pytest.param("Ван Гог", [TERRACE, NIGHT_CAFE, TARASCON], id="a painter in Russian"),
        pytest.param("гог ночное", [NIGHT_CAFE], id="both in Russian, in any order"),
        pytest.param("хокусай poppies", [POPPIES], id="two languages"),
        pytest.param("in the style of Hokusai, please", [WAVE, POPPIES], id="a sentence"),
        pytest.param("в стиле Ван Гога", [TERRACE, NIGHT_CAFE, TARASCON], id="another case of the noun"),
        pytest.param("кандинского", [KANDINSKY], id="an adjective's case"),
        pytest.param("волну", [WAVE], id="the accusative"),
        pytest.param("dürer", [LION], id="with accents"),
        pytest.param("durer", [LION], id="without accents"),
        pytest.param("duerer", [LION], id="another spelling"),
        pytest.param("cafe terrace", [TERRACE], id="without an accent in the title"),
        pytest.param("звездная ночь", [TERRACE], id="е for ё"),
        pytest.param("желтый", [TARASCON], id="е for ё in what it may be looked for by"),
        pytest.param("night café", [NIGHT_CAFE], id="a whole title, of words that another has too"),
        pytest.param("gogh's café at night", [NIGHT_CAFE], id="a whole title in other words"),
        pytest.param("café", [TERRACE, NIGHT_CAFE], id="a word of two titles"),
        pytest.param("greatwave", [WAVE], id="without the space"),
        pytest.param("great-wave!", [WAVE], id="with other signs"),
        pytest.param("galette", [BALL], id="the last word"),
        pytest.param("mona", [LISA], id="the first word"),
        pytest.param("hoku", [WAVE, POPPIES], id="the beginning of a word"),
        pytest.param("kusai", [WAVE, POPPIES], id="the end of a word"),
        pytest.param("hokusi", [WAVE, POPPIES], id="a letter forgotten"),
        pytest.param("lenoardo", [LISA], id="two letters exchanged"),
        pytest.param("джаконда", [LISA], id="a letter mistaken"),
        pytest.param("japanese", [WAVE, SHRINE, POPPIES], id="a manner"),
        pytest.param("composition 8", [KANDINSKY], id="a digit that is no number of the sheet"),
        pytest.param(WAVE, [WAVE], id="the name of a file"),
        pytest.param("7", [NIGHT_CAFE], id="a number of the sheet"),
        pytest.param(" 012 ", [LION], id="a number with a zero"),
        pytest.param("picasso", [], id="nobody here"),
        pytest.param("monet", [], id="somebody who is spelt nearly like a mountain here"),
        pytest.param("cat", [], id="no painting, though a café at a terrace"),
        pytest.param("line", [], id="nearly a lion"),
        pytest.param("hokusai lion", [], id="one's painter and another's title"),
        pytest.param("13", [], id="no number of the sheet"),
        pytest.param("0", [], id="no number of any sheet"),
        pytest.param("", [], id="nothing"),
        pytest.param("the", [], id="nothing that tells paintings apart"),
        pytest.param("o", [], id="a letter that many words begin with"),
        pytest.param("🎲 …", [], id="signs"),
        pytest.param("9" * 5000, [], id="a long number"),
        pytest.param("wave" * 1000, [], id="a long word"),
        pytest.param("hokusai " * 500, [WAVE, POPPIES], id="many words"),
    ],
)
def test_paintings_are_found(gallery: Gallery, words: str, found: list[str]) -> None:
    assert [painting.name for painting in find(words, gallery)] == found


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_painting_is_found_by_its_full_label_its_title_and_its_short_title(
    gallery: Gallery, language: str
) -> None:
    for painting in gallery:
        label = painting.label(language)
        for words in (
            f"{label.painter} {label.title}",
            f"{label.title} — {label.painter}",
            label.title,
            label.short,
        ):
            assert find(words, gallery) == [painting], words
