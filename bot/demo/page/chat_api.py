"""Let the page read chats, write and tap: `/api/…`, in JSON."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.demo.page.refusal import Refusal
from bot.demo.page.submissions import Submission, read_object, read_submission
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.people.users import SimulatedUser, Where
from bot.demo.sample_pictures import SAMPLES
from bot.demo.telegram import entities
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.methods.content import MAX_CAPTION, MAX_TEXT
from bot.wording.translation import LANGUAGES

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat, Message
    from bot.demo.telegram.world import World

SHOWN = 200  # messages of each chat, the newest

FindContent = Callable[[int, int, str], Awaitable[str | None]]
"""By chat, message and file id, the file id of the photo that was repainted; `Jobs.content_of`."""


class ChatApi:
    """`find_content` is set once there is a bot with a database to look into."""

    def __init__(self, world: "World") -> None:
        self.find_content: FindContent = _find_nothing
        self._world = world

    @property
    def routes(self) -> list[Route]:
        message = "/api/chats/{chat}/messages/{message}"
        return [
            Route("/api/world", self._describe),
            Route("/api/commands", self._commands),
            Route("/api/language", self._set_language, methods=["POST"]),
            Route("/api/chats/{chat}/messages", self._post, methods=["POST"]),
            Route(f"{message}/tap", self._tap, methods=["POST"]),
            Route(f"{message}/before", self._before),
        ]

    async def _describe(self, _request: Request) -> Response:
        world = self._world
        described = {
            "world": world.id,
            "event": world.journal.newest,
            "bot": world.bot.to_json(),
            "people": [person.to_json() for person in world.people.values()],
            "chats": [_with_messages(chat) for chat in world.chats.values()],
            "samples": [
                {"name": sample.name, "role": sample.role, "url": f"/samples/{sample.name}.jpg"}
                for sample in SAMPLES.values()
            ],
        }
        return JSONResponse(described)

    async def _commands(self, request: Request) -> Response:
        chat = self._chat(request.query_params.get("chat"))
        user = self._speaker(chat, request.query_params.get("user"))
        return JSONResponse(self._world.profile.menu_in(chat.kind, user.person.language or ""))

    async def _set_language(self, request: Request) -> Response:
        language = (await read_object(request)).get("language")
        if language not in LANGUAGES:
            raise Refusal("bad_request", f"The language must be one of {', '.join(LANGUAGES)}.")
        self._world.set_language(language)
        return JSONResponse({"language": language})

    async def _post(self, request: Request) -> Response:
        chat = self._chat(request.path_params["chat"])
        async with read_submission(request) as given:
            user = self._speaker(chat, given.user)
            where = Where(chat=chat)
            if given.reply_to:
                where["reply_to"] = self._seen(_message(chat, given.reply_to))
            try:
                messages = await _say(user, given, where)
            except ApiError as error:  # the only thing the server can have against files of the right size
                raise Refusal("not_a_picture", "That is no picture, or one of impossible size.") from error
            except ValueError as error:
                raise Refusal("forbidden", f"{error}.") from error
        return JSONResponse({"messages": [message.json for message in messages]})

    async def _tap(self, request: Request) -> Response:
        chat = self._chat(request.path_params["chat"])
        message = _message(chat, request.path_params["message"])
        given = await read_object(request)
        user = self._speaker(chat, given.get("user"))
        if self._seen(message).label_of(given.get("data")) is None:
            raise Refusal("bad_request", "There is no such button any more.")
        query_id = self._world.callback_queries.tap(user.person, message, str(given["data"]))
        return JSONResponse({"callback_query_id": query_id}, status_code=202)

    async def _before(self, request: Request) -> Response:
        chat = self._chat(request.path_params["chat"])
        message = _message(chat, request.path_params["message"])
        sizes = message.content.get("photo")
        file_id = None
        if sizes:
            file_id = await self.find_content(chat.id, message.id, sizes[-1]["file_id"])
        return JSONResponse({"file_id": file_id})

    def _chat(self, given: Any) -> "Chat":
        chat = self._world.chats.get(_integer(given, "chat"))
        if chat is None:
            raise Refusal("not_found", "There is no such chat.")
        return chat

    def _speaker(self, chat: "Chat", given: Any) -> SimulatedUser:
        person = self._world.people.get(_integer(given, "user"))
        if person is None or person not in chat.members:
            raise Refusal("forbidden", "There is no such person in this chat.")
        return SimulatedUser.of(person, self._world)

    def _seen(self, message: "Message") -> SeenMessage:
        return SeenMessage(message.to_json(), self._world.files)


async def _say(user: SimulatedUser, given: Submission, where: Where) -> list[SeenMessage]:
    length = len(entities.plain(given.text).text)
    if length > (MAX_CAPTION if given.files else MAX_TEXT):
        raise Refusal("too_long", "That is longer than a message may be.")
    if not given.files:
        if not length:
            raise Refusal("empty", "There is nothing to send.")
        return [await user.send_text(given.text, **where)]
    if len(given.files) > 1:
        return await user.send_album(given.files, given.text, as_files=given.as_files, **where)
    send = user.send_document if given.as_files else user.send_photo
    return [await send(given.files[0], given.text, **where)]


async def _find_nothing(_chat_id: int, _message_id: int, _file_id: str) -> str | None:
    return None


def _with_messages(chat: "Chat") -> dict[str, Any]:
    messages = list(chat.messages.values())[-SHOWN:]
    return chat.to_json() | {
        "members": [person.id for person in chat.members],
        "bot_status": chat.bot_status,
        "messages": [message.to_json() for message in messages],
    }


def _message(chat: "Chat", given: Any) -> "Message":
    message = chat.messages.get(_integer(given, "message"))
    if message is None:
        raise Refusal("not_found", "There is no such message.")
    return message


def _integer(given: Any, what: str) -> int:
    try:
        return int(given)
    except (TypeError, ValueError, OverflowError):
        raise Refusal("bad_request", f"There has to be the number of a {what}.") from None
