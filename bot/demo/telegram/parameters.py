"""Read a request's parameters, in whichever of three ways they came: JSON, form or multipart.

In forms everything is text, and lists and objects are JSON inside of it; in JSON bodies they may be either.
"""

import json
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile

from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.files import Upload

if TYPE_CHECKING:
    from starlette.requests import Request

ATTACHED = "attach://"


class Parameters:
    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
        self._values = values
        self._uploads = uploads

    def text(self, name: str) -> str:
        value = self._values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str) -> int | None:
        text = self.text(name)
        try:
            return int(text) if text else None
        except ValueError:
            raise bad_request(f"{name} must be a number") from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1")

    def parsed(self, name: str) -> Any:
        """A list or an object, or None where it was not given."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def chat_id(self) -> int:
        text = self.text("chat_id")
        if not text:
            raise bad_request("chat_id is empty")
        try:
            return int(text)
        except ValueError:  # an @name; nobody here has one that is public
            raise bad_request("chat not found") from None

    def chat_id_or_none(self) -> int | None:
        """The chat that the request names; None where it names none, or one that cannot be."""
        try:
            return self.chat_id()
        except ApiError:
            return None

    def file(self, name: str) -> Upload | str | None:
        """The file given under this name: uploaded, or the id of one that is on the server already."""
        return self._uploads.get(name) or self.referenced_file(self.text(name))

    def referenced_file(self, reference: str) -> Upload | str | None:
        """What a file's name in an object stands for: an upload beside it, or an id."""
        if reference.startswith(ATTACHED):
            return self._uploads.get(reference.removeprefix(ATTACHED))
        return reference or None


async def read(request: "Request") -> Parameters:
    kind = request.headers.get("content-type", "")
    values: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    if kind.startswith("application/json"):
        values |= await _json_body(request)
    elif kind:
        async with request.form() as form:
            for name, value in form.items():
                if isinstance(value, UploadFile):
                    mime_type = value.content_type or "application/octet-stream"
                    uploads[name] = Upload(await value.read(), value.filename or name, mime_type)
                else:
                    values[name] = value
    return Parameters(values, uploads)


async def _json_body(request: "Request") -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body
