"""Errors on one line, whatever they say."""

import pytest

from core.error_messages import first_line, one_line, with_kind


@pytest.mark.parametrize(
    ("said", "whole", "first", "named"),
    [
        ("no room", "no room", "no room", "ValueError: no room"),
        ("\n no  room\n\tleft\n", "no room left", "no  room", "ValueError: no room left"),
        ("", "ValueError", "ValueError", "ValueError"),
        (" \n", "ValueError", "ValueError", "ValueError"),
    ],
    ids=["one line", "several lines", "nothing", "nothing but white space"],
)
def test_an_error_is_worded_on_one_line(said: str, whole: str, first: str, named: str) -> None:
    error = ValueError(said)
    assert (one_line(error), first_line(error), with_kind(error)) == (whole, first, named)
