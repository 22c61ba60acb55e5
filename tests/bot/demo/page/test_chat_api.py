"""What people do on the page, as its scripts ask for it."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx import AsyncClient
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
MB = 1 << 20


@pytest.fixture
def ben(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ben")


@pytest.fixture
def group(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_group("Weekend painters", [ann.person, ben.person])


def files(*contents: bytes, name: str = "picture.jpg", kind: str = "image/jpeg") -> list[Any]:
    return [("files", (name, content, kind)) for content in contents]


async def post(page: AsyncClient, user: Actor, chat: Chat | None = None, **what: Any) -> Any:
    """The messages sent, or the code of the refusal."""
    attached = what.pop("files", [("nothing", b"")])
    form = {"user": str(user.id), **what}
    chat_id = chat.id if chat else user.id
    answer = await page.post(f"/api/chats/{chat_id}/messages", data=form, files=attached)
    body = answer.json()
    if answer.status_code == 200:
        return body["messages"]
    assert body["message"].endswith(".")
    return body["error"]


async def test_the_world_as_it_is(
    page: AsyncClient, api: Emulator, ann: Actor, ben: Actor, group: Chat
) -> None:
    world = (await page.get("/api/world")).json()
    assert world["world"] == api.world.id
    assert world["event"] == api.world.journal.newest
    assert world["bot"]["username"] == "stylegram_bot"
    assert [person["first_name"] for person in world["people"]] == ["Ann", "Ben"]
    chats = {chat["id"]: chat for chat in world["chats"]}
    assert (chats[group.id]["title"], chats[group.id]["members"]) == ("Weekend painters", [ann.id, ben.id])
    assert chats[group.id]["bot_status"] == "member"
    assert chats[ann.id]["messages"] == [message.to_json() for message in ann.private.messages.values()]


async def test_of_a_long_chat_the_newest_messages_are_shown(page: AsyncClient, ann: Actor) -> None:
    for number in range(210):
        await ann.send_text(f"message {number}")
    chat = (await page.get("/api/world")).json()["chats"][0]
    assert len(chat["messages"]) == 200
    assert chat["messages"][-1]["text"] == "message 209"


async def test_what_looks_like_html_is_text(page: AsyncClient, ann: Actor, bot: Bot) -> None:
    text = "<b>bold</b> & <script>alert(1)</script>"
    [message] = await post(page, ann, text=text)
    assert message["text"] == text
    assert "entities" not in message
    assert (await bot.get_updates())[-1].message.text == text


async def test_a_command_is_seen_as_one(page: AsyncClient, ann: Actor) -> None:
    [message] = await post(page, ann, text=" /help me ")
    assert message["text"] == "/help me"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 5}]


async def test_a_photo_with_a_caption(
    page: AsyncClient, api: Emulator, ann: Actor, picture: MakePicture
) -> None:
    [message] = await post(page, ann, text="look", files=files(picture(640, 480)))
    assert (message["photo"][-1]["width"], message["caption"]) == (640, "look")
    assert api.world.journal.events[-1].data == message


async def test_a_picture_as_a_file_stays_as_it_is(
    page: AsyncClient, ann: Actor, picture: MakePicture
) -> None:
    data = picture(kind="PNG")
    [message] = await post(page, ann, sent_as="file", files=files(data, name="Мой кот.png", kind="image/png"))
    document = message["document"]
    assert (document["file_name"], document["mime_type"]) == ("Мой кот.png", "image/png")
    assert (await page.get(f"/api/files/{document['file_id']}")).content == data


@pytest.mark.parametrize("sent_as", ["photo", "file"])
async def test_several_files_are_an_album(
    page: AsyncClient, ann: Actor, picture: MakePicture, sent_as: str
) -> None:
    both = files(picture(colour="red"), picture(colour="blue"))
    one, two = await post(page, ann, text="both", sent_as=sent_as, files=both)
    assert one["media_group_id"] == two["media_group_id"]
    assert (one["caption"], "caption" in two) == ("both", False)
    assert ("document" if sent_as == "file" else "photo") in two


async def test_a_sticker_is_a_webp_by_itself(page: AsyncClient, ann: Actor, picture: MakePicture) -> None:
    shown = picture(512, 300, kind="WEBP")
    [message] = await post(page, ann, sent_as="sticker", files=files(shown, kind="image/webp"))
    assert (message["sticker"]["width"], message["sticker"]["is_animated"]) == (512, False)
    assert (await page.get(f"/api/files/{message['sticker']['file_id']}")).content == shown
    assert await post(page, ann, sent_as="sticker", files=files(shown, shown)) == "bad_request"


async def test_photos_may_be_under_a_spoiler(page: AsyncClient, ann: Actor, picture: MakePicture) -> None:
    for shown in (files(picture()), files(picture(), picture())):
        messages = await post(page, ann, spoiler="1", files=shown)
        assert all(message["has_media_spoiler"] for message in messages)


async def test_reactions_are_told_beside_the_messages(
    page: AsyncClient, bot: Bot, api: Emulator, ann: Actor
) -> None:
    [message] = await post(page, ann, text="/style")
    await bot.set_message_reaction(ann.id, message["message_id"], "👀")
    event = api.world.journal.events[-1]
    assert (event.kind, event.data) == ("reacted", {"message_id": message["message_id"], "reaction": "👀"})
    [chat] = (await page.get("/api/world")).json()["chats"]
    assert chat["messages"][-1]["reaction"] == "👀"


async def test_a_group_with_a_reply(page: AsyncClient, ann: Actor, ben: Actor, group: Chat) -> None:
    [first] = await post(page, ann, group, text="hello")
    [second] = await post(page, ben, group, text="hi", reply_to=str(first["message_id"]))
    assert second["reply_to_message"]["text"] == "hello"
    assert second["from"]["first_name"] == "Ben"


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({}, "empty"),
        ({"text": " \n "}, "empty"),
        ({"text": "a" * 4097}, "too_long"),
        ({"text": "a" * 2 * MB}, "bad_request"),
        ({"text": "a" * 1025, "files": files(b"a")}, "too_long"),
        ({"files": files(b"")}, "empty"),
        ({"files": files(b"no picture")}, "not_a_picture"),
        ({"files": files(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")}, "not_a_picture"),
        ({"files": files(bytes(10 * MB + 1))}, "too_large"),
        ({"files": files(bytes(50 * MB + 1)), "sent_as": "file"}, "too_large"),
        ({"files": files(*[b"a"] * 11)}, "too_many"),
        ({"text": "hi", "reply_to": "99"}, "not_found"),
        ({"text": "hi", "reply_to": "x"}, "bad_request"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_what_cannot_be_sent_leaves_no_trace(
    page: AsyncClient, api: Emulator, ann: Actor, what: dict[str, Any], code: str
) -> None:
    before = api.world.journal.newest
    assert await post(page, ann, **what) == code
    assert api.world.journal.newest == before


async def test_a_picture_of_impossible_shape_is_refused(
    page: AsyncClient, ann: Actor, picture: MakePicture
) -> None:
    assert await post(page, ann, files=files(picture(2100, 100))) == "not_a_picture"
    both = files(picture(), b"no picture")
    assert await post(page, ann, files=both) == "not_a_picture"
    assert len(ann.private.messages) == 1


async def test_everything_up_to_the_limits_is_taken(
    page: AsyncClient, ann: Actor, picture: MakePicture
) -> None:
    assert len((await post(page, ann, text="a" * 4096))[0]["text"]) == 4096
    assert len((await post(page, ann, text="a" * 1024, files=files(picture())))[0]["caption"]) == 1024
    assert len(await post(page, ann, files=files(*[picture(64, 64)] * 10))) == 10
    [large] = await post(page, ann, sent_as="file", files=files(bytes(50 * MB)))
    assert large["document"]["file_size"] == 50 * MB


async def test_a_body_without_end_is_cut_off(
    page: AsyncClient, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.demo.page.submissions.MAX_SUBMISSION", MB)

    async def much() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        for _ in range(64):
            yield bytes(MB // 16)

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await page.post(f"/api/chats/{ann.id}/messages", content=much(), headers=kind)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


async def test_only_members_write_in_a_chat(
    page: AsyncClient, api: Emulator, ann: Actor, ben: Actor, group: Chat
) -> None:
    stranger = Actor.join(api.world, "Carl")
    assert await post(page, ben, ann.private, text="hi") == "forbidden"
    assert await post(page, stranger, group, text="hi") == "forbidden"
    assert (
        await post(page, Actor(api.world, api.world.bot, ann.private), ann.private, text="hi") == "forbidden"
    )
    ann.block()
    assert await post(page, ann, text="hi") == "forbidden"


@pytest.mark.parametrize("chat", ["1", "x", "9" * 5000, "-4000000009"])
async def test_unknown_chats(page: AsyncClient, ann: Actor, chat: str) -> None:
    answer = await page.post(f"/api/chats/{chat}/messages", data={"user": str(ann.id), "text": "hi"})
    assert answer.json()["error"] in ("not_found", "bad_request")


async def asked(bot: Bot, chat_id: int) -> int:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes:1")]])
    return (await bot.send_message(chat_id, "Well?", reply_markup=keyboard)).message_id


async def test_a_tap_reaches_the_bot_and_its_answer_the_journal(
    page: AsyncClient, api: Emulator, bot: Bot, ben: Actor, group: Chat
) -> None:
    question = await asked(bot, group.id)
    tap = {"user": ben.id, "data": "yes:1"}
    answer = await page.post(f"/api/chats/{group.id}/messages/{question}/tap", json=tap)
    assert answer.status_code == 202
    query = (await bot.get_updates())[-1].callback_query
    assert (query.id, query.data, query.from_user.id) == (
        answer.json()["callback_query_id"],
        "yes:1",
        ben.id,
    )
    await query.answer("Thanks", show_alert=True)
    toast = api.world.journal.events[-1]
    assert toast.kind == "answered"
    assert toast.data == {
        "callback_query_id": query.id,
        "user_id": ben.id,
        "text": "Thanks",
        "show_alert": True,
        "url": "",
    }


@pytest.mark.parametrize(
    ("tap", "code"),
    [
        ({"data": "no:1"}, "bad_request"),
        ({"data": None}, "bad_request"),
        ({"data": ["yes:1"]}, "bad_request"),
        ({"data": "yes:1", "user": 1}, "forbidden"),
        ({"data": "yes:1", "user": None}, "bad_request"),
    ],
)
async def test_only_buttons_there_are_can_be_tapped(
    page: AsyncClient, api: Emulator, bot: Bot, ann: Actor, tap: dict[str, Any], code: str
) -> None:
    question = await asked(bot, ann.id)
    path = f"/api/chats/{ann.id}/messages/{question}/tap"
    assert (await page.post(path, json={"user": ann.id, **tap})).json()["error"] == code
    assert all(event.kind != "tapped" for event in api.world.journal.events)


async def vote(page: AsyncClient, user: Actor, poll: Message, options: Any) -> Any:
    """The votes as they stand then, or the code of the refusal."""
    path = f"/api/chats/{poll.chat.id}/messages/{poll.message_id}/vote"
    body = (await page.post(path, json={"user": user.id, "options": options})).json()
    return body.get("votes", body.get("error"))


async def test_a_vote_reaches_the_bot_and_everybody_is_told_beside_the_poll(
    page: AsyncClient, bot: Bot, ann: Actor, ben: Actor, group: Chat
) -> None:
    poll = await bot.send_poll(group.id, "Which?", ["Red", "Blue"], is_anonymous=False)
    assert await vote(page, ben, poll, [1]) == {str(ben.id): [1]}
    assert await vote(page, ann, poll, [0]) == {str(ben.id): [1], str(ann.id): [0]}
    answers = [update.poll_answer for update in await bot.get_updates() if update.poll_answer]
    assert [(answer.user.id, answer.option_ids) for answer in answers] == [(ben.id, (1,)), (ann.id, (0,))]
    shown = (await page.get("/api/world")).json()["chats"][-1]["messages"][-1]
    assert shown["votes"] == {str(ben.id): [1], str(ann.id): [0]}
    assert await vote(page, ann, poll, []) == {str(ben.id): [1]}


async def test_what_no_vote_is_changes_nothing(
    page: AsyncClient, bot: Bot, api: Emulator, ann: Actor, group: Chat
) -> None:
    poll = await bot.send_poll(group.id, "Which?", ["Red", "Blue"], is_anonymous=False)
    words = await bot.send_message(group.id, "No poll")
    for options in (None, 1, ["1"], [True], [2], [-1], [0, 1]):
        assert await vote(page, ann, poll, options) in ("bad_request", "forbidden")
    assert await vote(page, ann, words, [0]) == "forbidden"
    assert await vote(page, Actor.join(api.world, "Carl"), poll, [0]) == "forbidden"
    await bot.stop_poll(group.id, poll.message_id)
    assert await vote(page, ann, poll, [0]) == "poll_closed"
    assert all("voted" not in event.data for event in api.world.journal.events)


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"[" * 60_000, b" " * 70_000])
async def test_nonsense_is_refused(page: AsyncClient, body: bytes) -> None:
    answer = await page.post("/api/language", content=body)
    assert answer.json()["error"] in ("bad_request", "too_large")


async def test_commands_are_those_of_the_chat_and_the_language(
    page: AsyncClient, bot: Bot, ann: Actor, group: Chat
) -> None:
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("help", "How it works")], scope=scope)
    await bot.set_my_commands([BotCommand("help", "Как это работает")], scope=scope, language_code="ru")

    async def commands(chat_id: int) -> Any:
        return (await page.get("/api/commands", params={"chat": chat_id, "user": ann.id})).json()

    assert await commands(ann.id) == [{"command": "help", "description": "How it works"}]
    assert await commands(group.id) == []
    await page.post("/api/language", json={"language": "ru"})
    assert await commands(ann.id) == [{"command": "help", "description": "Как это работает"}]


async def test_the_language_is_everybodys(page: AsyncClient, bot: Bot, ben: Actor) -> None:
    assert (await page.post("/api/language", json={"language": "ru"})).status_code == 200
    assert (await page.post("/api/language", json={"language": "tlh"})).json()["error"] == "bad_request"
    await post(page, ben, text="привет")
    assert (await bot.get_updates())[-1].message.from_user.language_code == "ru"


async def test_before_a_bot_is_there_nothing_is_a_result(
    page: AsyncClient, ann: Actor, picture: MakePicture
) -> None:
    photo = await ann.send_photo(picture())
    answer = await page.get(f"/api/chats/{ann.id}/messages/{photo.id}/before")
    assert (answer.status_code, answer.json()) == (200, {"file_id": None})


async def test_of_a_message_that_is_gone_nothing_is_known_and_that_is_no_error(
    page: AsyncClient, ann: Actor
) -> None:
    answer = await page.get(f"/api/chats/{ann.id}/messages/99/before")
    assert (answer.status_code, answer.json()) == (200, {"file_id": None})


@pytest.mark.parametrize(
    ("bad", "sent_as", "code"),
    [(b"no picture", "", "not_a_picture"), (b"", "", "empty"), (bytes(10 * MB + 1), "", "too_large")],
    ids=["no picture", "empty", "too large"],
)
async def test_which_of_several_files_is_refused_is_said(
    page: AsyncClient, ann: Actor, picture: MakePicture, bad: bytes, sent_as: str, code: str
) -> None:
    both = files(picture(), bad)
    answer = await page.post(
        f"/api/chats/{ann.id}/messages", data={"user": str(ann.id), "sent_as": sent_as}, files=both
    )
    assert (answer.json()["error"], answer.json()["file"]) == (code, 1)
