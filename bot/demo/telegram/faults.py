"""Cause faults on demand: what goes wrong between a bot and Telegram sooner or later."""

from collections import deque
from enum import Enum
from typing import Any

from bot.demo.telegram.errors import ApiError

ANY_METHOD = "*"  # but getUpdates, which always runs


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


Fault = ApiError | Break


def server_error() -> ApiError:
    return ApiError(500, "Internal Server Error")


class Faults:
    """Plans for the next requests and updates: each strikes once, in the order planned.

        api.faults.next("sendPhoto", too_many_requests(retry_after=3))
        api.faults.next("editMessageCaption", server_error(), times=2)
        api.faults.next("sendPhoto", Break.DROP_AFTER)
        api.faults.duplicate_updates(1)
        api.faults.reorder_updates(2)

    A file's download counts as the method "download".
    """

    def __init__(self) -> None:
        self.planned: deque[tuple[str, Fault]] = deque()
        self._to_duplicate = 0
        self._to_hold = 0
        self._held: list[dict[str, Any]] = []

    def next(self, method: str, fault: Fault, times: int = 1) -> None:
        self.planned.extend([(method, fault)] * times)

    def clear(self) -> None:
        """Forgets what has not struck yet. Updates held to be reordered still come, after the next one."""
        self.planned.clear()
        self._to_duplicate = self._to_hold = 0

    def take(self, method: str) -> Fault | None:
        """The fault that strikes this request, if any."""
        for plan in self.planned:
            if plan[0] == method or (plan[0] == ANY_METHOD and method != "getUpdates"):
                self.planned.remove(plan)
                return plan[1]
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
