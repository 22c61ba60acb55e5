"""Describe what the bot offers in inline mode as people see it."""

from dataclasses import dataclass
from typing import Any, Self

from bot.demo.telegram.inline_queries import InlineAnswer


@dataclass(frozen=True)
class SeenOffer:
    """One thing to choose. `json` is the Bot API's InlineQueryResult."""

    query_id: str
    json: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.json["id"])

    @property
    def kind(self) -> str:
        """An article, a photo or a sticker."""
        return str(self.json["type"])

    @property
    def title(self) -> str:
        return str(self.json.get("title") or "")

    @property
    def file_id(self) -> str | None:
        """Of the photo or the sticker."""
        return self.json.get("photo_file_id") or self.json.get("sticker_file_id")


@dataclass(frozen=True)
class SeenOffers:
    """All that is offered for a query, in order.

    Args:
        results: what can be chosen.
        next_offset: with which more can be asked for; empty where there is no more.
        button: what is above the results, the Bot API's InlineQueryResultsButton.
    """

    results: tuple[SeenOffer, ...]
    next_offset: str
    button: dict[str, Any] | None

    @classmethod
    def of(cls, answer: InlineAnswer, query_id: str) -> Self:
        results = tuple(SeenOffer(query_id, result.json) for result in answer.results)
        return cls(results, answer.next_offset, answer.button)
