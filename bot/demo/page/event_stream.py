"""Send the page what happens in the chats, as server-sent events."""

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

if TYPE_CHECKING:
    from bot.demo.telegram.journal import Event, Journal
    from bot.demo.telegram.world import World

HEARTBEAT = 15.0  # seconds; whoever is gone is noticed by then
RECONNECT = 1000  # milliseconds until a browser tries again
RELOAD = "event: reload\ndata: {}\n\n"
UNTOLD = {"tapped"}  # what the one who tapped knows already


class EventStream:
    """Goes on where a watcher left off, or says that this cannot be, as when the world is another."""

    def __init__(self, world: "World") -> None:
        self._world = world

    async def answer(self, request: Request) -> Response:
        asked_for = request.headers.get("last-event-id") or request.query_params.get("after", "")
        after = int(asked_for) if asked_for.isdecimal() and len(asked_for) < 20 else -1
        if request.query_params.get("world") != self._world.id:
            after = -1
        return StreamingResponse(
            _told(self._world.journal, after),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


async def _told(journal: "Journal", after: int) -> AsyncIterator[str]:
    yield f"retry: {RECONNECT}\n\n"
    while not journal.closed:
        if not journal.keeps_all_after(after):  # or no longer, for one who reads too slowly
            yield RELOAD
            return
        for event in journal.after(after):
            after = event.number
            if event.kind not in UNTOLD:
                yield _lines(event)
        if after == journal.newest and not journal.closed and not await journal.wait(HEARTBEAT):
            yield ": nothing new\n\n"


def _lines(event: "Event") -> str:
    return f"id: {event.number}\ndata: {json.dumps(event.to_json(), ensure_ascii=False)}\n\n"
