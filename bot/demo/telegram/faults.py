"""Cause faults on demand: what goes wrong between a bot and Telegram sooner or later."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from bot.demo.telegram.errors import ApiError, too_many_requests

ANY_METHOD = "*"  # but getUpdates, which always runs unless it is named
WRITING = "send* edit*"


class Break(Enum):
    """A request that is not answered. "After" is the cruel kind: it took effect, and the bot cannot know."""

    DROP_BEFORE = "the connection closes before the request takes effect"
    DROP_AFTER = "the connection closes after the request took effect"
    HANG_BEFORE = "no answer ever comes; the request takes no effect"
    HANG_AFTER = "no answer ever comes; the request took effect"

    @property
    def takes_effect(self) -> bool:
        return self in (Break.DROP_AFTER, Break.HANG_AFTER)

    @property
    def hangs(self) -> bool:
        return self in (Break.HANG_BEFORE, Break.HANG_AFTER)


@dataclass(frozen=True)
class RawAnswer:
    """An answer as no Bot API gives it, but a proxy on the way does: HTML, half of an answer, nothing."""

    body: bytes
    status: int = 200
    media_type: str = "application/json"
    takes_effect: bool = False


Fault = ApiError | Break | RawAnswer


def server_error() -> ApiError:
    return ApiError(500, "Internal Server Error")


@dataclass
class _Plan:
    """What strikes the methods that match a pattern, in one chat or in all."""

    methods: str
    chat_id: int | None
    fault: Callable[[], Fault]
    until: float | None = None  # on the monotonic clock; None: it strikes once

    def strikes(self, method: str, chat_id: int | None) -> bool:
        if method == "getUpdates" and self.methods != method:
            return False
        if self.chat_id not in (None, chat_id):
            return False
        return any(fnmatchcase(method, pattern) for pattern in self.methods.split())


class Faults:
    """Plans for the next requests and updates: each strikes once, in the order planned, or for a time.

        api.faults.next("sendPhoto", too_many_requests(retry_after=3))
        api.faults.next("editMessageCaption", server_error(), times=2)
        api.faults.next("sendPhoto", Break.DROP_AFTER, chat_id=ann.id)
        api.faults.next("getUpdates", RawAnswer(b"<html>", status=404))
        api.faults.for_a_time("send*", server_error(), seconds=10)
        api.faults.flood(seconds=30, chat_id=ann.id)
        api.faults.duplicate_updates(1)
        api.faults.reorder_updates(2)

    Methods may be patterns, as of file names, and several with spaces between. A file's download counts as
    the method "download".
    """

    def __init__(self) -> None:
        self.planned: deque[_Plan] = deque()  # what strikes once
        self._lasting: list[_Plan] = []
        self._to_duplicate = 0
        self._to_hold = 0
        self._held: list[dict[str, Any]] = []

    def next(self, method: str, fault: Fault, times: int = 1, chat_id: int | None = None) -> None:
        """Strikes the next requests, of all or of those to one chat."""
        self.planned.extend(_Plan(method, chat_id, lambda: fault) for _ in range(times))

    def for_a_time(self, method: str, fault: Fault, seconds: float, chat_id: int | None = None) -> None:
        """Strikes each request from now on until the time is over."""
        self._lasting.append(_Plan(method, chat_id, lambda: fault, time.monotonic() + seconds))

    def flood(self, seconds: float, chat_id: int | None = None, method: str = WRITING) -> None:
        """Refuses what is sent or edited with a 429 that says how many of these seconds are left."""
        end = time.monotonic() + seconds

        def refusal() -> Fault:
            return too_many_requests(max(1, math.ceil(end - time.monotonic())))

        self._lasting.append(_Plan(method, chat_id, refusal, end))

    def clear(self) -> None:
        """Forgets what has not struck yet. Updates held to be reordered still come, after the next one."""
        self.planned.clear()
        self._lasting.clear()
        self._to_duplicate = self._to_hold = 0

    def take(self, method: str, chat_id: int | None = None) -> Fault | None:
        """The fault that strikes this request, if any."""
        for plan in self.planned:
            if plan.strikes(method, chat_id):
                self.planned.remove(plan)
                return plan.fault()
        now = time.monotonic()
        self._lasting = [plan for plan in self._lasting if plan.until is None or plan.until > now]
        for plan in self._lasting:
            if plan.strikes(method, chat_id):
                return plan.fault()
        return None

    def duplicate_updates(self, count: int = 1) -> None:
        """The next `count` updates come twice, under the same id."""
        self._to_duplicate = count

    def reorder_updates(self, count: int = 2) -> None:
        """The next `count` updates are held back until all are there, and come newest first."""
        self._to_hold = count

    def mangle(self, update: dict[str, Any]) -> list[dict[str, Any]]:
        """What is queued in place of this update."""
        if self._to_hold:
            self._to_hold -= 1
            self._held.insert(0, update)
            if self._to_hold:
                return []
            update, *rest = self._held
        else:
            rest = self._held
        self._held = []
        if not self._to_duplicate:
            return [update, *rest]
        self._to_duplicate -= 1
        return [update, update, *rest]
