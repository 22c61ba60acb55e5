"""Polls: what the bot may ask, who may vote how often, who is told of it, and when they close."""

import time
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputPollOption, Poll, Update
from telegram.error import BadRequest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor


@pytest.fixture
def ann(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ann")


@pytest.fixture
def bob(api: Emulator) -> Actor:
    return Actor.join(api.world, "Bob")


@pytest.fixture
async def friends(api: Emulator, bot: Bot, ann: Actor, bob: Actor) -> Chat:
    friends = api.world.add_group("Friends", [ann.person, bob.person])
    await forget_updates(bot)
    return friends


async def forget_updates(bot: Bot) -> None:
    await bot.get_updates(offset=(await bot.get_updates())[-1].update_id + 1, timeout=0)


async def told(bot: Bot) -> list[Update]:
    """What has happened since this was last asked."""
    updates = list(await bot.get_updates())
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
    return updates


async def send_quiz(bot: Bot, chat: Chat, **how: Any) -> None:
    how = {"is_anonymous": False, "explanation": "It swirls", **how}
    await bot.send_poll(
        chat.id, "Who painted it?", ["Monet", "Van Gogh"], type=Poll.QUIZ, correct_option_ids=[1], **how
    )


async def test_a_poll_is_asked_and_answered(bot: Bot, ann: Actor, bob: Actor, friends: Chat) -> None:
    options = [InputPollOption("<b>Red</b>", text_parse_mode="HTML"), "Blue"]
    sent = await bot.send_poll(friends.id, "Which?", options, is_anonymous=False)
    assert (sent.poll.question, [option.text for option in sent.poll.options]) == ("Which?", ["Red", "Blue"])
    assert (sent.poll.type, sent.poll.is_closed, sent.poll.is_anonymous) == ("regular", False, False)
    asked = await ann.expect(chat=friends, where=lambda message: message.poll is not None)
    voted = await ann.vote(asked, "Blue")
    assert voted.poll.counts == {"Red": 0, "Blue": 1}
    answer, poll = await told(bot)
    assert (answer.poll_answer.poll_id, answer.poll_answer.user.id) == (sent.poll.id, ann.id)
    assert answer.poll_answer.option_ids == (1,)
    assert [option.voter_count for option in poll.poll.options] == [0, 1]
    await bob.vote(asked, 0)
    assert len(await told(bot)) == 2


async def test_a_vote_can_be_changed_and_taken_back(bot: Bot, ann: Actor, friends: Chat) -> None:
    await bot.send_poll(friends.id, "Which?", ["Red", "Blue"], is_anonymous=False)
    asked = await ann.expect(chat=friends)
    for options in ([0], [1], [1], []):
        await ann.vote(asked, *options)
    answers = [update.poll_answer for update in await told(bot) if update.poll_answer]
    assert [answer.option_ids for answer in answers] == [(0,), (1,), ()]
    await ann.expect_silence(0, chat=friends)  # votes are nothing the bot says


async def test_several_options_can_be_chosen_where_that_is_allowed(
    bot: Bot, ann: Actor, friends: Chat
) -> None:
    await bot.send_poll(friends.id, "Which?", ["Red", "Blue", "Green"], allows_multiple_answers=True)
    voted = await ann.vote(await ann.expect(chat=friends), "Green", "Red")
    assert (voted.poll.counts, voted.poll.voter_count) == ({"Red": 1, "Blue": 0, "Green": 1}, 1)
    await bot.send_poll(friends.id, "Which?", ["Red", "Blue"])
    single = await ann.expect(chat=friends)
    with pytest.raises(ValueError, match="Only one option"):
        await ann.vote(single, 0, 1)
    with pytest.raises(ValueError, match="no such option"):
        await ann.vote(single, 2)


async def test_of_anonymous_polls_the_bot_hears_the_counts_only(
    bot: Bot, ann: Actor, bob: Actor, friends: Chat
) -> None:
    await bot.send_poll(friends.id, "Which?", ["Red", "Blue"])
    asked = await ann.expect(chat=friends)
    await ann.vote(asked, 0)
    [update] = await told(bot)
    assert update.poll.total_voter_count == 1
    voted = await bob.vote(asked, 0)
    assert voted.json["votes"] == {str(bob.id): [0]}


async def test_a_quiz_is_answered_once_and_shows_the_answer_then(
    bot: Bot, ann: Actor, bob: Actor, friends: Chat
) -> None:
    await send_quiz(bot, friends)
    asked = await ann.expect(chat=friends)
    assert (asked.poll.is_quiz, asked.poll.correct, asked.poll.explanation) == (True, None, None)
    answered = await ann.vote(asked, "Monet")
    assert (answered.poll.correct, answered.poll.explanation) == ("Van Gogh", "It swirls")
    for options in ([1], []):
        with pytest.raises(ValueError, match="final"):
            await ann.vote(asked, *options)
    quoting = await bob.send_text("Hm", chat=friends, reply_to=asked)
    assert "correct_option_ids" not in quoting.json["reply_to_message"]["poll"]
    unanswered = bob.seen(bob.message(asked).to_watchers()).poll
    assert (unanswered.correct, unanswered.counts) == (None, {"Monet": 0, "Van Gogh": 0})
    [heard] = [update.poll for update in await told(bot) if update.poll]
    assert heard.correct_option_ids == (1,)


async def test_a_stopped_poll_takes_no_votes(bot: Bot, ann: Actor, bob: Actor, friends: Chat) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Press", callback_data="x")]])
    sent = await bot.send_poll(
        friends.id, "Which?", ["Red", "Blue"], reply_markup=keyboard, open_period=60, is_anonymous=False
    )
    asked = await ann.expect(chat=friends, buttons=["Press"])
    await ann.vote(asked, 1)
    await told(bot)
    stopped = await bot.stop_poll(friends.id, sent.message_id)
    assert (stopped.is_closed, stopped.total_voter_count, stopped.close_date) == (True, 1, None)
    seen = await bob.expect(chat=friends, buttons=[], where=lambda message: message.poll.is_closed)
    assert seen.poll.counts == {"Red": 0, "Blue": 1}
    [update] = await told(bot)
    assert update.poll == stopped
    with pytest.raises(ValueError, match="closed"):
        await bob.vote(asked, 1)
    with pytest.raises(BadRequest, match="Poll has already been closed"):
        await bot.stop_poll(friends.id, sent.message_id)


async def test_only_the_bots_own_polls_can_be_stopped(bot: Bot, ann: Actor, friends: Chat) -> None:
    text = await bot.send_message(friends.id, "hello")
    foreign = await ann.send_poll("Which?", ["Red", "Blue"], chat=friends)
    for message_id, refusal in (
        (999, "Message with poll to stop not found"),
        (text.message_id, "Message is not a poll"),
        (foreign.id, "Poll can't be stopped"),
    ):
        with pytest.raises(BadRequest, match=refusal):
            await bot.stop_poll(friends.id, message_id)


async def test_a_poll_closes_when_its_time_has_come(
    api: Emulator, bot: Bot, ann: Actor, friends: Chat
) -> None:
    await send_quiz(bot, friends, open_period=120)
    asked = await ann.expect(chat=friends)
    api.world.polls.let_time_pass(119)
    await ann.expect_silence(0, chat=friends)
    api.world.polls.let_time_pass(1)
    closed = await ann.expect(chat=friends)
    assert (closed.id, closed.poll.is_closed, closed.poll.correct) == (asked.id, True, "Van Gogh")
    [update] = await told(bot)
    assert update.poll.is_closed


async def test_the_clock_closes_it_too(api: Emulator, bot: Bot, ann: Actor, friends: Chat) -> None:
    await bot.send_poll(friends.id, "Later?", ["Yes", "No"], open_period=600)
    sent = await bot.send_poll(friends.id, "Which?", ["Red", "Blue"], close_date=int(time.time()) + 300)
    assert sent.poll.open_period
    api.world.polls.let_time_pass(298)
    closed = await ann.expect(chat=friends, where=lambda message: message.poll.is_closed)
    assert closed.id == sent.message_id


async def test_a_deleted_poll_does_not_close(api: Emulator, bot: Bot, friends: Chat) -> None:
    sent = await bot.send_poll(friends.id, "Which?", ["Red", "Blue"], open_period=60)
    await sent.delete()
    api.world.polls.let_time_pass(100)
    assert await told(bot) == []


async def test_nobody_else_votes(api: Emulator, bot: Bot, ann: Actor, friends: Chat) -> None:
    await bot.send_poll(friends.id, "Which?", ["Red", "Blue"])
    asked = await ann.expect(chat=friends)
    with pytest.raises(ValueError, match="Eve is not in Friends"):
        await Actor.join(api.world, "Eve").vote(asked, 0)
    said = await ann.send_text("no poll", chat=friends)
    with pytest.raises(ValueError, match="no poll to vote in"):
        await ann.vote(said, 0)
    ann.upgrade(friends)
    with pytest.raises(ValueError, match="is a supergroup now"):
        await ann.vote(asked, 0)


async def test_the_bot_hears_what_it_asked_for(bot: Bot, ann: Actor, friends: Chat) -> None:
    await bot.get_updates(allowed_updates=["poll_answer"])
    await bot.send_poll(friends.id, "Which?", ["Red", "Blue"], is_anonymous=False)
    await ann.vote(await ann.expect(chat=friends), 0)
    [update] = await told(bot)
    assert update.poll_answer


async def test_a_poll_is_sent_like_any_message(api: Emulator, bot: Bot, ann: Actor) -> None:
    forum = api.world.add_supergroup("Forum", [ann.person], forum=True)
    topic = ann.create_topic(forum, "Games")
    said = await ann.send_text("/duel", chat=forum, thread=topic)
    sent = await bot.send_poll(
        forum.id, "Which?", ["Red"], message_thread_id=topic, reply_to_message_id=said.id, is_closed=True
    )
    assert (sent.message_thread_id, sent.reply_to_message.message_id) == (topic, said.id)
    assert sent.poll.is_closed
    copied = await bot.copy_message(forum.id, forum.id, sent.message_id)
    assert ann.world.chats[forum.id].messages[copied.message_id].poll.id != sent.poll.id
    with pytest.raises(BadRequest, match="no caption in the message"):
        await bot.edit_message_caption(forum.id, sent.message_id, caption="x")


async def test_a_group_may_forbid_polls(bot: Bot, ann: Actor, friends: Chat) -> None:
    ann.forbid(friends, "poll")
    with pytest.raises(BadRequest, match="Not enough rights to send polls to the chat"):
        await bot.send_poll(friends.id, "Which?", ["Red", "Blue"])
    permissions = (await bot.get_chat(friends.id)).permissions
    assert (permissions.can_send_polls, permissions.can_send_other_messages) == (False, True)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"question": ""}, "Text must be non-empty"),
        ({"question": "x" * 301}, "Poll question length must not exceed 300"),
        ({"options": []}, "Poll must have at least one answer option"),
        ({"options": ["x"] * 13}, "Poll can't have more than 12 options"),
        ({"options": ["x", ""]}, "Text must be non-empty"),
        ({"options": ["x", "y" * 101]}, "Poll options length must not exceed 100"),
        ({"options": ["x", 5]}, "Expected an option to be of type String"),
        ({"type": "riddle"}, "Unsupported poll type specified"),
        ({"type": "quiz"}, "Correct quiz option list must be non-empty"),
        ({"type": "quiz", "correct_option_ids": [2]}, "Wrong quiz correct_option_id"),
        ({"type": "quiz", "correct_option_ids": [1, 0]}, "Correct quiz option list must be increasing"),
        ({"type": "quiz", "correct_option_ids": [0], "explanation": "x" * 201}, "too long"),
        ({"open_period": 4}, "POLL_CLOSE_DATE_INVALID"),
        ({"open_period": 2_628_001}, "POLL_CLOSE_DATE_INVALID"),
        ({"close_date": 1}, "POLL_CLOSE_DATE_INVALID"),
    ],
)
async def test_polls_have_limits(bot: Bot, friends: Chat, wrong: dict[str, Any], refusal: str) -> None:
    asked = {"question": "Which?", "options": ["Red", "Blue"], **wrong}
    with pytest.raises(BadRequest, match=f"(?i){refusal}"):
        await bot.send_poll(friends.id, **asked)
