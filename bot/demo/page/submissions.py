"""Read a message that somebody sends from the page, within Telegram's limits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.demo.page.refusal import Refusal
from bot.demo.telegram.files import Upload
from bot.demo.telegram.methods.content import MAX_PHOTO_UPLOAD, MAX_UPLOAD
from bot.demo.telegram.methods.sending import MAX_ALBUM

if TYPE_CHECKING:
    from starlette.types import Message, Receive

MAX_OBJECT = 64 << 10
MAX_SUBMISSION = MAX_ALBUM * MAX_UPLOAD + (1 << 20)
MAX_NAME = 200  # letters of a file's name

SentAs = Literal["photo", "file", "sticker"]


@dataclass(frozen=True)
class Submission:
    user: Any
    text: str
    reply_to: Any
    sent_as: SentAs
    spoiler: bool  # photos are covered until they are tapped
    files: list[Upload]


@asynccontextmanager
async def read_submission(request: Request) -> AsyncIterator[Submission]:
    """From a form. Its files are on disk until all is known to be within the limits."""
    limited = Request(request.scope, _limited(request, MAX_SUBMISSION))
    try:
        async with limited.form() as form:
            yield await _submission(form)
    except HTTPException as error:
        raise Refusal("bad_request", "That form cannot be read.") from error


async def read_object(request: Request) -> dict[str, Any]:
    try:
        given = await Request(request.scope, _limited(request, MAX_OBJECT)).json()
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Refusal("bad_request", "There has to be a JSON object.")
    return given


async def _submission(form: FormData) -> Submission:
    sent_as = _sent_as(form.get("sent_as"))
    received = [file for file in form.getlist("files") if isinstance(file, UploadFile)]
    if len(received) > MAX_ALBUM:
        raise Refusal("too_many", f"No more than {MAX_ALBUM} files can be sent at once.")
    if sent_as == "sticker" and len(received) != 1:
        raise Refusal("bad_request", "Stickers are sent one by one.")
    largest = MAX_UPLOAD if sent_as == "file" else MAX_PHOTO_UPLOAD
    for number, file in enumerate(received):
        if not file.size:
            raise Refusal("empty", "There is nothing in that file.", number)
        if file.size > largest:
            raise Refusal("too_large", f"A {sent_as} may have up to {largest >> 20} MB.", number)
    return Submission(
        user=form.get("user"),
        text=str(form.get("text") or ""),
        reply_to=form.get("reply_to"),
        sent_as=sent_as,
        spoiler=form.get("spoiler") == "1",
        files=[await _upload(file) for file in received],
    )


def _sent_as(given: object) -> SentAs:
    return given if given in ("file", "sticker") else "photo"


async def _upload(file: UploadFile) -> Upload:
    name = (file.filename or "file").replace("\0", "")[-MAX_NAME:]
    return Upload(await file.read(), name, file.content_type or "application/octet-stream")


def _limited(request: Request, most: int) -> "Receive":
    """The request's body, up to `most` bytes, whatever it says of its length itself."""
    received = 0

    async def receive() -> "Message":
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > most:
            raise Refusal("too_large", "That is more than can be sent at once.")
        return message

    return receive
