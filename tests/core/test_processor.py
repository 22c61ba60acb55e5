"""What a processor says that it can do."""

from pathlib import Path

import pytest

from core.processor import computes_bfloat16


@pytest.mark.parametrize(
    ("flags", "does"),
    [
        ("fpu avx2 avx512_bf16", True),
        ("fpu amx_bf16 amx_tile", True),
        ("fpu avx2 avx512f avx512_bf16x", False),
    ],
)
def test_bfloat16_is_among_its_instructions_or_not(flags: str, does: bool, tmp_path: Path) -> None:
    information = tmp_path / "cpuinfo"
    information.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: none\n\n" * 2)
    assert computes_bfloat16(information) is does


def test_one_that_cannot_be_asked_is_taken_to_have_none(tmp_path: Path) -> None:
    assert not computes_bfloat16(tmp_path / "nothing")
