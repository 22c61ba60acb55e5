"""Describe polls as people see them."""

from typing import Any


class SeenPoll:
    """A poll at one moment, as one person sees it. `json` is the Bot API's Poll, without what is hidden."""

    def __init__(self, json: dict[str, Any]) -> None:
        self.json = json

    @property
    def id(self) -> str:
        return str(self.json["id"])

    @property
    def question(self) -> str:
        return str(self.json["question"])

    @property
    def options(self) -> list[str]:
        return [option["text"] for option in self.json["options"]]

    @property
    def counts(self) -> dict[str, int]:
        """The votes by option; all 0 to those who have not voted, while it is open."""
        return {option["text"]: option["voter_count"] for option in self.json["options"]}

    @property
    def voter_count(self) -> int:
        return int(self.json["total_voter_count"])

    @property
    def is_closed(self) -> bool:
        return bool(self.json["is_closed"])

    @property
    def is_quiz(self) -> bool:
        return bool(self.json["type"] == "quiz")

    @property
    def correct(self) -> str | None:
        """The right option of a quiz, to those who have answered, and to all once it is closed."""
        number = self.json.get("correct_option_id")
        return None if number is None else self.options[number]

    @property
    def explanation(self) -> str | None:
        return self.json.get("explanation")

    def __str__(self) -> str:
        """A part of a transcript."""
        counted = ", ".join(f"{text} {count}" for text, count in self.counts.items())
        return f"{self.question!r} ({counted}{'; closed' if self.is_closed else ''})"
