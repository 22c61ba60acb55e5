"""Put a picture that is transparent in places on a ground on which it can be seen."""

from PIL import Image, ImageStat

from core.decoding.refusal import PictureError, Reason

_WHITE, _DARK = "#ffffff", "#505050"
_FAINTEST = 8  # of 255; a picture that is nowhere more opaque is not there
_OPEN = 0.05  # of the area: less of the ground does not matter
_SEEN = 0.1  # of black on white, in the mean of what is visible


def on_ground(colours: Image.Image, alpha: Image.Image) -> Image.Image:
    """Lay sRGB colours over white, or over dark grey where they would vanish on white.

    Raises PictureError where nothing at all is visible.
    """
    if ImageStat.Stat(alpha).extrema[0][1] < _FAINTEST:
        raise PictureError(Reason.INVISIBLE, "The picture is transparent all over.")
    page = _over(_WHITE, colours, alpha)
    opacity = ImageStat.Stat(alpha).mean[0] / 255
    darkness = 1 - ImageStat.Stat(page.convert("L")).mean[0] / 255
    if opacity < 1 - _OPEN and darkness < _SEEN * opacity:
        return _over(_DARK, colours, alpha)
    return page


def _over(ground: str, colours: Image.Image, alpha: Image.Image) -> Image.Image:
    page = Image.new("RGB", colours.size, ground)
    page.paste(colours, mask=alpha)
    return page
