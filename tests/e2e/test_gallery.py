"""A painting of the gallery, painted for real: in private, in a group, by a bot that is killed meanwhile."""

from bot.demo.telegram.emulator import Emulator
from tests.e2e.conftest import BotProcess, RunBot, has_shape_of, picture, result
from tests.kit.people import Actor

PHOTO = picture((200, 40, 40), 64, 40)


async def test_from_a_photo_to_the_great_wave_by_taps_alone(api: Emulator, run_bot: RunBot) -> None:
    async with run_bot():
        ann = Actor.join(api.world, "Ann")
        await ann.send_photo(PHOTO)
        await ann.expect(text="Now send me the style", photo=True, buttons=["1", "12"])
        await ann.tap("1")
        await ann.expect(text="Great Wave", photo=True, buttons=["Strong"])
        await ann.tap("Strong")
        assert has_shape_of(await result(ann), PHOTO)


async def test_with_a_second_style_beside_it(api: Emulator, run_bot: RunBot) -> None:
    async with run_bot():
        ann = Actor.join(api.world, "Ann")
        await ann.send_album([PHOTO, picture((40, 60, 200))])
        await ann.expect(text="How strong", photo=True)
        await ann.tap("Add a style")
        await ann.expect(text="one more style", photo=True)
        await ann.tap("1")
        await ann.expect(text="1. your picture\n2. Great Wave", photo=True)
        await ann.tap("Light")
        assert has_shape_of(await result(ann), PHOTO)


async def test_by_name_in_a_group_in_one_step(api: Emulator, run_bot: RunBot) -> None:
    async with run_bot():
        ann, ben = Actor.join(api.world, "Ann"), Actor.join(api.world, "Ben")
        friends = api.world.add_supergroup("Friends", [ann.person, ben.person])
        photo = await ben.send_photo(PHOTO, chat=friends)
        await ann.send_text("/style great wave", chat=friends, reply_to=photo)
        await ann.expect(text="Ann, here it is", photo=True, chat=friends, timeout=120)


async def test_killed_after_every_step(api: Emulator, process: BotProcess) -> None:
    ann = Actor.join(api.world, "Ann")
    await process.start()
    await ann.send_photo(PHOTO)
    await ann.expect(text="Now send me the style", photo=True, timeout=60)
    await process.restart(kindly=False)
    await ann.tap("1", timeout=60)
    await ann.expect(text="Great Wave", photo=True)
    await ann.tap("Light", wait=False)
    await process.restart(kindly=False)
    assert has_shape_of(await result(ann), PHOTO)
