"""Say in the style of which paintings something was painted."""

from collections.abc import Iterable, Sequence

from bot.gallery.collection import Gallery
from bot.wording.translation import Translator
from storage import PictureRef


def each_title(styles: Iterable[PictureRef], gallery: Gallery, t: Translator) -> list[str]:
    """Say in a word or two what each of these styles is; what somebody sent has no title."""
    paintings = [gallery.get(style.painting) if style.painting else None for style in styles]
    return [painting.label(t.language).short if painting else t("your picture") for painting in paintings]


def titles_of(styles: Sequence[PictureRef], gallery: Gallery, t: Translator) -> str:
    """Join the short titles of these styles, such as "Great Wave + Poppies".

    Nothing where none of them is a painting that the gallery has.
    """
    if not any(style.painting and gallery.get(style.painting) for style in styles):
        return ""
    return " + ".join(each_title(styles, gallery, t))
