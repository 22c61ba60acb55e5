"""Let the page ask the bot inline and send what it offers: `/api/inline`, in JSON."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.demo.page.lookups import chat_of, place_in, speaker_in
from bot.demo.page.refusal import Refusal
from bot.demo.page.submissions import read_object
from bot.demo.people.seen_offers import SeenOffer

if TYPE_CHECKING:
    from bot.demo.telegram.world import World

PATIENCE = 10.0  # seconds until a query counts as one that the bot offers nothing for


class InlineApi:
    """Speaks for the people of a world."""

    def __init__(self, world: "World") -> None:
        self._world = world

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/api/inline", self._ask),
            Route("/api/chats/{chat}/inline", self._choose, methods=["POST"]),
        ]

    async def _ask(self, request: Request) -> Response:
        given = request.query_params
        chat = chat_of(self._world, given.get("chat"))
        user = speaker_in(self._world, chat, given.get("user"))
        queries = self._world.inline_queries
        try:
            query_id = queries.ask(user.person, chat, given.get("query", ""), given.get("offset", ""))
            answer = await queries.answer_to(query_id, PATIENCE)
        except ValueError as error:
            raise Refusal("forbidden", f"{error}.") from error
        except TimeoutError:
            return JSONResponse({"results": [], "next_offset": "", "button": None})
        results = [{**result.json, "query_id": query_id} for result in answer.results]
        offers = {"results": results, "next_offset": answer.next_offset, "button": answer.button}
        return JSONResponse(offers)

    async def _choose(self, request: Request) -> Response:
        chat = chat_of(self._world, request.path_params["chat"])
        given = await read_object(request)
        user = speaker_in(self._world, chat, given.get("user"))
        where = place_in(self._world, chat, given.get("reply_to"))
        offer = SeenOffer(str(given.get("query_id")), {"id": given.get("result_id")})
        try:
            message = await user.choose(offer, **where)
        except ValueError as error:
            raise Refusal("forbidden", f"{error}.") from error
        return JSONResponse({"messages": [message.json]})
