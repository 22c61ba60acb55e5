"""Messages to everybody: asked about first, sent to each once, through blocks, stops and restarts."""

import pytest

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import Break, server_error
from bot.settings import Settings
from bot.studio import broadcaster
from storage import Database
from tests.bot.chat.conftest import Restart
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until


@pytest.fixture
def settings(settings: Settings, ann: Actor) -> Settings:
    """Ann is the administrator."""
    return settings.model_copy(update={"admin_ids": frozenset({ann.id})})


@pytest.fixture
async def people(api: Emulator, ann: Actor, ben: Actor) -> list[Actor]:
    """Ann, Ben and two more, who have all written to the bot."""
    people = [ann, ben, Actor.join(api.world, "Cem"), Actor.join(api.world, "Dora")]
    for person in people:
        await person.send_text("/start")
        await person.expect(text="Send me a photo")
    return people


def received(person: Actor, text: str) -> int:
    """How often the bot has said that in their chat."""
    messages = person.private.messages.values()
    return sum(message.text == text and message.sender is person.world.bot for message in messages)


async def test_everybody_gets_it_once_it_is_confirmed(people: list[Actor]) -> None:
    ann, *others = people
    await ann.send_text("/broadcast We are <back> & well")
    shown = await ann.expect(text="We are <back> & well")
    question = await ann.expect(text="Shall I send this to 4 people?", buttons=["Send it", "Don't send it"])
    assert question.reply_to_id == shown.id
    await others[0].expect_silence(0.2)
    await ann.tap("Send it")
    for person in others:
        await person.expect(text="We are <back> & well")
    report = await ann.expect(text="Sent to 4 people.", buttons=[])
    assert report.id == question.id
    assert [received(person, "We are <back> & well") for person in people] == [2, 1, 1, 1]


async def test_any_message_can_be_sent_by_replying_to_it(people: list[Actor]) -> None:
    ann, ben, *_ = people
    photo = await ann.send_photo(picture("red"), "A new style")
    await ann.expect(text="Now send me the style")
    await ann.send_text("/broadcast", reply_to=photo)
    await ann.expect(text="Shall I send")
    await ann.tap("Send it")
    seen = await ben.expect(photo=True, text="A new style")
    assert seen.photo_bytes()
    await ann.expect(text="Sent to 4 people.")


async def test_who_blocked_the_bot_is_skipped_and_counted(people: list[Actor]) -> None:
    ann, ben, cem, dora = people
    ben.block()
    await ann.send_text(f"/ban {dora.id}")
    await ann.expect(text="is banned")
    await ann.send_text("/broadcast hello")
    await ann.expect(text="Shall I send this to 3 people?")
    await ann.tap("Send it")
    await cem.expect(text="hello")
    report = await ann.expect(text="Sent to 2 people.")
    assert "1 person could not be written to" in report.text
    assert received(dora, "hello") == 0


async def test_what_is_not_confirmed_is_not_sent(people: list[Actor]) -> None:
    ann, ben, *_ = people
    await ann.send_text("/broadcast hello")
    await ann.expect(text="Shall I send")
    await ann.tap("Don't send it")
    await ann.expect(text="Not sent.", buttons=[])
    await ben.expect_silence(0.2)


async def test_others_cannot_confirm(people: list[Actor]) -> None:
    ann, ben, *_ = people
    await ann.send_text("/broadcast hello")
    await ann.expect(text="Shall I send")
    message = await ben.send_text("hello")
    await ben.expect(text="I can only paint pictures")
    assert "no longer works" in await ben.tap_data(message, f"b:{ben.id}:send=1")
    own = await ann.send_text("mine")
    assert "no longer works" in await ann.tap_data(own, f"b:{ann.id}:send=x")
    assert "settled" in await ann.tap_data(own, f"b:{ann.id}:send=99")
    await ben.expect_silence(0.2)


async def test_nothing_to_send_is_explained(ann: Actor) -> None:
    await ann.send_text("/broadcast")
    await ann.expect(text="Write the message after the command")


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcaster, "RATE", 2)


@pytest.mark.usefixtures("slowly")
async def test_a_restart_in_the_middle_goes_on_where_it_was(people: list[Actor], restart: Restart) -> None:
    ann, ben, _, dora = people
    await ann.send_text("/broadcast hello")
    await ann.expect(text="Shall I send")
    await ann.tap("Send it")
    await ben.expect(text="hello")
    await restart()
    await dora.expect(text="hello")
    await ann.expect(text="Sent to 4 people.")
    assert [received(person, "hello") for person in people] == [2, 1, 1, 1]


@pytest.mark.usefixtures("slowly")
async def test_it_can_be_stopped_on_its_way(people: list[Actor]) -> None:
    ann, ben, _, dora = people
    await ann.send_text("/broadcast hello")
    await ann.expect(text="Shall I send")
    await ann.tap("Send it")
    await ann.expect(text="Sending: 0 of 4", buttons=["Stop"])
    await ben.expect(text="hello")
    await ann.tap("Stop")
    await ann.expect(text="Stopped", buttons=[])
    await dora.expect_silence(1)


async def test_telegrams_bad_moments_delay_it_and_no_more(
    api: Emulator, people: list[Actor], shared: Database
) -> None:
    ann = people[0]
    api.faults.next("copyMessage", server_error(), times=2)
    api.faults.next("copyMessage", Break.DROP_BEFORE)
    await ann.send_text("/broadcast hello")
    await ann.expect(text="Shall I send")
    await ann.tap("Send it")
    await ann.expect(text="Sent to 4 people.")
    assert [received(person, "hello") for person in people] == [2, 1, 1, 1]

    async def noted() -> bool:
        rows = await shared.read("SELECT state, reached FROM broadcasts")
        return [tuple(row) for row in rows] == [("sent", 4)]

    await until(noted)


async def test_a_message_that_was_deleted_is_sent_no_more(people: list[Actor]) -> None:
    ann, ben, *_ = people
    await ann.send_text("/broadcast hello")
    shown = await ann.expect(text="hello")
    await ann.expect(text="Shall I send")
    await ann.delete(shown)
    await ann.tap("Send it")
    await ann.expect(text="Stopped: 0 people have got it.", buttons=[])
    await ben.expect_silence(0.2)
