"""Carry what people ask with `@bot query` to the bot, and what it offers back."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.demo.telegram.bell import Bell
from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.id_counter import IdCounter

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat, Person
    from bot.demo.telegram.update_queue import UpdateQueue

ANSWER_WITHIN = 30.0
MAX_QUERY = 256
KEPT = 100  # answers, the newest, of which somebody may still choose


@dataclass(frozen=True)
class InlineResult:
    """`json` is the Bot API's InlineQueryResult; `content`, what is said when it is chosen."""

    json: dict[str, Any]
    content: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.json["id"])


@dataclass(frozen=True)
class InlineAnswer:
    """What the bot offers. Its cache time is in seconds; others than the one who asked see it from there too,
    unless it is personal.
    """

    results: tuple[InlineResult, ...]
    next_offset: str = ""
    button: dict[str, Any] | None = None
    cache_time: int = 300
    is_personal: bool = False

    def result(self, result_id: str) -> InlineResult | None:
        return next((result for result in self.results if result.id == result_id), None)


@dataclass(frozen=True)
class _Asked:
    person: "Person"
    words: tuple[str, str]  # query and offset
    since: float


class InlineQueries:
    """Each query waits for one answer, for a while. `is_on`: whether the bot's maker has let BotFather switch
    inline mode on; without it nobody can ask.
    """

    def __init__(self, updates: "UpdateQueue", *, is_on: bool = False) -> None:
        self.is_on = is_on
        self.answer_within = ANSWER_WITHIN
        self.ids = IdCounter(8_100_000_000_000_001)
        self._updates = updates
        self._waiting: dict[str, _Asked] = {}
        self._answers: dict[str, InlineAnswer] = {}  # by query's id
        self._cached: dict[tuple[int | None, tuple[str, str]], tuple[InlineAnswer, float]] = {}
        self._bell = Bell()

    def ask(self, person: "Person", chat: "Chat", query: str, offset: str = "") -> str:
        """Returns the query's id. The bot is not asked where an answer of its own is cached.

        Raises `ValueError` where the bot has no inline mode.
        """
        if not self.is_on:
            raise ValueError("This bot has no inline mode")
        query_id = str(next(self.ids))
        words = query[:MAX_QUERY], offset
        cached = self._in_cache(person, words)
        if cached:
            self._keep(query_id, cached)
            return query_id
        self._waiting[query_id] = _Asked(person, words, time.monotonic())
        asked = {
            "id": query_id,
            "from": person.to_json(),
            "chat_type": "sender" if chat.is_private else chat.kind,
            "query": words[0],
            "offset": offset,
        }
        self._updates.add("inline_query", asked)
        return query_id

    def answer(self, query_id: str, answer: InlineAnswer) -> None:
        """Raises what Telegram answers when nobody waits for it any more."""
        asked = self._waiting.pop(query_id, None)
        if asked is None or time.monotonic() - asked.since > self.answer_within:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        whose = asked.person.id if answer.is_personal else None
        self._cached[whose, asked.words] = answer, time.monotonic() + answer.cache_time
        self._keep(query_id, answer)

    async def answer_to(self, query_id: str, seconds: float) -> InlineAnswer:
        """What the bot offers, as soon as it does. Raises `TimeoutError` if it does not in time."""
        deadline = time.monotonic() + seconds
        while query_id not in self._answers:
            if not await self._bell.wait(deadline - time.monotonic()):
                raise TimeoutError("the bot did not answer the inline query")
        return self._answers[query_id]

    def offered(self, query_id: str, result_id: str) -> InlineResult:
        """Raises `ValueError` where this was not offered, or too long ago."""
        answer = self._answers.get(query_id)
        result = answer.result(result_id) if answer else None
        if result is None:
            raise ValueError("That is not offered any more")
        return result

    def _in_cache(self, person: "Person", words: tuple[str, str]) -> InlineAnswer | None:
        now = time.monotonic()
        self._cached = {key: kept for key, kept in self._cached.items() if kept[1] > now}
        kept = self._cached.get((person.id, words)) or self._cached.get((None, words))
        return kept[0] if kept else None

    def _keep(self, query_id: str, answer: InlineAnswer) -> None:
        self._answers[query_id] = answer
        if len(self._answers) > KEPT:
            del self._answers[next(iter(self._answers))]
        self._bell.ring()
