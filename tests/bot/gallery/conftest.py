"""A decoder, which opens the pictures of operators' folders."""

from collections.abc import Iterator

import pytest

from core.decoding.decoder import Decoder


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    decoder = Decoder()
    yield decoder
    decoder.close()
