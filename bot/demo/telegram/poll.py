"""Hold a poll: what was asked, who votes for what, and what each may see of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_TIMES = ("open_period", "close_date")
_SOLUTION = ("correct_option_id", "correct_option_ids", "explanation", "explanation_entities")


@dataclass(eq=False)
class Poll:
    """A poll in the Bot API's own fields, and the votes.

    Args:
        id: another than any other poll's.
        asked: the fields that no vote changes, but for the options.
        options: each with `persistent_id` and `text`, in their order.
        solution: of a quiz, the correct options and what explains them.
        votes: the numbers of the options that each person chose, by the person's id.
    """

    id: str
    asked: dict[str, Any]
    options: list[dict[str, Any]]
    solution: dict[str, Any] = field(default_factory=dict)
    is_closed: bool = False
    votes: dict[int, list[int]] = field(default_factory=dict)

    @property
    def close_date(self) -> float | None:
        """When it closes by itself, in seconds since 1970."""
        return None if self.is_closed else self.asked.get("close_date")

    def asked_again(self, poll_id: str) -> "Poll":
        """The same, with no votes yet, as in a copy of the message; a copy does not close by itself."""
        asked = {name: value for name, value in self.asked.items() if name not in _TIMES}
        return replace(self, id=poll_id, asked=asked, votes={})

    def vote(self, voter: int, option_ids: Sequence[int]) -> bool:
        """Counts these options in place of the voter's last. Returns whether that changes anything.

        Raises `ValueError`, with a sentence for the voter, where Telegram would not take it.
        """
        if self.is_closed:
            raise ValueError("The poll is closed")
        chosen = sorted(set(option_ids))
        if chosen and not 0 <= chosen[0] <= chosen[-1] < len(self.options):
            raise ValueError("There is no such option")
        if len(chosen) > 1 and not self.asked["allows_multiple_answers"]:
            raise ValueError("Only one option can be chosen")
        before = self.votes.get(voter, [])
        if before == chosen:
            return False
        if before and not self.asked["allows_revoting"]:
            raise ValueError("A vote in this poll is final")
        self.votes = {other: own for other, own in self.votes.items() if other != voter}
        if chosen:
            self.votes[voter] = chosen
        return True

    def to_json(self) -> dict[str, Any]:
        """As the one who asked sees it: the Bot API's Poll."""
        chosen = Counter(number for own in self.votes.values() for number in own)
        # What is closed says no more when it would have closed.
        asked = {name: value for name, value in self.asked.items() if not (self.is_closed and name in _TIMES)}
        return {
            "id": self.id,
            "options": [
                {**option, "voter_count": chosen[number]} for number, option in enumerate(self.options)
            ],
            "total_voter_count": len(self.votes),
            "is_closed": self.is_closed,
            **asked,
            **self.solution,
        }


def as_seen_by(person_id: int, message: dict[str, Any]) -> dict[str, Any]:
    """A watcher's message, with no more of its poll than this person may see.

    Who has not voted sees neither counts nor the solution until the poll closes; and of an anonymous poll
    all see only their own vote.
    """
    if "reply_to_message" in message:
        message = {**message, "reply_to_message": as_seen_by(person_id, message["reply_to_message"])}
    if "poll" not in message:
        return message
    poll, votes = message["poll"], message.get("votes", {})
    own = {voter: chosen for voter, chosen in votes.items() if voter == str(person_id)}
    if not own and not poll["is_closed"]:
        options = [{**option, "voter_count": 0} for option in poll["options"]]
        poll = {name: value for name, value in poll.items() if name not in _SOLUTION} | {"options": options}
    return {**message, "poll": poll, "votes": own if poll["is_anonymous"] else votes}
