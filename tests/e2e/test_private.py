"""A private chat, painted for real: every way to hand over two pictures, and every way on from a result."""

from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO

import pytest
import pytest_asyncio
from PIL import Image

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from tests.bot.chat.test_wrong_things import WRONG
from tests.e2e.conftest import RunBot, ask, has_colour, has_shape_of, picture, result
from tests.kit.people import Actor
from tests.kit.pictures import Colour

RED, BLUE, GREEN = (200, 40, 40), (40, 60, 200), (40, 160, 60)
WIDE, TALL = picture(RED, 128, 80), picture(BLUE, 80, 128)

SendPair = Callable[[Actor, bytes, bytes], Awaitable[object]]


@pytest_asyncio.fixture(loop_scope="session")
async def ann(api: Emulator, run_bot: RunBot) -> AsyncIterator[Actor]:
    """Somebody, and a bot that runs."""
    async with run_bot():
        yield Actor.join(api.world, "Ann")


def looks_painted_from(shown: SeenMessage, content: bytes, style: Colour) -> bool:
    return has_shape_of(shown, content) and has_colour(shown, style)


async def as_photos(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_photo(content)
    await user.expect(text="Now send me the style")
    await user.send_photo(style)


async def as_an_album(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_album([content, style])


async def as_files(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_document(content)
    await user.expect(text="Now send me the style")
    await user.send_document(style)


async def as_an_album_of_files(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_album([content, style], as_files=True)


async def as_a_photo_and_a_file(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_photo(content)
    await user.expect(text="Now send me the style")
    await user.send_document(style, name="style.PNG", mime_type="application/octet-stream")


async def with_a_change_of_mind(user: Actor, content: bytes, style: bytes) -> None:
    await as_photos(user, content, picture(GREEN))
    await user.expect(text="How strong")
    await user.send_photo(style)


async def in_the_wrong_order(user: Actor, content: bytes, style: bytes) -> None:
    await as_photos(user, style, content)
    await user.expect(text="How strong")
    await user.send_text("/swap")


@pytest.mark.on_a_cluster_too
@pytest.mark.parametrize(
    "send",
    [
        as_photos,
        as_an_album,
        as_files,
        as_an_album_of_files,
        as_a_photo_and_a_file,
        with_a_change_of_mind,
        in_the_wrong_order,
    ],
)
async def test_two_pictures_a_strength_and_a_picture_back(ann: Actor, send: SendPair) -> None:
    await send(ann, WIDE, TALL)
    prompt = await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    shown = await result(ann)
    assert shown.id == prompt.id
    assert looks_painted_from(shown, WIDE, BLUE)


@pytest.mark.on_a_cluster_too
async def test_a_first_picture_with_a_bar_comes_before_the_result(ann: Actor) -> None:
    await ask(ann, WIDE, TALL)
    await ann.expect(photo=True, text="░", buttons=["Cancel"])
    await result(ann)


@pytest.mark.on_a_cluster_too
async def test_the_ways_on_from_a_result(ann: Actor) -> None:
    await ask(ann, WIDE, TALL)
    first = await result(ann)

    await ann.tap("Stronger", message=first)
    stronger = await result(ann)
    assert stronger.id != first.id
    assert looks_painted_from(stronger, WIDE, BLUE)

    await ann.tap("Keep colours", message=first)
    assert "✅ Keep colours" in (await result(ann)).buttons

    await ann.tap("Swap", message=first)
    assert looks_painted_from(await result(ann), TALL, RED)

    await ann.tap("Another style", message=first)
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture(GREEN))
    await ann.expect(text="How strong")
    await ann.tap("Light")
    assert looks_painted_from(await result(ann), WIDE, GREEN)

    await ann.tap("Another photo", message=first)
    await ann.expect(text="photo to repaint")
    await ann.send_photo(TALL)
    await ann.expect(text="How strong")
    await ann.tap("Light")
    assert looks_painted_from(await result(ann), TALL, BLUE)


@pytest.mark.on_a_cluster_too
async def test_the_file_is_the_picture_in_full_and_without_loss(ann: Actor) -> None:
    await ask(ann, WIDE, TALL)
    shown = await result(ann)
    await ann.tap("As a file", message=shown)
    file = await ann.expect(document=True)
    with Image.open(BytesIO(file.document_bytes())) as full, Image.open(BytesIO(shown.photo_bytes())) as seen:
        assert full.format == "PNG"
        assert full.size == seen.size


async def test_classic_is_painted_too(ann: Actor) -> None:
    await ask(ann, WIDE, TALL, "Classic")
    shown = await result(ann)
    assert not any("Lighter" in label or "Stronger" in label for label in shown.buttons)


@pytest.mark.on_a_cluster_too
async def test_a_picture_that_cannot_be_read_is_explained_when_it_comes_to_painting(
    ann: Actor,
) -> None:
    await ann.send_document(b"these are words", name="photo.jpg", mime_type="image/jpeg")
    await ann.expect(text="Now send me the style")
    await ann.send_photo(TALL)
    await ann.expect(text="How strong")
    await ann.tap("Light")
    await ann.expect(text="not a picture I can open", timeout=60)


async def test_twenty_kinds_of_wrong_thing_on_the_way_do_no_harm(ann: Actor) -> None:
    kinds = iter(WRONG.values())

    async def five_wrong_things() -> None:
        for _ in range(5):
            send, _answer = next(kinds)
            await send(ann)
            await ann.expect()

    await five_wrong_things()
    await ann.send_photo(WIDE)
    await ann.expect(text="Now send me the style")
    await five_wrong_things()
    await ann.send_photo(TALL)
    await ann.expect(text="How strong")
    await five_wrong_things()
    await ann.tap("Light")
    await five_wrong_things()
    assert looks_painted_from(await result(ann), WIDE, BLUE)


@pytest.mark.on_a_cluster_too
async def test_a_restart_between_every_two_messages_changes_nothing(api: Emulator, run_bot: RunBot) -> None:
    ann = Actor.join(api.world, "Ann")

    async def step(act: Callable[[], Awaitable[object]], shows: Callable[[], Awaitable[SeenMessage]]) -> None:
        async with run_bot():
            await act()
            await shows()

    await step(lambda: ann.send_photo(WIDE), lambda: ann.expect(text="Now send me the style"))
    await step(lambda: ann.send_photo(TALL), lambda: ann.expect(text="How strong", photo=True))
    await step(lambda: ann.tap("Larger"), lambda: ann.expect(buttons=["✅ Larger"]))
    await step(lambda: ann.tap("Light"), lambda: ann.expect(text="░", buttons=["Cancel"]))
    async with run_bot():
        shown = await result(ann)
    assert max(Image.open(BytesIO(shown.photo_bytes())).size) == 256
    await step(lambda: ann.tap("Swap"), lambda: result(ann))
    await step(lambda: ann.send_text("/history"), lambda: ann.expect(text="Your last results"))
    await step(lambda: ann.tap("2. Light"), lambda: result(ann))
