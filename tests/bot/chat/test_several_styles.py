"""Up to four styles: in an album, or added one by one; which picture is what is said, and may be changed."""

import pytest

from bot.demo.people.seen_messages import SeenMessage
from storage import Job, Jobs, SessionKey, Sessions
from tests.bot.chat.conftest import Restart, done, is_gone, send_pair
from tests.bot.chat.test_copies import FIRST, SECOND, either, not_noted
from tests.bot.chat.test_gallery import colour
from tests.kit.easel import Easel, colour_of, is_near
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, YELLOW, Colour, picture

COLOURS = {"red": RED, "blue": BLUE, "green": GREEN, "yellow": YELLOW, "black": (0, 0, 0)}


def painted_from(easel: Easel) -> list[Colour]:
    task = easel.begun[-1]
    return [colour_of(task.content), *map(colour_of, task.styles)]


def are_near(colours: list[Colour], others: list[Colour]) -> bool:
    return len(colours) == len(others) and all(map(is_near, colours, others))


async def painted(user: Actor, jobs: Jobs, count: int = 1) -> Job:
    await user.expect(text="ere it is", photo=True)
    return (await done(jobs, user, count))[0]


async def album(user: Actor, *colours: str) -> SeenMessage:
    await user.send_album([picture(name) for name in colours])
    return await user.expect(text="How strong", photo=True)


@pytest.mark.parametrize("names", [("red", "blue", "green"), tuple(COLOURS)])
async def test_an_album_is_a_photo_and_its_styles(
    ann: Actor, jobs: Jobs, easel: Easel, names: tuple[str, ...]
) -> None:
    prompt = await album(ann, *names)
    assert f"The photo, then {len(names) - 1} styles:\n1. your picture" in prompt.text
    assert ("Add a style" in str(prompt.buttons)) == (len(names) < 5)
    await ann.tap("Light")
    job = await painted(ann, jobs)
    assert are_near(painted_from(easel), [COLOURS[name] for name in names])
    assert all(style.thumbnail_id for style in job.styles)


async def test_what_an_album_has_beyond_that_is_said(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    prompt = await album(ann, *COLOURS, "red", "blue")
    assert "up to 4 styles" in prompt.text
    await ann.expect_silence(0.8)
    await ann.tap("Light")
    await painted(ann, jobs)
    assert are_near(painted_from(easel), list(COLOURS.values()))


async def test_a_picture_that_comes_late_is_asked_about_anew(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    photos = [(await ann.send_photo(picture(name))).json["photo"] for name in ("red", "blue", "green")]
    for photo in photos[:2]:
        ann.world.post(ann.private, ann.person, {"photo": photo}, extra={"media_group_id": "7"})
    await ann.expect(text="How strong", photo=True, where=lambda seen: "The photo" not in seen.text)
    ann.world.post(ann.private, ann.person, {"photo": photos[2]}, extra={"media_group_id": "7"})
    await ann.expect(text="The photo, then 2 styles", photo=True)
    await ann.tap("Light")
    await painted(ann, jobs)
    assert are_near(painted_from(easel), [RED, BLUE, GREEN])


async def test_one_is_added_and_the_next_picture_replaces_it(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    first = await send_pair(ann)
    await ann.tap("Add a style")
    await ann.expect(text="Now send me one more style.", photo=True, buttons=["12"])
    await ann.send_text("hm")
    await ann.expect(text="Now send me one more style.", photo=False)
    await ann.send_photo(picture("green"))
    await ann.expect(text="The photo, then 2 styles:\n1. your picture\n2. your picture", photo=True)
    await is_gone(ann, first)
    await ann.send_photo(picture("yellow"))
    await ann.expect(text="The photo, then 2 styles", photo=True)
    await ann.tap("Light")
    await painted(ann, jobs)
    assert are_near(painted_from(easel), [RED, BLUE, YELLOW])


async def test_paintings_are_added_by_taps_up_to_four(
    ann: Actor, jobs: Jobs, easel: Easel, restart: Restart
) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.tap("1")
    await ann.expect(text="Style: Great Wave", photo=True)
    for number, title in ((2, "2. Café Terrace"), (3, "3. Composition VIII"), (12, "4. Lion")):
        await ann.tap("Add a style")
        await ann.expect(text="one more style", photo=True)
        await restart()
        await ann.tap(str(number))
        prompt = await ann.expect(text=title, photo=True)
    assert "Add a style" not in str(prompt.buttons)
    await ann.tap("Light", message=prompt)
    job = await painted(ann, jobs)
    assert len(job.styles) == 4
    assert are_near(painted_from(easel), [RED, *map(colour, (1, 2, 3, 12))])
    await ann.tap("Strong")
    again = await painted(ann, jobs, 2)
    assert again.styles == job.styles


async def test_one_of_several_is_left_out_and_parts_are_swapped(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    await album(ann, "red", "blue", "green", "yellow")
    await ann.tap("Without 2")
    prompt = await ann.expect(text="The photo, then 2 styles", photo=True)
    assert [label for label in prompt.buttons if "➖" in label] == ["➖ Without 1", "➖ Without 2"]
    await ann.tap_more("Swap")
    await ann.expect(text="The photo, then 2 styles", photo=True)
    await ann.tap("Light")
    await painted(ann, jobs)
    assert are_near(painted_from(easel), [BLUE, RED, YELLOW])


async def test_the_question_before_still_works_while_one_more_is_asked_for(
    ann: Actor, jobs: Jobs, easel: Easel
) -> None:
    await send_pair(ann)
    await ann.tap("Add a style")
    await ann.expect(text="one more style", photo=True)
    await ann.tap("Light")
    await painted(ann, jobs)
    assert are_near(painted_from(easel), [RED, BLUE])


@either
async def test_either_copy_of_a_question_adds(
    ann: Actor, sessions: Sessions, restart: Restart, copy: int
) -> None:
    asked = [await album(ann, "red", "blue", "green")]
    await not_noted(ann, sessions)
    await restart()
    asked.append(await ann.expect(text="How strong", photo=True))
    await ann.tap("Add a style", message=asked[copy])
    await ann.expect(text="one more style", photo=True)
    await ann.tap("1")
    await ann.expect(text="3. Great Wave", photo=True)
    await is_gone(ann, asked[SECOND])
    assert "settled" in await ann.tap("Without 1", message=asked[FIRST])


@pytest.mark.parametrize("data", ["-:{}:9.{}", "-:{}:.{}", "-:{}:²", "-:{}:1.{}", "+:{}:no", "sw:{}:no"])
async def test_a_forged_tap_changes_nothing(ann: Actor, sessions: Sessions, data: str) -> None:
    prompt = await send_pair(ann)
    before = await sessions.get(SessionKey(ann.id, 0, ann.id))
    assert before is not None
    assert await ann.tap_data(prompt, data.format(ann.id, before.question))
    after = await sessions.get(SessionKey(ann.id, 0, ann.id))
    assert after is not None
    assert (after.content, after.styles, after.adding) == (before.content, before.styles, False)


async def test_a_cover_on_any_of_them_is_kept(ann: Actor, jobs: Jobs) -> None:
    await ann.send_album([picture("red"), picture("blue")])
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Add a style")
    await ann.expect(text="one more style", photo=True)
    photo = (await ann.send_photo(picture("green"))).json["photo"]
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Add a style")
    await ann.expect(text="one more style", photo=True)
    ann.world.post(ann.private, ann.person, {"photo": photo, "has_media_spoiler": True})
    prompt = await ann.expect(text="The photo, then 3 styles", photo=True)
    assert prompt.is_covered
    await ann.tap("Light")
    job = await painted(ann, jobs)
    assert [style.spoiler for style in job.styles] == [False, False, True]
