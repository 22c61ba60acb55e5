"""Telegram in a folder: what is there after a restart, and after a sudden end."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.persistence import StateFolder
from bot.ops.errors import CannotRun
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
TOKEN = "7000000123:kept"  # noqa: S105


@asynccontextmanager
async def emulator(folder: Path) -> AsyncIterator[Emulator]:
    """As it was left in this folder, if there was one."""
    keeper = StateFolder(folder)
    with keeper.held():
        api = Emulator(TOKEN, folder=keeper.files)
        if keeper.has_state:
            keeper.restore(keeper.read(), api.world)
        async with keeper.keeping(api), api:
            yield api


@asynccontextmanager
async def bot_of(api: Emulator) -> AsyncIterator[Bot]:
    async with Bot(api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot") as bot:
        yield bot


def chats(api: Emulator) -> dict[int, Any]:
    """All that is to be seen in them."""
    return {
        chat.id: {
            **chat.to_json(),
            "members": [(person.to_json(), chat.status_of(person)) for person in chat.members],
            "bot": chat.bot_status,
            "topics": chat.topics,
            "migrated_to": chat.migrated_to and chat.migrated_to.id,
            "messages": [message.to_json() for message in chat.messages.values()],
        }
        for chat in api.world.chats.values()
    }


async def written(folder: Path, api: Emulator) -> dict[str, Any]:
    """The state in the folder, as soon as it has all that happened."""
    async with asyncio.timeout(30):
        while True:
            state: dict[str, Any] = json.loads(await asyncio.to_thread((folder / "world.json").read_text))
            if state["world"]["event"] == api.world.journal.newest and not api.world.changed.is_set():
                return state
            await asyncio.sleep(0.02)


async def live_a_little(api: Emulator, bot: Bot, picture: MakePicture) -> None:
    ann, ben = (
        Actor.join(api.world, "Ann", username="ann"),
        Actor.join(api.world, "Бен", language="ru"),
    )
    first = await ann.send_text("/start")
    photo = await ann.send_photo(picture(640, 480), "a <photo>", reply_to=first)
    await ben.send_album([picture(colour="red"), picture(colour="blue")], as_files=True)
    await ann.delete(await ann.send_text("oops"))
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    asked = await bot.send_message(ann.id, "Well?", reply_markup=keyboard, reply_to_message_id=photo.id)
    await asked.edit_text("<b>Well?</b>", parse_mode="HTML", reply_markup=keyboard)
    group = api.world.add_group("Friends", [ann.person, ben.person])
    await ben.send_text("/style", chat=group)
    ann.promote(group, ben)
    api.world.upgrade(group, ann.person)
    forum = api.world.add_supergroup("Forum", [ben.person], forum=True)
    thread = ben.create_topic(forum, "Topic")
    await bot.send_photo(forum.id, picture(colour="green"), message_thread_id=thread)
    await bot.set_my_commands([BotCommand("help", "How it works")])


async def test_everything_is_there_after_a_restart(tmp_path: Path, picture: MakePicture) -> None:
    async with emulator(tmp_path) as api, bot_of(api) as bot:
        await live_a_little(api, bot, picture)
        before, world = chats(api), api.world
    async with emulator(tmp_path) as again, bot_of(again) as bot:
        assert chats(again) == before
        assert again.world.id == world.id
        assert again.world.journal.keeps_all_after(world.journal.newest)
        assert [update.to_dict() for update in await bot.get_updates(timeout=0)]
        assert again.world.updates.pending == world.updates.pending
        assert (await bot.get_my_commands())[0].command == "help"


async def test_life_goes_on_where_it_was(tmp_path: Path, picture: MakePicture) -> None:
    async with emulator(tmp_path) as api, bot_of(api) as bot:
        ann = Actor.join(api.world, "Ann")
        sent = await ann.send_photo(picture(400, 300))
        original = sent.photo_bytes()
        confirmed = (await bot.get_updates())[-1].update_id
        await bot.get_updates(offset=confirmed + 1, timeout=0)
    async with emulator(tmp_path) as api, bot_of(api) as bot:
        [person] = api.world.people.values()
        ann = Actor.of(person, api.world)
        file = await bot.get_file(sent.json["photo"][-1]["file_id"])
        assert bytes(await file.download_as_bytearray()) == original
        await bot.send_photo(ann.id, sent.json["photo"][-1]["file_id"])
        assert (await ann.expect(photo=True)).id == sent.id + 1
        await ann.send_text("hello again")
        [update] = await bot.get_updates()
        assert (update.update_id, update.message.text) == (confirmed + 1, "hello again")
        assert Actor.join(api.world, "Ben").id == ann.id + 1


async def test_polls_go_on_where_they_were(tmp_path: Path) -> None:
    async with emulator(tmp_path) as api, bot_of(api) as bot:
        ann, ben = Actor.join(api.world, "Ann"), Actor.join(api.world, "Ben")
        group = api.world.add_group("Friends", [ann.person, ben.person])
        await bot.send_poll(group.id, "Which?", ["Red", "Blue"], is_anonymous=False, open_period=120)
        await ann.vote(await ann.expect(chat=group), "Blue")
        before = chats(api)
    async with emulator(tmp_path) as api:
        assert chats(api) == before
        ben = Actor.of(api.world.people[ben.id], api.world)
        group = api.world.chats[group.id]
        await ben.vote(ben.seen(list(group.messages.values())[-1].to_watchers()), "Red")
        api.world.polls.let_time_pass(120)
        closed = (await ben.expect(chat=group)).poll
        assert (closed.is_closed, closed.counts) == (True, {"Red": 1, "Blue": 1})


async def test_a_sudden_end_loses_no_more_than_a_moment(tmp_path: Path, picture: MakePicture) -> None:
    alive, dead = tmp_path / "alive", tmp_path / "dead"
    async with emulator(alive) as api, bot_of(api) as bot:
        await live_a_little(api, bot, picture)
        await written(alive, api)
        await asyncio.to_thread(shutil.copytree, alive, dead)  # what kill -9 would leave
        before, world = chats(api), api.world
    async with emulator(dead) as again, bot_of(again) as bot:
        assert chats(again) == before
        assert again.world.id != world.id  # for what watchers saw in that moment may come otherwise
        ann = Actor.of(next(iter(again.world.people.values())), again.world)
        newest = max(message["message_id"] for chat in before.values() for message in chat["messages"])
        assert (await ann.send_text("hello")).id > newest + 100  # the bot may know of ids given out then


async def test_files_and_state_are_made_one_after_a_sudden_end(tmp_path: Path, picture: MakePicture) -> None:
    async with emulator(tmp_path) as api:
        ann = Actor.join(api.world, "Ann")
        gone, kept = await ann.send_document(picture()), await ann.send_photo(picture())
        place = api.world.files.find(gone.json["document"]["file_id"]).place
    place.unlink()
    stray, foreign = place.with_name("999"), place.with_name("notes.txt")
    stray.write_bytes(b"half a fi")
    foreign.write_text("not ours")
    async with emulator(tmp_path) as api, bot_of(api) as bot:
        assert api.world.files.get(gone.json["document"]["file_id"]) is None
        await bot.get_file(kept.json["photo"][-1]["file_id"])
    assert (stray.exists(), foreign.exists()) == (False, True)


async def test_the_state_is_nobody_elses_to_read(tmp_path: Path) -> None:
    async with emulator(tmp_path):
        assert (tmp_path / "world.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (b"", "is damaged"),
        (b"\xff", "is damaged"),
        (b"[]", "is damaged"),
        (b'{"version": 1}', "is damaged"),
        (b'{"version": 1, "token": "1:a", "whole": true, "world": {}}', "is damaged"),
        (b'{"version": 2}', "is of version 2, this program knows 1"),
    ],
)
async def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, state: bytes, problem: str) -> None:
    (tmp_path / "world.json").write_bytes(state)
    with pytest.raises(CannotRun, match=problem) as refused:
        async with emulator(tmp_path):
            pass
    assert "\n" not in str(refused.value)
    assert (tmp_path / "world.json").read_bytes() == state


async def test_a_folder_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match=r"Cannot write to .*/file/telegram: Not a directory\."):
        async with emulator(tmp_path / "file" / "telegram"):
            pass


async def test_two_cannot_have_the_same_folder(tmp_path: Path) -> None:
    async with emulator(tmp_path):
        with pytest.raises(CannotRun, match="Another demo is running"):
            async with emulator(tmp_path):
                pass
    async with emulator(tmp_path):
        pass


async def test_what_could_not_be_written_for_a_while_is_written_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with emulator(tmp_path) as api:
        await written(tmp_path, api)
        (tmp_path / "world.part").mkdir()
        ann = Actor.join(api.world, "Ann")
        async with asyncio.timeout(30):
            while "cannot keep what happens" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        (tmp_path / "world.part").rmdir()
        await ann.send_text("hello")
        before = chats(api)
    async with emulator(tmp_path) as again:
        assert chats(again) == before
