"""A crowd: everybody gets the picture of their own photos, and nobody is served twice before all are once."""

import asyncio
import colorsys

from bot.demo.telegram.emulator import Emulator
from tests.e2e.conftest import RunBot, ask, has_colour, has_shape_of, picture, result, results_in
from tests.kit.people import Actor
from tests.kit.pictures import Colour

CROWD = 20


def colour(number: int) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(number / CROWD, 1, 0.9)
    return round(255 * red), round(255 * green), round(255 * blue)


async def test_twenty_people_at_once_each_get_the_picture_of_their_own_photos(
    api: Emulator, run_bot: RunBot
) -> None:
    people = [Actor.join(api.world, f"Person {number}") for number in range(CROWD)]
    contents = [picture((128, 128, 128), 64, 32 + number) for number in range(CROWD)]

    async def take_part(number: int) -> None:
        person, content = people[number], contents[number]
        await ask(person, content, picture(colour(number)))
        shown = await result(person, timeout=280)
        assert has_shape_of(shown, content), number
        assert has_colour(shown, colour(number)), number

    async with run_bot():
        await asyncio.gather(*map(take_part, range(CROWD)))
    assert [len(results_in(person)) for person in people] == [1] * CROWD


async def test_who_asks_for_much_does_not_keep_others_waiting(api: Emulator, run_bot: RunBot) -> None:
    greedy, modest = Actor.join(api.world, "Greedy"), Actor.join(api.world, "Modest")
    order: list[Actor] = []

    async def wait(user: Actor, times: int) -> None:
        for _ in range(times):
            await result(user)
            order.append(user)

    async with run_bot(size=128):
        for number in range(4):  # one is painted, three wait
            strength = "Light" if number else "Classic"  # the first takes long enough for all to be there
            content = picture(colour(number), *((64, 48) if number else (128, 96)))
            await ask(greedy, content, picture(colour(number + 9)), strength)
            await greedy.expect(buttons=["Cancel"], where=lambda seen: "How strong" not in seen.text)
        await ask(modest, picture(colour(5)), picture(colour(6)))
        await asyncio.gather(wait(greedy, 4), wait(modest, 1))
    assert order.index(modest) == 1
