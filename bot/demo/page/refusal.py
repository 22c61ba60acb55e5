"""Tell the page why something cannot be done: a code it translates, and a sentence in English."""

from typing import Literal

from starlette.responses import JSONResponse

Code = Literal[
    "not_found",
    "forbidden",
    "bad_request",
    "empty",
    "too_large",
    "too_many",
    "too_long",
    "not_a_picture",
    "foreign_origin",
]
_STATUS: dict[Code, int] = {"not_found": 404, "forbidden": 403, "foreign_origin": 403, "too_large": 413}


class Refusal(Exception):
    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code

    def response(self) -> JSONResponse:
        status = _STATUS.get(self.code, 400)
        return JSONResponse({"error": self.code, "message": str(self)}, status_code=status)
