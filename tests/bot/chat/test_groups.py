"""In groups: spoken to by commands and replies, fun for all, and otherwise silent."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat, Person
from bot.demo.telegram.emulator import Emulator
from storage import Database, Jobs, SessionKey, Sessions, State
from tests.bot.chat.conftest import Restart, done, result
from tests.kit.easel import Easel, colour_of, halves, is_near
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, YELLOW, picture
from tests.kit.waiting import until

BLUE_AND_GREEN = (0, 64, 127)  # as the easel mixes two styles


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person])


@pytest.fixture
def forum(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_supergroup("Forum", [ann.person, ben.person], forum=True)


async def ask(user: Actor, chat: Chat, colour: str = "red", **where: Any) -> SeenMessage:
    """Somebody's photo, /style in reply; returns the bot's question."""
    photo = await user.send_photo(picture(colour), chat=chat, **where)
    command = await user.send_text("/style", chat=chat, reply_to=photo, **where)
    return await answer(user, command, chat)


async def answer(user: Actor, to: SeenMessage, chat: Chat, **like: Any) -> SeenMessage:
    """What the bot says in reply to this message, among all that it says in the group."""
    return await user.expect(chat=chat, where=lambda seen: seen.reply_to_id == to.id, **like)


async def paint(
    user: Actor, chat: Chat, jobs: Jobs, content: str = "red", style: str = "blue"
) -> SeenMessage:
    question = await ask(user, chat, content)
    await user.send_photo(picture(style), chat=chat, reply_to=question)
    await user.expect(text="How strong", photo=True, chat=chat)
    before = len(await jobs.history(user.id))
    await user.tap("Light", chat=chat)
    shown = await user.expect(photo=True, buttons=["Another style"], chat=chat)
    await done(jobs, user, before + 1)
    return shown


async def equals(count: Callable[[], Awaitable[int]], wanted: int) -> bool:
    return await count() == wanted


async def test_style_in_reply_to_a_photo_then_a_photo_in_reply_to_the_question(
    ann: Actor, ben: Actor, friends: Chat
) -> None:
    photo = await ben.send_photo(picture("red"), chat=friends)
    command = await ann.send_text("/style", chat=friends, reply_to=photo)
    question = await ann.expect(text="reply to this message with the style", chat=friends)
    assert question.reply_to_id == command.id
    assert question.json["caption_entities"][0] == {"type": "text_mention", "offset": 0, "length": 3} | {
        "user": ann.person.to_json()
    }
    style = await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    prompt = await ann.expect(text="How strong", photo=True, chat=friends)
    assert prompt.reply_to_id == style.id
    await ann.tap("Strong", chat=friends)
    shown = await result(ann, RED, BLUE, friends)
    assert "Ann" in shown.text


async def test_style_under_a_photo(ann: Actor, friends: Chat) -> None:
    await ann.send_photo(picture("red"), "/style", chat=friends)
    question = await ann.expect(text="reply to this message with the style", chat=friends)
    await ann.send_document(picture("blue", kind="PNG"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)


async def test_style_under_a_file_addressed_by_name(ann: Actor, friends: Chat) -> None:
    await ann.send_document(picture("red", kind="PNG"), "/style@Stylegram_bot please", chat=friends)
    await ann.expect(text="reply to this message with the style", chat=friends)


async def test_style_under_a_photo_in_reply_to_a_photo_has_both(
    ann: Actor, ben: Actor, friends: Chat
) -> None:
    photo = await ben.send_photo(picture("red"), chat=friends)
    await ann.send_photo(picture("blue"), "/style", chat=friends, reply_to=photo)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)


async def test_an_album_under_style_where_the_bot_sees_everything(ann: Actor, friends: Chat) -> None:
    ann.promote_bot(friends)
    await ann.send_album([picture("red"), picture("blue")], "/style", chat=friends)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.expect_silence(1, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)


@pytest.mark.parametrize("under", [1, 2, 3])
async def test_an_album_under_style_wherever_in_it_the_command_stands(
    api: Emulator, ann: Actor, friends: Chat, under: int
) -> None:
    ann.promote_bot(friends)
    colours = ("red", "blue", "green")
    photos = [(await ann.send_photo(picture(colour))).json["photo"] for colour in colours]
    command = {"caption": "/style", "caption_entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
    for number, photo in enumerate(photos, 1):
        content = {"photo": photo} | (command if number == under else {})
        api.world.post(friends, ann.person, content, extra={"media_group_id": "7"})
    await ann.expect(text="2 styles", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE_AND_GREEN, friends)


async def test_an_album_of_which_the_command_comes_first(api: Emulator, ann: Actor, friends: Chat) -> None:
    ann.promote_bot(friends)
    await ann.send_text("/help", chat=friends)
    await ann.expect(text="/remix", chat=friends)
    photos = [(await ann.send_photo(picture(colour))).json["photo"] for colour in ("red", "blue")]
    await ann.expect(text="How strong")
    command = {"caption": "/style", "caption_entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
    album = {"media_group_id": "7"}
    api.faults.reorder_updates(2)
    api.world.post(friends, ann.person, {"photo": photos[0]}, extra=album)
    api.world.post(friends, ann.person, {"photo": photos[1]} | command, extra=album)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)


async def test_anybodys_picture_in_reply_to_the_question_is_the_style(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, restart: Restart
) -> None:
    question = await ask(ann, friends)
    await restart()
    style = await ben.send_photo(picture("blue"), chat=friends, reply_to=question)
    prompt = await ann.expect(text="How strong", photo=True, chat=friends)
    assert prompt.reply_to_id == style.id
    assert "Only the person" in await ben.tap("Light", chat=friends)
    await ben.send_photo(picture("green"), chat=friends, reply_to=prompt)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    shown = await result(ann, RED, GREEN, friends)
    assert shown.text.startswith("Ann")
    assert [job.user_id for job in await jobs.latest(None, None, 9)] == [ann.id]


async def test_a_friends_picture_in_reply_to_a_copy_of_the_question_that_was_not_noted(
    ann: Actor, ben: Actor, friends: Chat, sessions: Sessions
) -> None:
    question = await ask(ann, friends)
    session = await sessions.get(SessionKey(friends.id, 0, ann.id))
    assert session is not None
    await sessions.put(replace(session, question_message_id=None))
    await ben.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)


async def test_a_sticker_in_reply_to_the_question_is_the_style_and_elsewhere_talk(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs
) -> None:
    blue = picture("blue", kind="WEBP", lossless=True)
    question = await ask(ann, friends)
    await ann.send_sticker(chat=friends, reply_to=question)
    await ann.expect(text="animated stickers", chat=friends)
    await ben.send_sticker(blue, chat=friends, reply_to=question)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    shown = await result(ann, RED, BLUE, friends)
    await done(jobs, ann)
    await ben.send_sticker(blue, chat=friends, reply_to=shown)
    await ann.expect_silence(0.3, chat=friends)
    await ann.send_text("/style", chat=friends, reply_to=await ben.send_sticker(blue, chat=friends))
    await ann.expect(text="with the style picture", chat=friends)


async def test_a_name_does_not_turn_the_text_round(api: Emulator, friends: Chat) -> None:
    eve = Actor.join(api.world, "\u202eeve\u2066")
    friends.members.append(eve.person)
    question = await ask(eve, friends)
    assert question.text.startswith("\u2068eve\u2069, reply")
    await eve.send_photo(picture("blue"), chat=friends, reply_to=question)
    await eve.expect(text="How strong", chat=friends)
    await eve.tap("Light", chat=friends)
    assert (await result(eve, RED, BLUE, friends)).text.startswith("\u2068eve\u2069, here it is")


async def test_an_album_under_style_of_which_the_bot_sees_one(ann: Actor, friends: Chat) -> None:
    await ann.send_album([picture("red"), picture("blue")], "/style", chat=friends)
    await ann.expect(text="reply to this message with the style", chat=friends)


async def test_an_album_in_reply_to_the_question_gives_all_its_styles(ann: Actor, friends: Chat) -> None:
    question = await ask(ann, friends)
    await ann.send_album([picture("blue"), picture("green")], chat=friends, reply_to=question)
    await ann.expect(text="2 styles", photo=True, chat=friends)
    await ann.expect_silence(chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE_AND_GREEN, friends)


async def test_style_with_no_photo_explains_itself(ann: Actor, friends: Chat) -> None:
    await ann.send_text("/style", chat=friends)
    await ann.expect(text="Reply to a photo with /style", chat=friends)


async def test_a_photo_in_reply_while_choosing_is_another_style(ann: Actor, friends: Chat) -> None:
    question = await ask(ann, friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    prompt = await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.send_photo(picture("green"), chat=friends, reply_to=prompt)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, GREEN, friends)


async def test_the_last_style_once_more(ann: Actor, ben: Actor, friends: Chat, jobs: Jobs) -> None:
    await paint(ann, friends, jobs)
    question = await ask(ben, friends, "green")
    assert "♻️ Use the last style" in question.buttons
    assert "Only the person" in await ann.tap("Use the last style", chat=friends)
    await ben.tap("Use the last style", chat=friends)
    await ben.expect(text="How strong", photo=True, chat=friends)
    await ben.tap("Wild", chat=friends)
    await result(ben, GREEN, BLUE, friends)


async def test_remix_paints_the_last_result_in_the_style_of_the_photo_replied_to(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    shown = await paint(ann, friends, jobs)
    photo = await ben.send_photo(picture("green"), chat=friends)
    command = await ben.send_text("/remix", chat=friends, reply_to=photo)
    await answer(ben, command, friends, photo=True, buttons=["Another style"])
    assert easel.begun[-1].content == shown.photo_bytes()
    assert is_near(colour_of(easel.begun[-1].styles[0]), GREEN)


async def test_remix_before_anything_was_painted_says_so(ann: Actor, friends: Chat) -> None:
    await ann.send_text("/remix", chat=friends)
    await ann.expect(text="haven't painted anything here yet", chat=friends)


async def test_buttons_obey_only_who_asked(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    question = await ask(ann, friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    for button in ("Light", "Keep colours", "Cancel"):
        assert "Only the person" in await ben.tap(button, chat=friends)
    easel.hold()
    await ann.tap("Light", chat=friends)
    await ann.expect(text="Painting", chat=friends)
    assert "Only the person" in await ben.tap("Cancel", chat=friends)
    easel.go_on()
    await result(ann, RED, BLUE, friends)
    await done(jobs, ann)
    for button in ("Another style", "Photo's colours", "More…"):
        assert "Only the person" in await ben.tap(button, chat=friends)
    await ben.expect(photo=True, buttons=["Another style"], chat=friends)
    await ben.expect_silence(chat=friends)


async def test_two_people_ask_at_once(ann: Actor, ben: Actor, friends: Chat) -> None:
    for_ann, for_ben = await ask(ann, friends, "red"), await ask(ben, friends, "green")
    his = await ben.send_photo(picture("yellow"), chat=friends, reply_to=for_ben)
    hers = await ann.send_photo(picture("blue"), chat=friends, reply_to=for_ann)
    ann_chooses = await answer(ann, hers, friends, text="How strong")
    ben_chooses = await answer(ben, his, friends, text="How strong")
    assert "Only the person" in await ann.tap("Light", chat=friends, message=ben_chooses)
    await ann.tap("Light", chat=friends, message=ann_chooses)
    await ben.tap("Light", chat=friends, message=ben_chooses)
    shown = await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    assert is_near(halves(shown.photo_bytes())[1], BLUE)
    shown = await ben.expect(text="Ben, here it is", photo=True, chat=friends)
    assert is_near(halves(shown.photo_bytes())[1], YELLOW)


async def test_talk_is_left_to_the_people(ann: Actor, ben: Actor, friends: Chat, jobs: Jobs) -> None:
    shown = await paint(ann, friends, jobs)
    ann.promote_bot(friends)
    await ben.expect(photo=True, buttons=["Another style"], chat=friends)
    await ben.send_text("wow", chat=friends, reply_to=shown)
    await ben.send_sticker(chat=friends, reply_to=shown)
    await ben.send_text("look at this", chat=friends)
    await ben.send_photo(picture("green"), chat=friends)
    await ben.send_video(chat=friends)
    await ben.send_text("/unknown", chat=friends)
    await ben.send_text("/style@another_bot", chat=friends)
    await ben.expect_silence(chat=friends)


async def test_words_in_answer_to_the_question_are_asked_again(ann: Actor, friends: Chat) -> None:
    question = await ask(ann, friends)
    await ann.send_text("a Monet please", chat=friends, reply_to=question)
    await ann.expect(text="reply to this message with the style", chat=friends)


async def test_topics_are_kept_apart(ann: Actor, forum: Chat) -> None:
    cats, dogs = ann.create_topic(forum, "Cats"), ann.create_topic(forum, "Dogs")
    about_cats = await ask(ann, forum, "red", thread=cats)
    about_dogs = await ask(ann, forum, "green", thread=dogs)
    assert (about_cats.thread, about_dogs.thread) == (cats, dogs)
    await ann.send_photo(picture("blue"), chat=forum, thread=cats, reply_to=about_cats)
    await ann.expect(text="How strong", chat=forum, thread=cats)
    await ann.tap("Light", chat=forum)
    shown = await result(ann, RED, BLUE, forum)
    assert shown.thread == cats
    await ann.send_photo(picture("yellow"), chat=forum, thread=dogs, reply_to=about_dogs)
    await ann.expect(text="How strong", chat=forum, thread=dogs)
    await ann.tap("Light", chat=forum)
    shown = await result(ann, GREEN, YELLOW, forum)
    assert shown.thread == dogs


async def test_a_last_style_is_that_of_the_topic(ann: Actor, forum: Chat, jobs: Jobs) -> None:
    cats, dogs = ann.create_topic(forum, "Cats"), ann.create_topic(forum, "Dogs")
    question = await ask(ann, forum, "red", thread=cats)
    await ann.send_photo(picture("blue"), chat=forum, thread=cats, reply_to=question)
    await ann.expect(text="How strong", chat=forum)
    await ann.tap("Light", chat=forum)
    await result(ann, RED, BLUE, forum)
    await done(jobs, ann)
    assert "♻️ Use the last style" not in (await ask(ann, forum, thread=dogs)).buttons
    assert "♻️ Use the last style" in (await ask(ann, forum, thread=cats)).buttons


async def test_a_group_that_becomes_a_supergroup_keeps_the_request(
    api: Emulator, ann: Actor, ben: Actor, sessions: Sessions
) -> None:
    small = api.world.add_group("Small", [ann.person, ben.person])
    await ask(ann, small)
    big = ann.upgrade(small)
    await ann.send_text("/style", chat=big)
    question = await ann.expect(text="reply to this message with the style", chat=big)
    await ann.send_photo(picture("blue"), chat=big, reply_to=question)
    await ann.expect(text="How strong", chat=big)
    await ann.tap("Light", chat=big)
    await result(ann, RED, BLUE, big)
    assert await sessions.get(SessionKey(small.id, 0, ann.id)) is None


async def test_a_move_while_painting_brings_the_result_along(
    api: Emulator, ann: Actor, ben: Actor, easel: Easel
) -> None:
    small = api.world.add_group("Small", [ann.person, ben.person])
    question = await ask(ann, small)
    await ann.send_photo(picture("blue"), chat=small, reply_to=question)
    await ann.expect(text="How strong", chat=small)
    easel.hold()
    await ann.tap("Light", chat=small)
    await ann.expect(text="Painting", chat=small)
    big = ann.upgrade(small)
    easel.go_on()
    await result(ann, RED, BLUE, big)


async def test_a_bot_removed_from_a_group_stops_its_work_there(
    ann: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    question = await ask(ann, friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    easel.hold()
    await ann.tap("Light", chat=friends)
    await ann.expect(text="Painting", chat=friends)
    ann.remove_bot(friends)

    async def stopped() -> bool:
        return len(await jobs.latest(State.CANCELLED, ann.id, 1)) == 1

    await until(stopped)
    easel.go_on()
    await ann.expect_silence(chat=friends)


async def test_a_bot_removed_from_a_group_forgets_its_photos(
    ann: Actor, ben: Actor, friends: Chat, shared: Database
) -> None:
    ann.promote_bot(friends)
    await ben.send_album([picture("red"), picture("blue")], chat=friends)

    async def photos() -> int:
        tables = "(SELECT chat_id FROM last_photos UNION ALL SELECT chat_id FROM album_pictures)"
        return int((await shared.read(f"SELECT count(*) FROM {tables}"))[0][0])  # noqa: S608

    await until(lambda: equals(photos, 3))
    ann.remove_bot(friends)
    await until(lambda: equals(photos, 0))


async def test_who_speaks_as_the_group_is_told_why_that_cannot_work(
    api: Emulator, ann: Actor, friends: Chat
) -> None:
    """A masked administrator writes in the name of the group, by way of a bot of Telegram's."""
    await ann.expect(text="Hello!", chat=friends)
    masked = Person(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
    command = {"text": "/style", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
    api.world.post(friends, masked, command, extra={"sender_chat": friends.to_json()})
    await ann.expect(text="write as yourself", chat=friends)
    api.world.post(
        friends, masked, command, extra={"sender_chat": friends.to_json(), "is_automatic_forward": True}
    )
    await ann.expect_silence(chat=friends)


async def test_what_is_private_is_answered_in_private(ann: Actor, friends: Chat) -> None:
    for command in ("history", "settings", "forget"):
        await ann.send_text(f"/{command}", chat=friends)
        said = await ann.expect(text="between the two of us", chat=friends)
        [[button]] = said.json["reply_markup"]["inline_keyboard"]
        assert button["url"] == f"https://t.me/stylegram_bot?start={command}"


async def test_help_status_and_cancel(ann: Actor, friends: Chat) -> None:
    await ann.send_text("/help", chat=friends)
    await ann.expect(text="/remix", chat=friends)
    await ann.send_text("/status", chat=friends)
    await ann.expect(text="I'm not painting anything for you right now.", chat=friends)
    await ask(ann, friends)
    await ann.send_text("/cancel", chat=friends)
    await ann.expect(text="Cancelled", chat=friends)


async def test_a_restart_between_question_and_reply_is_not_noticed(
    ann: Actor, friends: Chat, restart: Restart
) -> None:
    question = await ask(ann, friends)
    await restart()
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await restart()
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)


async def test_a_result_of_a_group_is_in_the_history_and_goes_on_in_private(
    ann: Actor, friends: Chat, jobs: Jobs
) -> None:
    await ann.send_text("/start")
    await ann.expect()
    await paint(ann, friends, jobs)
    await ann.send_text("/history")
    await ann.expect(text="Your last results")
    await ann.tap("1")
    await result(ann, RED, BLUE)
    await ann.tap_more("As a file")
    await ann.expect(document=True)
    await ann.tap("Strong")
    await result(ann, RED, BLUE)
