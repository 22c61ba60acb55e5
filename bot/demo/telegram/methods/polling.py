"""Answer the methods that send polls and stop them."""

import time
from typing import Any

from bot.demo.telegram.chats import new_long_id
from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.methods.content import formatted_text
from bot.demo.telegram.methods.markup import keyboard_for_edit
from bot.demo.telegram.methods.sending import open_chat, sent
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.poll import Poll
from bot.demo.telegram.world import World

MAX_QUESTION = 300
MAX_OPTION = 100
MAX_OPTIONS = 12
MAX_EXPLANATION = 200
MAX_EXPLANATION_BREAKS = 2
SHORTEST, LONGEST = 5, 2_628_000  # seconds that a poll may be open

Fields = dict[str, Any]


async def send_poll(world: World, given: Parameters) -> Fields:
    chat = open_chat(world, given)
    kind = given.text("type") or "regular"
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    asked = {
        **_words(world, given, "question", MAX_QUESTION, "poll question length must not exceed"),
        "type": kind,
        "is_anonymous": _flag(given, "is_anonymous", default=True),
        "allows_multiple_answers": given.flag("allows_multiple_answers"),
        "allows_revoting": _flag(given, "allows_revoting", default=kind != "quiz"),
        "members_only": False,
        **_times(given),
    }
    options = _options(world, given)
    solution = _solution(world, given, len(options)) if kind == "quiz" else {}
    poll = Poll(new_long_id(), asked, options, solution, is_closed=given.flag("is_closed"))
    return sent(world, given, chat, {}, poll=poll)


async def stop_poll(world: World, given: Parameters) -> Fields:
    """Like any other edit, it takes the keyboard away where it names none."""
    chat = world.chat_for_bot(given.chat_id())
    message = chat.messages.get(given.integer("message_id") or 0)
    if message is None:
        raise bad_request("message with poll to stop not found")
    if message.poll is None and "poll" not in message.content:
        raise bad_request("message is not a poll")
    if message.poll is None or message.sender is not world.bot:
        raise bad_request("poll can't be stopped")
    if message.poll.is_closed:
        raise bad_request("poll has already been closed")
    message.keyboard = keyboard_for_edit(given)
    world.polls.close(message)
    return message.poll.to_json()


def _words(world: World, given: Parameters, name: str, most: int, refusal: str) -> Fields:
    said = formatted_text(
        world, given.text(name), given.text(f"{name}_parse_mode"), given.parsed(f"{name}_entities")
    )
    if not said.text:
        raise bad_request("text must be non-empty")
    if len(said.text) > most:
        raise bad_request(f"{refusal} {most}")
    return {name: said.text}  # in questions and options no other entities are kept than custom emoji


def _options(world: World, given: Parameters) -> list[Fields]:
    listed = given.parsed("options")
    if not isinstance(listed, list):
        raise bad_request("expected an Array of String as options")
    if not listed:
        raise bad_request("poll must have at least one answer option")
    if len(listed) > MAX_OPTIONS:
        raise bad_request(f"poll can't have more than {MAX_OPTIONS} options")
    return [
        {"persistent_id": str(number), "text": _option(world, described)}
        for number, described in enumerate(listed)
    ]


def _option(world: World, described: Any) -> str:
    if isinstance(described, str):
        described = {"text": described}
    if not isinstance(described, dict) or not isinstance(described.get("text"), str):
        raise bad_request("expected an option to be of type String")
    mode, entities = described.get("text_parse_mode") or "", described.get("text_entities")
    text = formatted_text(world, described["text"], mode, entities).text
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > MAX_OPTION:
        raise bad_request(f"poll options length must not exceed {MAX_OPTION}")
    return text


def _solution(world: World, given: Parameters, option_count: int) -> Fields:
    """What only the bot knows until somebody has answered."""
    correct = given.parsed("correct_option_ids")
    if correct is None:
        only = given.integer("correct_option_id")
        correct = [] if only is None else [only]
    if not isinstance(correct, list):
        raise bad_request("expected an Array of correct option identifiers")
    if not correct:
        raise bad_request("correct quiz option list must be non-empty")
    if not all(isinstance(number, int) for number in correct):
        raise bad_request("correct option identifier must be of type Number")
    if correct != sorted(set(correct)):
        raise bad_request("correct quiz option list must be increasing")
    if not 0 <= correct[0] <= correct[-1] < option_count:
        raise bad_request("wrong quiz correct_option_id")
    solution: Fields = {"correct_option_ids": correct}
    if len(correct) == 1:
        solution["correct_option_id"] = correct[0]
    said = formatted_text(
        world,
        given.text("explanation"),
        given.text("explanation_parse_mode"),
        given.parsed("explanation_entities"),
    )
    if len(said.text) > MAX_EXPLANATION or said.text.count("\n") > MAX_EXPLANATION_BREAKS:
        raise bad_request("message caption is too long")
    if said.text:
        solution |= {"explanation": said.text, "explanation_entities": said.entities}
    return solution


def _times(given: Parameters) -> Fields:
    """When it closes by itself; of two wishes the period counts."""
    now = int(time.time())
    period = given.integer("open_period")
    close_date = given.integer("close_date")
    if not period and not close_date:
        return {}
    period = period or (close_date or 0) - now
    if not SHORTEST <= period <= LONGEST:
        raise bad_request("POLL_CLOSE_DATE_INVALID")
    return {"open_period": period, "close_date": now + period}


def _flag(given: Parameters, name: str, *, default: bool) -> bool:
    return given.flag(name) if given.text(name) else default


METHODS = {"sendPoll": send_poll, "stopPoll": stop_poll}
