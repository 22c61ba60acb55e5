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
    "poll_closed",
    "foreign_origin",
]
_STATUS: dict[Code, int] = {"not_found": 404, "forbidden": 403, "foreign_origin": 403, "too_large": 413}


class Refusal(Exception):
    """Why; `file` is which of the files that were sent, counted from 0, if it is because of one."""

    def __init__(self, code: Code, message: str, file: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.file = file

    def response(self) -> JSONResponse:
        status = _STATUS.get(self.code, 400)
        said = {"error": self.code, "message": str(self)}
        return JSONResponse(said if self.file is None else {**said, "file": self.file}, status_code=status)
