"""What the bot is, says about itself, and asks about chats; tokens and unknown methods."""

import httpx
import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, InvalidToken

from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor


async def test_get_me_tells_who_the_bot_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (7000000001, "stylegram_bot", True)
    assert me.can_read_all_group_messages is False
    assert not me.api_kwargs


async def test_a_wrong_token_is_unauthorized(api: Emulator) -> None:
    with pytest.raises(InvalidToken):
        await Bot("7000000001:wrong", base_url=f"{api.url}/bot").initialize()
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{api.url}/bot1:wrong/getMe")
        assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
        assert (await client.get(f"{api.url}/file/bot1:wrong/photos/file_0.jpg")).status_code == 401


async def test_an_unknown_method_is_an_honest_404(api: Emulator) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{api.url}/bot{api.token}/sendPigeon")
    assert answer.status_code == 404
    assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}


@pytest.mark.parametrize("how", ["json", "data", "params"])
async def test_parameters_come_as_json_form_or_query(api: Emulator, how: str) -> None:
    ann = Actor.join(api.world, "Ann")
    await ann.send_text("/start")
    said = {"chat_id": ann.id, "text": "hello"}
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{api.url}/bot{api.token}/sendMessage", **{how: said})
    assert answer.json()["result"]["text"] == "hello"


async def test_broken_json_is_a_bad_request(api: Emulator) -> None:
    async with httpx.AsyncClient() as client:
        url = f"{api.url}/bot{api.token}/sendMessage"
        answer = await client.post(url, content=b"{", headers={"content-type": "application/json"})
        assert answer.json()["description"] == "Bad Request: can't parse JSON object"
        answer = await client.post(url, data={"chat_id": "1", "reply_markup": "{"})
        assert answer.status_code == 400


async def test_command_menus_are_kept_by_scope_and_language(bot: Bot) -> None:
    english, russian, own = ([BotCommand("start", text)] for text in ("Begin", "Начать", "Here"))
    await bot.set_my_commands(english)
    await bot.set_my_commands(russian, language_code="ru")
    await bot.set_my_commands(own, scope=BotCommandScopeChat(5))
    assert list(await bot.get_my_commands()) == english
    assert list(await bot.get_my_commands(language_code="ru")) == russian
    assert list(await bot.get_my_commands(scope=BotCommandScopeChat(5))) == own
    await bot.delete_my_commands(language_code="ru")
    assert await bot.get_my_commands(language_code="ru") == ()


async def test_a_command_has_a_proper_name(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("Start!", "Begin")])


async def test_descriptions_and_name_are_kept_by_language(bot: Bot) -> None:
    assert (await bot.get_my_name()).name == "stylegram"
    await bot.set_my_name("Painter")
    await bot.set_my_description("Paints", language_code="en")
    await bot.set_my_description("Рисует")
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_name()).name == "Painter"
    assert (await bot.get_my_description("en")).description == "Paints"
    assert (await bot.get_my_description("de")).description == "Рисует"
    assert (await bot.get_my_short_description()).short_description == "Short"


async def test_chats_and_their_members(api: Emulator, bot: Bot) -> None:
    ann, bob, eve = (Actor.join(api.world, name) for name in ("Ann", "Bob", "Eve"))
    friends = api.world.add_group("Friends", [ann.person, bob.person])
    chat = await bot.get_chat(friends.id)
    assert (chat.title, chat.type) == ("Friends", "group")
    statuses = [
        (await bot.get_chat_member(friends.id, who)).status for who in (ann.id, bob.id, eve.id, bot.id)
    ]
    assert statuses == ["creator", "member", "left", "member"]
    ann.promote_bot(friends)
    assert (await bot.get_chat_member(friends.id, bot.id)).status == "administrator"
    with pytest.raises(BadRequest, match="Invalid user_id specified"):
        await bot.get_chat_member(friends.id, 1)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(1)
