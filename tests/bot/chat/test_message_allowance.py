"""How much one person may say."""

import pytest

from bot.chat.message_allowance import ALBUM, PAUSE, Allowance, Verdict

FINE, TOO_MUCH, IGNORED = Verdict.FINE, Verdict.TOO_MUCH, Verdict.IGNORED


class Clock:
    time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_minutes_worth_may_come_at_once_and_no_more(clock: Clock) -> None:
    allowance = Allowance(60, clock)
    assert [allowance.spend(7) for _ in range(62)] == [FINE] * 60 + [TOO_MUCH, IGNORED]
    assert allowance.spend(8) is FINE


def test_who_was_told_is_answered_again_after_the_pause(clock: Clock) -> None:
    allowance = Allowance(60, clock)
    while allowance.spend(7) is FINE:
        pass
    clock.time += PAUSE - 1
    assert allowance.spend(7) is IGNORED
    clock.time += 1
    assert [allowance.spend(7) for _ in range(61)] == [FINE] * 60 + [TOO_MUCH]


def test_who_has_too_much_waiting_is_told_once_too(clock: Clock) -> None:
    allowance = Allowance(60, clock)
    assert [allowance.pause(7), allowance.pause(7), allowance.spend(7)] == [TOO_MUCH, IGNORED, IGNORED]
    clock.time += PAUSE
    assert allowance.spend(7) is FINE


def test_a_steady_flow_within_the_rate_never_ends(clock: Clock) -> None:
    allowance = Allowance(30, clock)
    for _ in range(1000):
        assert allowance.spend(7) is FINE
        clock.time += 2


def test_an_album_passes_whatever_the_rate(clock: Clock) -> None:
    allowance = Allowance(1, clock)
    assert [allowance.spend(7) for _ in range(ALBUM + 1)] == [FINE] * ALBUM + [TOO_MUCH]


def test_those_who_are_quiet_are_not_remembered(clock: Clock) -> None:
    allowance = Allowance(60, clock)
    for user in range(100):
        allowance.spend(user)
    clock.time += 61
    allowance.spend(100)
    assert len(allowance) == 1
