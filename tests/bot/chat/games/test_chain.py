"""A group repaints its latest picture again and again, and sees the whole way at last."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from core.executor.protocol import PaintFailed
from storage import Game, GameKind, Games, Jobs
from tests.bot.chat.conftest import Restart, done
from tests.kit.clock import Clock
from tests.kit.easel import Easel, colour_of, halves, is_near
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, Colour, picture
from tests.kit.waiting import until

DAY = 24 * 3600.0
Place = tuple[Chat, dict[str, Any]]


@pytest.fixture(params=["group", "topic"])
def place(request: pytest.FixtureRequest, api: Emulator, ann: Actor, ben: Actor, cid: Actor) -> Place:
    people = [ann.person, ben.person, cid.person]
    if request.param == "group":
        return api.world.add_supergroup("Friends", people), {}
    forum = api.world.add_supergroup("Forum", people, forum=True)
    return forum, {"thread": ann.create_topic(forum, "Cats")}


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor, cid: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person, cid.person])


async def first(user: Actor, chat: Chat, jobs: Jobs, *, spoiler: bool = False, **where: Any) -> SeenMessage:
    """A first result, of a red photo."""
    before = len(await jobs.history(user.id))
    await user.send_photo(picture("red"), "/style great wave", chat=chat, spoiler=spoiler, **where)
    shown = await user.expect(photo=True, buttons=["Repaint mine"], chat=chat)
    await done(jobs, user, before + 1)
    return shown


async def under_way(games: Games, chat: Chat, thread: int = 0) -> Game:
    game = await games.under_way(chat.id, thread, GameKind.CHAIN)
    assert game
    return game


async def is_open(games: Games, chat: Chat, thread: int = 0) -> None:
    """The latest link is put away."""

    async def opened() -> bool:
        game = await games.under_way(chat.id, thread, GameKind.CHAIN)
        return game is not None and game.state.startswith("open")

    await until(opened)


async def is_over(games: Games, chat: Chat, thread: int = 0) -> None:
    async def ended() -> bool:
        return await games.under_way(chat.id, thread, GameKind.CHAIN) is None

    await until(ended)


async def link(
    user: Actor, chat: Chat, games: Games, to: SeenMessage, number: int, colour: str = "blue", **where: Any
) -> SeenMessage:
    """A picture in reply to the latest one; returns its result."""
    await user.send_photo(picture(colour), "/chain", chat=chat, reply_to=to, **where)
    shown = await user.expect(text=f"Link {number} of 5 · {user.person.first_name}", photo=True, chat=chat)
    if number < 5:
        await is_open(games, chat, where.get("thread", 0))
    return shown


async def way(user: Actor, chat: Chat, like: str = "The whole chain") -> SeenMessage:
    """The animation at the end."""
    return await user.expect(text=like, where=lambda seen: seen.animation is not None, chat=chat)


def held(animation: SeenMessage) -> list[Image.Image]:
    """The pictures that it stops at."""
    frames = []
    with Image.open(BytesIO(animation.animation_bytes())) as gif:
        for number in range(getattr(gif, "n_frames", 1)):
            gif.seek(number)
            if gif.info["duration"] > 500:
                frames.append(gif.convert("RGB"))
    return frames


def colour_above(frame: Image.Image) -> Colour:
    """The colour in the middle of the upper edge, where no label is."""
    red, green, blue = np.asarray(frame)[5, frame.width // 2]
    return int(red), int(green), int(blue)


async def test_five_links_of_three_people_and_the_whole_way(
    ann: Actor, ben: Actor, cid: Actor, place: Place, jobs: Jobs, games: Games
) -> None:
    chat, where = place
    thread = where.get("thread", 0)
    shown = await first(ann, chat, jobs, **where)
    shown = await link(ben, chat, games, shown, 1, **where)
    assert is_near(halves(shown.photo_bytes())[1], BLUE)
    await cid.send_photo(picture("green"), chat=chat, reply_to=shown, **where)  # without a command
    shown = await cid.expect(text="Link 2 of 5 · Cid", photo=True, chat=chat)
    await is_open(games, chat, thread)
    await ann.send_text("/chain hokusai", chat=chat, reply_to=shown, **where)  # by name
    shown = await ann.expect(text="Link 3 of 5 · Ann", photo=True, chat=chat)
    await is_open(games, chat, thread)
    shown = await link(ben, chat, games, shown, 4, "yellow", **where)
    before = colour_of(shown.photo_bytes())
    shown = await link(cid, chat, games, shown, 5, **where)
    assert is_near(halves(shown.photo_bytes())[0], before), "painted from another picture than the last"
    end = await way(ann, chat)
    assert "Ann → Ben → Cid → Ann → Ben → Cid" in end.text
    assert not where or end.thread == thread
    frames = held(end)
    assert len(frames) == 7
    assert is_near(colour_above(frames[0]), RED), "does not begin with the photo"
    await is_over(games, chat, thread)
    shown = await link(ann, chat, games, shown, 1, **where)  # another begins with the last picture


@pytest.mark.parametrize("who", ["who began it", "who has a link", "an administrator"])
async def test_end_shows_the_way_so_far(
    api: Emulator, ann: Actor, ben: Actor, cid: Actor, friends: Chat, jobs: Jobs, games: Games, who: str
) -> None:
    shown = await first(ann, friends, jobs)
    shown = await link(ben, friends, games, shown, 1)
    shown = await link(cid, friends, games, shown, 2)
    dan = Actor.join(api.world, "Dan")
    friends.members.append(dan.person)
    await dan.send_text("/chain end", chat=friends)
    await ann.expect(text="Only those who have a link", chat=friends)
    if who == "an administrator":
        ann.promote(friends, dan)
    ends = {"who began it": ben, "who has a link": cid}.get(who, dan)
    await ends.send_text("/chain end", chat=friends)
    end = await way(ann, friends)
    assert "Ann → Ben → Cid" in end.text
    assert len(held(end)) == 4
    await is_over(games, friends)


async def is_asked(person: Actor, jobs: Jobs) -> None:
    """Wait until a painting of theirs is under way."""

    async def is_under_way() -> bool:
        return bool(await jobs.of_user(person.id))

    await until(is_under_way)


async def test_a_link_waits_for_the_one_before_and_the_end_for_both(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games, easel: Easel
) -> None:
    shown = await first(ann, friends, jobs)
    easel.hold()
    await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
    await is_asked(ben, jobs)
    await ann.send_photo(picture("green"), "/chain", chat=friends, reply_to=shown)
    await ann.expect(text="still painting the link before", chat=friends)
    await ben.send_text("/chain end", chat=friends)
    await ben.expect(text="still painting its last link", chat=friends)
    await ben.send_text("/chain end", chat=friends)
    await ben.expect(text="I'm at it already", chat=friends)
    easel.go_on()
    assert "Ann → Ben" in (await way(ann, friends)).text
    await is_over(games, friends)


async def test_a_restart_in_every_state(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games, easel: Easel, restart: Restart
) -> None:
    shown = await first(ann, friends, jobs)
    easel.hold()
    await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
    await is_asked(ben, jobs)
    await restart()
    easel.go_on()
    shown = await ben.expect(text="Link 1 of 5 · Ben", photo=True, chat=friends)
    await is_open(games, friends)
    await restart()
    easel.hold()
    await ann.send_photo(picture("green"), "/chain", chat=friends, reply_to=shown)
    await is_asked(ann, jobs)
    await ann.send_text("/chain end", chat=friends)
    await ann.expect(text="still painting its last link", chat=friends)
    await restart()
    easel.go_on()
    assert "Ann → Ben → Ann" in (await way(ann, friends)).text
    await is_over(games, friends)


async def test_what_is_no_reply_to_the_latest_result_is_told_which_it_is(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games
) -> None:
    await ann.send_text("/chain", chat=friends)
    await ann.expect(text="haven't painted anything here yet", chat=friends)
    await ann.send_text("/chain end", chat=friends)
    await ann.expect(text="There's no chain here", chat=friends)
    older = await first(ann, friends, jobs)
    latest = await first(ann, friends, jobs)
    await ben.send_photo(picture("blue"), "/chain", chat=friends)
    assert (await ben.expect(text="my latest picture here", chat=friends)).reply_to_id == latest.id
    await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=older)
    said = await ben.expect(text="That one is not the latest", chat=friends)
    assert said.reply_to_id == latest.id
    mine = await ben.send_photo(picture("blue"), chat=friends)
    await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=mine)
    assert (await ben.expect(text="my latest picture here", chat=friends)).reply_to_id == latest.id
    await ben.send_text("/chain", chat=friends, reply_to=latest)
    await ben.expect(text="Write /chain under a picture", chat=friends)
    await ben.send_text("/chain qqqqq", chat=friends, reply_to=latest)
    await ben.expect(text="no painting of that name", chat=friends)
    link_1 = await link(ben, friends, games, said, 1)  # in reply to the words that point at the latest
    await ann.send_photo(picture("blue"), "/chain", chat=friends, reply_to=latest)
    await ann.expect(
        text="That one is not the latest", where=lambda seen: seen.reply_to_id == link_1.id, chat=friends
    )


@pytest.mark.parametrize("what", ["failed", "cancelled"])
async def test_a_link_that_came_to_nothing_is_taken_out(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games, easel: Easel, what: str
) -> None:
    shown = await first(ann, friends, jobs)
    shown = await link(ann, friends, games, shown, 1)
    if what == "failed":
        easel.failures.append(PaintFailed("no"))
        await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
        said = await ben.expect(text="Ben's link didn't work out", chat=friends)
    else:
        easel.hold()
        await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
        await is_asked(ben, jobs)
        await ben.send_text("/cancel", chat=friends)
        said = await ben.expect(text="Ben's link was cancelled", chat=friends)
        easel.go_on()
    assert said.reply_to_id == shown.id
    await is_open(games, friends)
    await link(ben, friends, games, shown, 2)
    await ben.send_text("/chain end", chat=friends)
    assert "Ann → Ann → Ben" in (await way(ann, friends)).text


async def test_who_began_it_forgets_everything_and_another_chain_can_begin(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games
) -> None:
    shown = await first(ann, friends, jobs)
    shown = await link(ben, friends, games, shown, 1)
    shown = await link(ann, friends, games, shown, 2)
    await ben.send_text("/forget")
    await ben.expect(text="Shall I delete")
    await ben.tap("Delete")
    await ben.expect(text="I have deleted")
    await is_over(games, friends)
    await link(ann, friends, games, shown, 1)


async def test_who_has_a_link_forgets_everything_and_the_rest_is_shown(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games
) -> None:
    shown = await first(ann, friends, jobs)
    shown = await link(ann, friends, games, shown, 1)
    await link(ben, friends, games, shown, 2)
    await ben.send_text("/forget")
    await ben.expect(text="Shall I delete")
    await ben.tap("Delete")
    await ben.expect(text="I have deleted")
    await ann.send_text("/chain end", chat=friends)
    end = await way(ann, friends)
    assert "Ben" not in end.text
    assert len(held(end)) == 3


async def test_the_bot_is_removed_while_a_link_is_painted(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games, easel: Easel
) -> None:
    shown = await first(ann, friends, jobs)
    easel.hold()
    await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
    await is_asked(ben, jobs)
    ann.remove_bot(friends)
    await is_over(games, friends)
    easel.go_on()


@pytest.mark.parametrize("withdrawn", [("sticker", "animation"), ("sticker", "animation", "photo")])
async def test_where_animations_are_not_let_in_it_ends_with_words(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games, withdrawn: tuple[Any, ...]
) -> None:
    shown = await first(ann, friends, jobs)
    await link(ben, friends, games, shown, 1)
    ann.forbid(friends, *withdrawn)
    await ben.send_text("/chain end", chat=friends)
    said = await ann.expect(text="not allowed to send animations here", chat=friends)
    assert "Ann → Ben" in said.text
    await is_over(games, friends)


async def test_a_covered_picture_makes_a_covered_animation(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games
) -> None:
    shown = await first(ann, friends, jobs, spoiler=True)
    assert (await link(ben, friends, games, shown, 1)).is_covered
    await ben.send_text("/chain end", chat=friends)
    assert (await way(ann, friends)).is_covered


@pytest.mark.parametrize("links", [1, 2])
async def test_a_chain_that_is_left_alone_ends_by_itself(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games, clock: Clock, links: int
) -> None:
    shown = await first(ann, friends, jobs)
    for number in range(1, links + 1):
        shown = await link(ben, friends, games, shown, number)
    clock.put_forward(DAY)
    if links == 2:
        assert "Nobody has added a link for a day" in (await way(ann, friends)).text
    else:
        said = await ann.expect(text="Nobody has added a link for a day", chat=friends)
        assert said.animation is None
    await is_over(games, friends)


async def test_in_russian(api: Emulator, friends: Chat, ann: Actor, jobs: Jobs, games: Games) -> None:
    olga = Actor.join(api.world, "Ольга", language="ru")
    friends.members.append(olga.person)
    shown = await first(ann, friends, jobs)
    await olga.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
    await olga.expect(text="Звено 1 из 5 · Ольга", photo=True, chat=friends)
    await is_open(games, friends)
    await olga.send_text("/chain конец", chat=friends)
    await way(olga, friends, "Ann → Ольга")


async def test_a_full_queue_is_said_and_the_next_one_can_add_a_link(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games, easel: Easel
) -> None:
    shown = await first(ann, friends, jobs)
    shown = await link(ann, friends, games, shown, 1)
    easel.hold()
    for _ in range(4):  # one is painted, and three wait
        await ben.send_photo(picture("red"), "/style great wave", chat=friends)
        await ben.expect(text="", chat=friends)

    async def full() -> bool:
        return len(await jobs.of_user(ben.id)) == 4

    await until(full)
    await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
    await ben.expect(text="already have as many pictures waiting", chat=friends)
    await is_open(games, friends)
    easel.go_on()
    await link(ann, friends, games, shown, 2)
