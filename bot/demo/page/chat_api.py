"""Let the page read chats, write and tap: `/api/…`, in JSON."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.demo.page.lookups import chat_of, integer, message_in, place_in, speaker_in
from bot.demo.page.refusal import Refusal
from bot.demo.page.submissions import Submission, read_object, read_submission
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.people.users import SimulatedUser, Where
from bot.demo.sample_pictures import SAMPLES
from bot.demo.telegram import entities
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.files import Upload
from bot.demo.telegram.methods.content import MAX_CAPTION, MAX_TEXT
from bot.demo.telegram.photo_sizes import photo_sizes
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
            Route(f"{message}/vote", self._vote, methods=["POST"]),
            Route(f"{message}/before", self._before),
        ]

    async def _describe(self, _request: Request) -> Response:
        world = self._world
        described = {
            "world": world.id,
            "event": world.journal.newest,
            "bot": world.bot.to_json() | {"supports_inline_queries": world.inline_queries.is_on},
            "people": [person.to_json() for person in world.people.values()],
            "chats": [_with_messages(chat) for chat in world.chats.values()],
            "samples": [
                {"name": sample.name, "role": sample.role, "url": f"/samples/{sample.file_name}"}
                for sample in SAMPLES.values()
            ],
        }
        return JSONResponse(described)

    async def _commands(self, request: Request) -> Response:
        chat = chat_of(self._world, request.query_params.get("chat"))
        user = speaker_in(self._world, chat, request.query_params.get("user"))
        return JSONResponse(self._world.profile.menu_in(chat.kind, user.person.language or ""))

    async def _set_language(self, request: Request) -> Response:
        language = (await read_object(request)).get("language")
        if language not in LANGUAGES:
            raise Refusal("bad_request", f"The language must be one of {', '.join(LANGUAGES)}.")
        self._world.set_language(language)
        return JSONResponse({"language": language})

    async def _post(self, request: Request) -> Response:
        chat = chat_of(self._world, request.path_params["chat"])
        async with read_submission(request) as given:
            user = speaker_in(self._world, chat, given.user)
            where = place_in(self._world, chat, given.reply_to)
            try:
                messages = await _say(user, given, where)
            except ApiError as error:  # the only thing the server can have against files of the right size
                number = await asyncio.to_thread(_first_bad, given.files)
                words = "That is no picture, or one of impossible size."
                raise Refusal("not_a_picture", words, number) from error
            except ValueError as error:
                raise Refusal("forbidden", f"{error}.") from error
        return JSONResponse({"messages": [message.json for message in messages]})

    async def _tap(self, request: Request) -> Response:
        chat = chat_of(self._world, request.path_params["chat"])
        message = message_in(chat, request.path_params["message"])
        given = await read_object(request)
        user = speaker_in(self._world, chat, given.get("user"))
        if self._seen(message).label_of(given.get("data")) is None:
            raise Refusal("bad_request", "There is no such button any more.")
        query_id = self._world.callback_queries.tap(user.person, message, str(given["data"]))
        return JSONResponse({"callback_query_id": query_id}, status_code=202)

    async def _vote(self, request: Request) -> Response:
        chat = chat_of(self._world, request.path_params["chat"])
        message = message_in(chat, request.path_params["message"])
        given = await read_object(request)
        user = speaker_in(self._world, chat, given.get("user"))
        options = given.get("options")
        if not isinstance(options, list) or not all(type(option) is int for option in options):
            raise Refusal("bad_request", "There have to be the numbers of the options.")
        if message.poll and message.poll.is_closed:
            raise Refusal("poll_closed", "The poll is closed.")
        try:
            self._world.vote(user.person, message, options)
        except ValueError as error:
            raise Refusal("forbidden", f"{error}.") from error
        return JSONResponse({"votes": message.to_watchers()["votes"]})

    async def _before(self, request: Request) -> Response:
        chat = chat_of(self._world, request.path_params["chat"])
        message = chat.messages.get(integer(request.path_params["message"], "message"))
        sizes = (
            message.content.get("photo") if message else None
        )  # it may be gone by now: no fault of the page's
        file_id = None
        if message and sizes:
            file_id = await self.find_content(chat.id, message.id, sizes[-1]["file_id"])
        return JSONResponse({"file_id": file_id})

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
    as_files = given.sent_as == "file"
    if len(given.files) > 1:
        return await user.send_album(
            given.files, given.text, as_files=as_files, spoiler=given.spoiler, **where
        )
    [file] = given.files
    if given.sent_as == "sticker":
        return [await user.send_sticker(file.data, **where)]
    if as_files:
        return [await user.send_document(file, given.text, **where)]
    return [await user.send_photo(file, given.text, spoiler=given.spoiler, **where)]


def _first_bad(files: list[Upload]) -> int | None:
    """Which of the pictures it is that cannot be sent as one."""
    for number, file in enumerate(files):
        try:
            photo_sizes(file.data)
        except ApiError:
            return number
    return None


async def _find_nothing(_chat_id: int, _message_id: int, _file_id: str) -> str | None:
    return None


def _with_messages(chat: "Chat") -> dict[str, Any]:
    messages = list(chat.messages.values())[-SHOWN:]
    return chat.to_json() | {
        "members": [person.id for person in chat.members],
        "bot_status": chat.bot_status,
        "messages": [message.to_watchers() for message in messages],
    }
