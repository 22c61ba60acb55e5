"""Say as an ICC profile what a PNG says of its colours by other means, so that one library converts both."""

import struct
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from core.decoding.mending import png_chunks

_Floats: TypeAlias = npt.NDArray[np.float64]
_Curve: TypeAlias = Callable[[_Floats], _Floats]
"""Light, 0 to 1, of a value, 0 to 1."""

_D50 = (0.9642, 1.0, 0.8249)
_D65 = (0.3127, 0.3290)
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

_SRGB = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
"""The x and y of white, red, green and blue, as in `cHRM`."""

_PRIMARIES = {  # by their numbers in ITU-T H.273
    1: _SRGB,
    9: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),  # BT.2020
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),  # Display P3
}
_ALIKE = 0.002  # between coordinates that are meant to be the same
_USUAL_GAMMA = 1 / 2.2  # of files for screens, which is what sRGB comes to
_NO_DIFFERENCE = 0.05  # between gammas, in proportion: as libpng has it
_WHITE_NITS = 203.0  # of a white sheet in HDR pictures
_STEPS = 1024  # of a curve


_SAYING = {b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"}


def profile_of_png(data: bytes) -> bytes | None:
    """Make an ICC profile of a PNG's `cICP`, or of its `gAMA` and `cHRM`, as the standard ranks them.

    None where it says nothing, or has a profile of its own, or is in sRGB.
    """
    said = {kind: body for kind, body, _ in png_chunks(data) if kind in _SAYING}
    if len(said.get(b"cICP", b"")) == 4 and (profile := _of_code_points(*said[b"cICP"][:2])) is not None:
        return profile or None
    if b"iCCP" in said or b"sRGB" in said:
        return None
    gamma = _numbers(said.get(b"gAMA"), 1)[0]
    gamma = gamma if 0.2 <= gamma <= 3 else 0.0
    points = _numbers(said.get(b"cHRM"), 8)
    points = points if _span_colours(points) else _SRGB
    is_usual = not gamma or abs(gamma / _USUAL_GAMMA - 1) <= _NO_DIFFERENCE
    if is_usual and np.allclose(points, _SRGB, atol=_ALIKE):
        return None
    return _profile(points, (lambda values: values ** (1 / gamma)) if gamma else _srgb_curve)


def _numbers(body: bytes | None, count: int) -> tuple[float, ...]:
    """Of a chunk: hundred-thousandths. All 0 where it is not there, or is of another length."""
    if body is None or len(body) != 4 * count:
        return (0.0,) * count
    return tuple(value / 1e5 for value in struct.unpack(f">{count}I", body))


def _span_colours(points: Sequence[float]) -> bool:
    """Say whether colours can be mixed of such primaries."""
    if not all(0 <= value <= 1 for value in points) or points[1] < 0.1:
        return False
    return abs(float(np.linalg.det(_primaries(points)))) > 1e-3


def _of_code_points(primaries: int, transfer: int) -> bytes | None:
    """The profile of H.273's numbers: None where they are not known, b"" where they mean sRGB."""
    curve = _CURVES.get(transfer)
    if primaries not in _PRIMARIES or curve is None:
        return None
    if primaries == 1 and curve is _srgb_curve:
        return b""
    return _profile(_PRIMARIES[primaries], curve)


def _srgb_curve(values: _Floats) -> _Floats:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _pq_curve(values: _Floats) -> _Floats:
    """Of SMPTE ST 2084, up to the white of a sheet of paper: what shines more is as white as that."""
    power = np.power(values, 1 / 78.84375)
    light = np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)
    nits: _Floats = 10_000 * np.power(light, 1 / 0.1593017578125)
    return np.minimum(nits / _WHITE_NITS, np.ones_like(nits))


def _hlg_curve(values: _Floats) -> _Floats:
    """Of ARIB STD-B67, likewise: paper is at 0.75."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    light = np.where(values <= 0.5, values**2 / 3, (np.exp((values - c) / a) + b) / 12)
    paper = light[np.searchsorted(values, 0.75)]
    shown: _Floats = np.minimum(light / paper, np.ones_like(light)) ** 1.2
    return shown


_CURVES: dict[int, _Curve] = {
    **dict.fromkeys((1, 6, 13, 14, 15), _srgb_curve),  # BT.709's is meant to be shown likewise
    4: lambda values: values**2.2,
    5: lambda values: values**2.8,
    8: lambda values: values,
    16: _pq_curve,
    18: _hlg_curve,
}


def _profile(points: Sequence[float], curve: _Curve) -> bytes:
    """A display's profile, of ICC version 2."""
    primaries, white = _primaries(points), np.array([points[0], points[1], 1 - points[0] - points[1]])
    white = white / points[1]
    matrix = primaries * np.linalg.solve(primaries, white)  # so that red, green and blue make white
    eyes = (_BRADFORD @ np.array(_D50)) / (_BRADFORD @ white)
    adapted = np.linalg.solve(_BRADFORD, eyes[:, None] * (_BRADFORD @ matrix))
    values = curve(np.linspace(0, 1, _STEPS))
    trc = struct.pack(">4sII", b"curv", 0, _STEPS) + (values * 65535).round().astype(">u2").tobytes()
    text = b"made of a picture's own words\0"
    tags = {
        b"desc": struct.pack(">4sII", b"desc", 0, len(text)) + text + bytes(78),
        b"cprt": struct.pack(">4sI", b"text", 0) + b"none\0",
        b"wtpt": _xyz_tag(_D50),
        b"rXYZ": _xyz_tag(adapted[:, 0]),
        b"gXYZ": _xyz_tag(adapted[:, 1]),
        b"bXYZ": _xyz_tag(adapted[:, 2]),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), trc),
    }
    return _icc_file(tags)


def _primaries(points: Sequence[float]) -> _Floats:
    """Red, green and blue in XYZ, a column for each, of any brightness."""
    return np.array([[x, y, 1 - x - y] for x, y in zip(points[2::2], points[3::2], strict=True)]).T


def _xyz_tag(values: Sequence[float] | _Floats) -> bytes:
    fixed = [max(-(2**31), min(2**31 - 1, round(float(value) * 65536))) for value in values]
    return struct.pack(">4sI3i", b"XYZ ", 0, *fixed)


def _icc_file(tags: dict[bytes, bytes]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    table, bodies = struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        table += name + struct.pack(">II", at + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    size = at + len(bodies)
    illuminant = [round(value * 65536) for value in _D50]
    kind = (b"mntr", b"RGB ", b"XYZ ", b"acsp")
    header = struct.pack(">I4xI4s4s4s12x4s28x3i48x", size, 0x02400000, *kind, *illuminant)
    return header + table + bodies
