"""Make plain pictures to send, and judge what comes back."""

from io import BytesIO

from PIL import Image

Colour = tuple[int, int, int]

RED, BLUE, GREEN, YELLOW = (254, 0, 0), (0, 0, 254), (0, 128, 0), (255, 255, 0)
"""As they come out of a JPEG."""


def picture(
    colour: str | Colour, width: int = 64, height: int = 48, kind: str = "JPEG", **options: object
) -> bytes:
    """A file of one colour, `width` x `height` px, of a `kind` that Pillow can write."""
    data = BytesIO()
    Image.new("RGB", (width, height), colour).save(data, kind, **options)
    return data.getvalue()
