"""Queue updates until the bot confirms them. They live here, so a bot that dies loses none."""

import time
from collections.abc import Callable, Iterable
from typing import Any, cast

from bot.demo.telegram.bell import Bell
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.id_counter import IdCounter

Update = dict[str, Any]

FIRST_UPDATE_ID = 815_000_000  # real ids start anywhere; a bot must not expect 1
SENT_ON_REQUEST_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}


class UpdateQueue:
    """A queue with one reader: a poll confirms all before its offset, and ends the poll before it.

    `mangle` sees every update on its way in and says what is queued in its place, so that faults can
    double or reorder updates.
    """

    def __init__(
        self, mangle: Callable[[Update], Iterable[Update]], on_change: Callable[[], None] = lambda: None
    ) -> None:
        self.pending: list[Update] = []
        self.allowed: list[str] = []
        self._mangle = mangle
        self.ids = IdCounter(FIRST_UPDATE_ID)
        self._on_change = on_change
        self._bell = Bell()
        self._newest_poll: object = None
        self._closed = False

    def add(self, kind: str, payload: dict[str, Any]) -> None:
        """Queues an update, if the bot asked for its kind. (It is asked as things happen: updates that
        were queued before the bot narrowed its wishes still come.)
        """
        if kind not in self.allowed if self.allowed else kind in SENT_ON_REQUEST_ONLY:
            return
        for update in self._mangle({kind: payload}):
            if "update_id" not in update:
                update["update_id"] = next(self.ids)
            self.pending.append(update)
        self._on_change()
        self._bell.ring()

    def add_raw(self, update: object) -> None:
        """Queues whatever this is, as it is: a kind of update that no bot knows yet, or what is none at all.

        An object without an id gets one.
        """
        if isinstance(update, dict) and "update_id" not in update:
            update = {"update_id": next(self.ids), **update}
        self.pending.append(cast("Update", update))
        self._on_change()
        self._bell.ring()

    def confirm_before(self, update_id: int) -> None:
        """Forgets those before this one, and with them what stands before one of them without an id."""
        confirmed = [number for number, update in enumerate(self.pending) if _is_before(update, update_id)]
        if confirmed:
            self.pending = [
                update
                for number, update in enumerate(self.pending)
                if number not in confirmed and (_id_of(update) is not None or number > confirmed[-1])
            ]
            self._on_change()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """The oldest updates from `offset` on, waiting up to `seconds` for the first.

        A negative offset counts from the newest, and forgets all before it.
        """
        this_poll = self._newest_poll = object()
        self._bell.ring()
        if offset < 0:
            offset = _id_of(self.pending[max(offset, -len(self.pending))]) or 0 if self.pending else 0
        self.confirm_before(offset)
        deadline = time.monotonic() + seconds
        while not self.pending and not self._closed and await self._bell.wait(deadline - time.monotonic()):
            if self._newest_poll is not this_poll:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        return self.pending[:limit]

    async def wait(self, seconds: float) -> None:
        """Until an update may have come."""
        if not self.pending:
            await self._bell.wait(seconds)

    def close(self) -> None:
        """Ends the poll that waits."""
        self._closed = True
        self._bell.ring()


def _id_of(update: object) -> int | None:
    update_id = update.get("update_id") if isinstance(update, dict) else None
    return update_id if isinstance(update_id, int) else None


def _is_before(update: object, update_id: int) -> bool:
    found = _id_of(update)
    return found is not None and found < update_id
