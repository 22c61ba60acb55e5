"""How the bot behaves among others: few messages, reactions instead of words, and no silence at the end."""

from typing import Any

import pytest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.studio import attempt
from storage import Jobs
from tests.bot.chat.conftest import Restart, done, result
from tests.bot.chat.test_groups import ask, paint
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture
from tests.kit.waiting import until

MOST = 3  # messages of the bot's for one painting


@pytest.fixture(params=["group", "topic"])
def place(request: pytest.FixtureRequest, api: Emulator, ann: Actor, ben: Actor) -> tuple[Chat, int | None]:
    if request.param == "group":
        return api.world.add_supergroup("Friends", [ann.person, ben.person]), None
    forum = api.world.add_supergroup("Forum", [ann.person, ben.person], forum=True)
    return forum, ann.create_topic(forum, "Cats")


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person])


def said_by_the_bot(api: Emulator, chat: Chat) -> int:
    """How many messages it has sent there in all, those included that it took back."""
    events = api.world.journal.after(0)
    sent = [event for event in events if event.kind == "message" and event.chat_id == chat.id]
    return sum(event.data["from"]["is_bot"] for event in sent)


@pytest.mark.parametrize("is_slow", [False, True])
@pytest.mark.parametrize("way", ["a gallery tap", "a name", "a picture", "remix", "remix asked", "mine"])
async def test_a_painting_takes_at_most_three_messages(
    api: Emulator,
    ann: Actor,
    ben: Actor,
    place: tuple[Chat, int | None],
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    is_slow: bool,
) -> None:
    chat, thread = place
    where: dict[str, Any] = {"chat": chat} if thread is None else {"chat": chat, "thread": thread}
    await ann.expect(text="Hello!", chat=chat)
    monkeypatch.setattr(attempt, "LOOKED_AWAY", 0 if is_slow else 60)  # which results ring
    if "remix" in way or way == "mine":
        await ann.send_photo(picture("red"), "/style great wave", **where)
        await ann.expect(photo=True, buttons=["Repaint mine"], chat=chat)
        await done(jobs, ann)
    before = said_by_the_bot(api, chat)
    match way:
        case "a gallery tap":
            await ann.send_photo(picture("red"), "/style", **where)
            await ann.expect(text="with the style picture", chat=chat)
            await ann.tap("2", chat=chat)
            await ann.expect(text="How strong", chat=chat)
            await ann.tap("Light", chat=chat)
        case "a name":
            await ann.send_photo(picture("red"), "/style Hokusai great wave", **where)
        case "a picture":
            question = await ask(
                ann, chat, **{name: value for name, value in where.items() if name != "chat"}
            )
            await ben.send_photo(picture("blue"), reply_to=question, **where)
            await ann.expect(text="How strong", chat=chat)
            await ann.tap("Light", chat=chat)
        case "remix":
            await ann.send_photo(picture("blue"), "/remix", **where)
        case "remix asked":
            await ann.send_text("/remix", **where)
            await ann.expect(text="with the style picture", chat=chat)
            await ann.tap("3", chat=chat)
            await ann.expect(text="How strong", chat=chat)
            await ann.tap("Light", chat=chat)
        case "mine":
            await ann.tap("Repaint mine", chat=chat)
            question = await ann.expect(text="with the photo to repaint", chat=chat)
            await ann.send_photo(picture("blue"), reply_to=question, **where)
            await ann.expect(text="How strong", chat=chat)
            await ann.tap("Light", chat=chat)
    shown = await ann.expect(photo=True, buttons=["Repaint mine"], chat=chat)
    assert shown.thread == thread or thread is None
    await done(jobs, ann, 2 if "remix" in way or way == "mine" else 1)
    assert said_by_the_bot(api, chat) - before <= MOST


async def test_reactions_to_the_command_say_begun_and_done(
    ann: Actor, ben: Actor, friends: Chat, easel: Easel, restart: Restart
) -> None:
    photo = await ben.send_photo(picture("red"), chat=friends)
    command = await ann.send_text("/style", chat=friends, reply_to=photo)
    question = await ann.expect(text="with the style picture", chat=friends)
    await restart()
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    easel.hold()
    await ann.tap("Light", chat=friends)
    await ann.expect_reaction(command, "👀")
    easel.go_on()
    await result(ann, RED, BLUE, friends)
    await ann.expect_reaction(command, "🔥")


async def test_a_command_that_is_painted_at_once_has_them_too(
    ann: Actor, friends: Chat, easel: Easel
) -> None:
    easel.hold()
    command = await ann.send_photo(picture("red"), "/style great wave", chat=friends)
    await ann.expect_reaction(command, "👀")
    easel.go_on()
    await ann.expect_reaction(command, "🔥")


async def test_a_painting_that_was_cancelled_takes_its_reaction_back(
    ann: Actor, friends: Chat, easel: Easel
) -> None:
    easel.hold()
    command = await ann.send_photo(picture("red"), "/style great wave", chat=friends)
    await ann.expect_reaction(command, "👀")
    await ann.send_text("/cancel", chat=friends)
    await ann.expect(text="I stopped 1 picture", chat=friends)
    await ann.expect_reaction(command, None)


@pytest.mark.parametrize("emoji", ["", "👍"])
async def test_where_reactions_are_not_let_in_there_are_none_and_nothing_is_missed(
    api: Emulator, ann: Actor, friends: Chat, emoji: str
) -> None:
    ann.allow_reactions(friends, *filter(None, [emoji]))
    await ann.send_photo(picture("red"), "/style great wave", chat=friends)
    await ann.expect(photo=True, buttons=["Repaint mine"], chat=friends)
    assert not [event for event in api.world.journal.after(0) if event.kind == "reacted"]


async def test_in_a_private_chat_there_are_none(api: Emulator, ann: Actor, jobs: Jobs) -> None:
    await ann.send_photo(picture("red"), "/style great wave")
    await ann.expect(photo=True, buttons=["Another style"])
    await done(jobs, ann)
    assert not [event for event in api.world.journal.after(0) if event.kind == "reacted"]


@pytest.mark.parametrize("command", ["/style", "/style great wave", "/gallery"])
async def test_a_group_without_photos_is_told_so_by_the_first_command_and_once(
    ann: Actor, friends: Chat, command: str
) -> None:
    await ann.expect(text="Hello!", chat=friends)
    ann.forbid(friends, "photo")
    photo = await ann.send_photo(picture("red"), chat=friends)
    await ann.send_text(command, chat=friends, reply_to=photo)
    await ann.expect(
        text="not allowed to send photos here, so your picture will come as a file", chat=friends
    )
    await ann.send_text("/gallery", chat=friends)
    said = await ann.expect(text="Great Wave", chat=friends)
    assert "not allowed" not in said.text


async def test_a_group_with_neither_photos_nor_files_is_told_where_to_look(ann: Actor, friends: Chat) -> None:
    await ann.expect(text="Hello!", chat=friends)
    ann.forbid(friends, "photo", "document")
    await ann.send_photo(picture("red"), "/style", chat=friends)
    said = await ann.expect(text="to our private chat", chat=friends)
    assert said.buttons == ["Open our chat"]
    await ann.expect(text="with the style picture", photo=False, chat=friends)


async def test_an_administrator_may_send_what_members_may_not(ann: Actor, friends: Chat) -> None:
    ann.forbid(friends, "photo", "document")
    ann.promote_bot(friends)
    await ann.send_photo(picture("red"), "/style great wave", chat=friends)
    shown = await ann.expect(photo=True, buttons=["Repaint mine"], chat=friends)
    assert "may" not in shown.text


async def test_rights_that_are_withdrawn_between_the_question_and_the_tap(
    ann: Actor, friends: Chat, jobs: Jobs
) -> None:
    await ann.send_photo(picture("red"), "/style", chat=friends)
    await ann.expect(text="with the style picture", photo=True, chat=friends)
    ann.forbid(friends, "photo")
    await ann.tap("1", chat=friends)
    await ann.expect(text="How strong", photo=False, chat=friends)
    await ann.tap("Light", chat=friends)
    shown = await ann.expect(document=True, buttons=["Repaint mine"], chat=friends)
    await done(jobs, ann)
    await ann.tap("Repaint mine", chat=friends, message=shown)
    await ann.expect(text="with the photo to repaint", chat=friends)


async def test_cancel_says_what_works_in_a_group_and_takes_the_question_back(
    ann: Actor, friends: Chat
) -> None:
    question = await ask(ann, friends)
    await ann.send_text("/cancel", chat=friends)
    said = await ann.expect(text="Cancelled", chat=friends)
    assert "reply to a photo with /style" in said.text

    async def gone() -> bool:
        return question.id not in friends.messages

    await until(gone)
    await ask(ann, friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=await ask(ann, friends))
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Cancel", chat=friends)
    assert "reply to a photo with /style" in (await ann.expect(text="Cancelled", chat=friends)).text


async def test_a_friends_photo_in_the_same_style_while_the_first_still_waits(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    shown = await paint(ann, friends, jobs)
    easel.hold()
    await ann.send_photo(picture("yellow"), "/style great wave", chat=friends)
    await ann.expect(text="Painting", chat=friends)
    await ben.tap("Repaint mine", chat=friends, message=shown)
    question = await ben.expect(text="Ben, reply to this message", chat=friends)
    await ben.send_photo(picture("red"), chat=friends, reply_to=question)
    prompt = await ben.expect(text="How strong", chat=friends)
    await ben.tap("Light", chat=friends, message=prompt)
    easel.go_on()
    await done(jobs, ben)
    await done(jobs, ann, 2)
