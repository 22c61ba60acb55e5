"""The bot, by a clock that stands still until a test sets it to an hour."""

import pytest

from tests.kit.clock import StandingClock


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()
