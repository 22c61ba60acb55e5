"""The demo as a whole, with a painter that takes one step: what the page sees of the bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from bot.demo.stage import Stage, stage
from bot.ops.errors import CannotRun
from storage import Database
from tests.kit.easel import Easel, halves, is_near
from tests.kit.pictures import picture

RED, BLUE = (255, 0, 0), (0, 0, 255)


@asynccontextmanager
async def page_of(play: Stage) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(base_url=play.api.url, headers={"Origin": play.api.url}, timeout=30) as page:
        yield page


async def send(page: AsyncClient, user_id: int, chat_id: int, *colours: str, **what: str) -> Any:
    files = [("files", (f"{colour}.jpg", picture(colour), "image/jpeg")) for colour in colours]
    form = {"user": str(user_id), **what}
    answer = await page.post(f"/api/chats/{chat_id}/messages", data=form, files=files or [("none", b"")])
    return answer.json()["messages"]


async def newest(page: AsyncClient, chat_id: int, *, until: str) -> dict[str, Any]:
    """The newest message of the chat, once it has a button with this label."""
    async with asyncio.timeout(60):
        while True:
            chats = (await page.get("/api/world")).json()["chats"]
            messages = next(chat["messages"] for chat in chats if chat["id"] == chat_id)
            if messages and button(messages[-1], until):
                return dict(messages[-1])
            await asyncio.sleep(0.05)


def button(message: dict[str, Any], label: str) -> str | None:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    found = (each["callback_data"] for row in rows for each in row if label in each["text"])
    return next(found, None)


async def tap(page: AsyncClient, user_id: int, message: dict[str, Any], label: str) -> None:
    path = f"/api/chats/{message['chat']['id']}/messages/{message['message_id']}/tap"
    answer = await page.post(path, json={"user": user_id, "data": button(message, label)})
    assert answer.status_code == 202


async def file(page: AsyncClient, file_id: str) -> bytes:
    return (await page.get(f"/api/files/{file_id}")).content


async def test_two_people_and_their_group_are_there_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path, size=64, executor=Easel()) as play, page_of(play) as page:
        world = (await page.get("/api/world")).json()
        ann, ben = world["people"]
        assert (ann["first_name"], ben["first_name"]) == ("Ann", "Ben")
        kinds = [(chat["type"], chat["members"]) for chat in world["chats"]]
        assert kinds == [
            ("private", [ann["id"]]),
            ("private", [ben["id"]]),
            ("group", [ann["id"], ben["id"]]),
        ]


async def test_a_result_knows_the_photo_it_was_painted_from(tmp_path: Path) -> None:
    async with stage(tmp_path, size=64, executor=Easel()) as play, page_of(play) as page:
        ann = play.people[0].id
        content, _ = await send(page, ann, ann, "red", "blue")
        await tap(page, ann, await newest(page, ann, until="Balanced"), "Balanced")
        result = await newest(page, ann, until="Another style")
        path = f"/api/chats/{ann}/messages/{{}}/before"
        before = (await page.get(path.format(result["message_id"]))).json()["file_id"]
        assert before in [size["file_id"] for size in content["photo"]]
        assert (await page.get(path.format(content["message_id"]))).json() == {"file_id": None}
        await send(page, ann, ann, text="/history")
        await tap(page, ann, await newest(page, ann, until="1"), "1")
        shown = await newest(page, ann, until="Another style")
        assert shown["message_id"] != result["message_id"]
        assert (await page.get(path.format(shown["message_id"]))).json() == {"file_id": before}


async def test_a_painting_goes_on_after_a_restart(tmp_path: Path) -> None:
    easel = Easel()
    easel.hold()
    async with stage(tmp_path, size=64, executor=easel) as play, page_of(play) as page:
        ann = play.people[0].id
        await send(page, ann, ann, "red", "blue")
        await tap(page, ann, await newest(page, ann, until="Balanced"), "Balanced")
        async with asyncio.timeout(30):
            while not easel.at_work:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        painting = await newest(page, ann, until="Cancel")
        world = (await page.get("/api/world")).json()
    async with stage(tmp_path, size=64, executor=Easel()) as play, page_of(play) as page:
        result = await newest(page, ann, until="Another style")
        assert result["message_id"] == painting["message_id"]
        left, right = halves(await file(page, result["photo"][-1]["file_id"]))
        assert is_near(left, RED)
        assert is_near(right, BLUE)
        again = (await page.get("/api/world")).json()
        assert again["world"] == world["world"]
        assert again["event"] > world["event"]


async def test_the_environment_says_only_what_the_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TELEGRAM_BOT_TOKEN": "1:somebody's",
        "STYLEGRAM_DATA": str(tmp_path / "elsewhere"),
        "STYLEGRAM_API_URL": "https://telegram.example",
        "STYLEGRAM_WEBHOOK_URL": "https://bot.example",
        "STYLEGRAM_ALLOWED_USERS": "1",
        "STYLEGRAM_LIMIT_USER": "nonsense",
        "STYLEGRAM_SIZE": "2048",
    }.items():
        monkeypatch.setenv(name, value)
    easel = Easel()
    async with stage(tmp_path / "demo", size=64, executor=easel) as play, page_of(play) as page:
        ann = play.people[0].id
        await send(page, ann, ann, "red", "blue")
        await tap(page, ann, await newest(page, ann, until="Balanced"), "Balanced")
        await newest(page, ann, until="Another style")
        assert not play.api.token.startswith("1:")
    assert easel.begun[0].recipe.size == 64
    assert not (tmp_path / "elsewhere").exists()


async def test_each_folder_has_a_token_of_its_own_that_lasts(tmp_path: Path) -> None:
    tokens = []
    for folder in ("one", "two", "one"):
        async with stage(tmp_path / folder, size=64, executor=Easel()) as play:
            tokens.append(play.api.token)
    assert tokens[0] == tokens[2] != tokens[1]


async def test_the_data_of_a_real_bot_is_left_alone(tmp_path: Path) -> None:
    await (await Database.open(tmp_path / "stylegram.db")).close()
    with pytest.raises(CannotRun, match="has the data of another bot"):
        async with stage(tmp_path, size=64, executor=Easel()):
            pass
