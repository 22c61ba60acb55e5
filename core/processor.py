"""Tell what the processor can do. Knows nothing of TensorFlow."""

from functools import cache
from pathlib import Path

_INFORMATION = Path("/proc/cpuinfo")


@cache
def computes_bfloat16(information: Path = _INFORMATION) -> bool:
    """Whether it has instructions for bfloat16; where it cannot be asked, it is taken to have none."""
    flags = information.read_text().split() if information.exists() else []
    return bool({"avx512_bf16", "amx_bf16"} & set(flags))
