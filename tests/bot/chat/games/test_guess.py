"""Guessing the painter, from the photo to the answer, in a group and in a topic."""

import re
from random import Random
from typing import Any

import pytest

from bot.chat.games.quiz import LONGEST_EXPLANATION, LONGEST_OPTION, draw
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.gallery.collection import Gallery, paintings_of_the_bot
from bot.gallery.painting import Label, Painting
from bot.wording.translation import translator
from core.executor.protocol import PaintFailed
from storage import Bans, Database, Game, GameKind, Games, Jobs
from tests.bot.chat.conftest import Process, done
from tests.kit.clock import Clock
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import eventually, until

Place = tuple[Chat, dict[str, Any]]


NOT_YET = "Not yet: the others are still guessing."


@pytest.fixture(params=["group", "topic"])
def place(request: pytest.FixtureRequest, api: Emulator, ann: Actor, ben: Actor, cleo: Actor) -> Place:
    people = [one.person for one in (ann, ben, cleo)]
    if request.param == "group":
        return api.world.add_supergroup("Friends", people), {}
    forum = api.world.add_supergroup("Forum", people, forum=True)
    return forum, {"thread": ann.create_topic(forum, "Cats")}


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor, cleo: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [one.person for one in (ann, ben, cleo)])


async def ask(ann: Actor, ben: Actor, chat: Chat, **where: Any) -> SeenMessage:
    """Ann has a photo of Ben's painted; returns her command."""
    photo = await ben.send_photo(picture("red"), chat=chat, **where)
    return await ann.send_text("/guess", chat=chat, reply_to=photo, **where)


async def quiz(ann: Actor, chat: Chat, games: Games, thread: int = 0) -> tuple[SeenMessage, Game]:
    """The poll, and its game once it is open."""
    poll = await ann.expect(where=lambda seen: seen.poll is not None, chat=chat)

    async def is_open() -> bool:
        game = await games.last(chat.id, thread, GameKind.GUESS)
        return game is not None and game.poll_message_id == poll.id

    await until(is_open)
    game = await games.last(chat.id, thread, GameKind.GUESS)
    assert game is not None
    return poll, game


async def over(games: Games, game: Game) -> None:
    async def is_over() -> bool:
        now = await games.get(game.id)
        return now is not None and now.is_over

    await until(is_over)


async def guessed(games: Games, chat: Chat, people: int) -> None:
    async def have() -> bool:
        return len(await games.top(chat.id)) == people

    await until(have)


def wrong(game: Game) -> int:
    right: int = game.details["right"]
    return (right + 1) % len(game.details["options"])


def close(api: Emulator) -> None:
    """Time goes by, at Telegram."""
    api.world.polls.let_time_pass(301)


async def test_the_whole_course(
    api: Emulator, ann: Actor, ben: Actor, cleo: Actor, place: Place, games: Games, jobs: Jobs
) -> None:
    chat, where = place
    await ann.send_text("/top", chat=chat, **where)
    await ann.expect(text="Nobody has guessed here yet", chat=chat)
    await ask(ann, ben, chat, **where)
    shown = await ann.expect(photo=True, text="here it is", chat=chat)
    poll, game = await quiz(ann, chat, games, where.get("thread", 0))
    assert shown.text.startswith("Whose style is this?")
    assert shown.buttons == []
    assert poll.poll
    assert poll.poll.is_quiz
    assert not poll.poll.json["is_anonymous"]
    assert poll.poll.json["open_period"] == 300
    assert len(set(poll.poll.options)) == 4
    assert poll.json["reply_to_message"]["message_id"] == shown.id
    assert poll.thread == where.get("thread", poll.thread)
    [job] = await done(jobs, ann)
    title = game.details["label"].partition(": ")[2].partition(" (")[0]
    assert title not in shown.text

    voted = await ann.vote(poll, game.details["right"])
    assert voted.poll
    assert voted.poll.explanation == game.details["label"]
    await ben.vote(poll, wrong(game))
    await guessed(games, chat, 2)
    close(api)
    told = await ann.expect(photo=True, buttons=["Repaint mine", "Another style"], chat=chat)
    assert told.id == shown.id
    assert game.details["label"] in told.text
    assert "1 of 2 guessed right." in told.text
    await over(games, game)
    with pytest.raises(ValueError, match="closed"):
        await cleo.vote(poll, game.details["right"])
    after = await jobs.get(job.id)
    assert after is not None
    assert not after.secret

    await ben.send_text("/top", chat=chat, **where)
    top = await ben.expect(text="Who guesses best here", chat=chat)
    assert top.text.splitlines()[1:] == ["🥇 Ann – 1 of 1", "2. Ben – 0 of 1"]
    assert not top.json.get("entities")


async def test_under_a_photo_and_again_with_the_last_one(
    api: Emulator, ann: Actor, friends: Chat, games: Games, easel: Easel
) -> None:
    await ann.send_text("/guess", chat=friends)
    await ann.expect(text="I haven't painted anything here yet", chat=friends)
    await ann.send_photo(picture("red"), "/guess", chat=friends)
    _, game = await quiz(ann, friends, games)
    close(api)
    await over(games, game)
    await ann.send_text("/guess", chat=friends)
    await eventually(lambda: len(easel.begun) == 2)
    assert easel.begun[0].content == easel.begun[1].content


async def test_one_at_a_time(ann: Actor, ben: Actor, place: Place, games: Games, easel: Easel) -> None:
    chat, where = place
    easel.hold()
    await ask(ann, ben, chat, **where)
    await eventually(lambda: easel.at_work == 1)
    await ask(ben, ann, chat, **where)
    await ben.expect(text="One at a time: I'm still painting", chat=chat)
    easel.go_on()
    poll, _ = await quiz(ann, chat, games, where.get("thread", 0))
    await ask(ben, ann, chat, **where)
    said = await ben.expect(text="Have you guessed yet?", chat=chat)
    assert said.json["reply_to_message"]["message_id"] == poll.id
    assert len(easel.begun) == 1


async def test_the_style_is_told_nowhere_while_people_guess(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, games: Games, jobs: Jobs
) -> None:
    await ann.send_text("/start")
    await ask(ann, ben, friends)
    poll, game = await quiz(ann, friends, games)
    [job] = await done(jobs, ann)
    painting = Gallery(paintings_of_the_bot()).get(game.details["painting"])
    assert painting
    for action in ("w", "os", "m", "a", "r", "st", "f", "o"):
        assert await ann.tap_data(poll, f"{action}:{job.id}:") == NOT_YET
    await ann.send_text("/history")
    await ann.expect(text="Your last results")
    await ann.tap("1")
    seen = await ann.expect(photo=True, text="Balanced")
    assert seen.text == "Balanced"
    assert seen.buttons == []
    await ann.send_text("/swap", chat=friends)
    await ann.expect(text="still guessing", chat=friends)
    await ben.send_photo(picture("green"), "/style", chat=friends)
    question = await ben.expect(text="with the style picture", chat=friends)
    assert not any("last style" in label for label in question.buttons)
    close(api)
    await over(games, game)
    await ann.send_text("/history")
    await ann.expect(text="Your last results")
    await ann.tap("1")
    seen = await ann.expect(photo=True, text="Balanced")
    assert seen.text == f"Balanced · {painting.label('en').short}"
    assert seen.buttons


@pytest.mark.parametrize("state", ["painting", "painted", "open", "closed"])
async def test_a_restart_loses_nothing(
    api: Emulator,
    ann: Actor,
    ben: Actor,
    place: Place,
    games: Games,
    jobs: Jobs,
    easel: Easel,
    process: Process,
    clock: Clock,
    state: str,
) -> None:
    chat, where = place
    thread = where.get("thread", 0)
    if state == "painting":
        easel.hold()
    await ask(ann, ben, chat, **where)
    if state == "painting":
        await eventually(lambda: easel.at_work == 1)
        easel.go_on()
        await process()
    elif state == "painted":
        await ann.expect(photo=True, text="here it is", chat=chat)
        await process()
    poll, game = await quiz(ann, chat, games, thread)
    await ben.vote(poll, game.details["right"])
    if state == "open":
        await process()
    await guessed(games, chat, 1)
    if state == "closed":
        clock.put_forward(320)
        await process()
    else:
        close(api)
    told = await ann.expect(text="It was", buttons=["Repaint mine"], chat=chat)
    assert "1 of 1 guessed right." in told.text
    await over(games, game)
    assert len([message for message in chat.messages.values() if message.poll]) == 1
    assert len(await jobs.history(ann.id)) == 1


async def test_votes_and_the_end_that_come_while_the_bot_is_away_count(
    api: Emulator,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    friends: Chat,
    games: Games,
    clock: Clock,
    process: Process,
) -> None:
    await ask(ann, ben, friends)
    poll, game = await quiz(ann, friends, games)
    await process.stop()
    await ben.vote(poll, game.details["right"])
    await cleo.vote(poll, wrong(game))
    close(api)
    clock.put_forward(400)
    await process.start()
    await over(games, game)
    await guessed(games, friends, 2)
    told = await ann.expect(text="It was", chat=friends)
    assert "1 of 2 guessed right." in told.text


async def test_the_banned_do_not_count_and_the_forgotten_no_more(
    api: Emulator, ann: Actor, ben: Actor, cleo: Actor, friends: Chat, games: Games, shared: Database
) -> None:
    await Bans(shared).ban(cleo.id)
    await ask(ann, ben, friends)
    poll, game = await quiz(ann, friends, games)
    await cleo.vote(poll, game.details["right"])
    await ben.vote(poll, game.details["right"])
    await guessed(games, friends, 1)
    await ben.send_text("/forget")
    await ben.expect(text="Shall I delete everything")
    await ben.tap("Delete everything")
    await ben.expect(text="1 move in games")
    assert await games.top(friends.id) == []
    close(api)
    await over(games, game)


async def test_who_began_is_forgotten_in_the_middle(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, games: Games
) -> None:
    await ask(ann, ben, friends)
    poll, game = await quiz(ann, friends, games)
    await ann.send_text("/forget")
    await ann.expect(text="Shall I delete everything")
    await ann.tap("Delete everything")
    await ann.expect(text="I have deleted")
    assert await games.get(game.id) is None
    await ben.vote(poll, game.details["right"])
    await ask(ben, ann, friends)
    another = await ben.expect(where=lambda seen: bool(seen.poll) and seen.id != poll.id, chat=friends)
    close(api)
    told = await ben.expect(text="It was", photo=True, chat=friends)
    assert told.id == another.json["reply_to_message"]["message_id"]


async def test_a_painting_that_fails_or_is_cancelled_ends_it(
    ann: Actor, ben: Actor, friends: Chat, games: Games, easel: Easel
) -> None:
    easel.failures.append(PaintFailed("out of paint"))
    await ask(ann, ben, friends)
    await ann.expect(text="No picture, nothing to guess", chat=friends)
    easel.hold()
    await ask(ann, ben, friends)
    await ann.expect(buttons=["Cancel"], chat=friends)
    assert await ann.tap("Cancel", chat=friends) == "Cancelled."
    await ann.expect(text="No picture, nothing to guess", chat=friends)
    assert await games.all_under_way() == []
    easel.go_on()

    def is_offered() -> bool:
        shown = [ann.seen(message.to_watchers()) for message in friends.messages.values()]
        return any(message.callback_data("Paint it after all") for message in shown)

    await eventually(is_offered)  # which may come after the word that ends the game
    await ann.tap("Paint it after all", chat=friends)
    await ann.expect(photo=True, buttons=["Repaint mine"], chat=friends)


async def test_without_polls_the_answer_is_told(ann: Actor, ben: Actor, friends: Chat, games: Games) -> None:
    ann.forbid(friends, "poll")
    await ask(ann, ben, friends)
    told = await ann.expect(photo=True, text="It was", buttons=["Repaint mine"], chat=friends)
    assert told.text
    await ann.expect(text="I'm not allowed to send polls here", chat=friends)
    assert await games.all_under_way() == []


async def test_without_pictures_there_is_nothing_to_guess(
    ann: Actor, ben: Actor, friends: Chat, games: Games
) -> None:
    await ann.send_text("/start")
    photo = await ben.send_photo(picture("red"), chat=friends)
    ann.forbid(friends, "photo", "document")
    await ann.send_text("/guess", chat=friends, reply_to=photo)
    await ann.expect(text="I'm not allowed to show the picture here", chat=friends)
    await ann.expect(photo=True, text="It was")
    assert await games.all_under_way() == []


async def test_where_only_files_are_let_in_people_guess_about_one(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, games: Games
) -> None:
    photo = await ben.send_photo(picture("red"), chat=friends)
    ann.forbid(friends, "photo")
    await ann.send_text("/guess", chat=friends, reply_to=photo)
    await ann.expect(text="your picture will come as a file", chat=friends)
    poll, _ = await quiz(ann, friends, games)
    close(api)
    told = await ann.expect(document=True, text="It was", buttons=["Repaint mine"], chat=friends)
    assert told.id == poll.json["reply_to_message"]["message_id"]


async def test_a_full_queue_is_said_and_nothing_is_left_open(
    ann: Actor, ben: Actor, cleo: Actor, friends: Chat, games: Games, jobs: Jobs, easel: Easel
) -> None:
    easel.hold()
    await ask(ann, ben, friends)
    await eventually(lambda: easel.at_work == 1)
    for _ in range(3):
        await cleo.send_photo(picture("blue"), "/style great wave", chat=friends)
    cats = ann.world.add_supergroup("Cats", [cleo.person, ben.person])
    photo = await ben.send_photo(picture("green"), chat=cats)

    async def all_wait() -> bool:
        return len(await jobs.of_user(cleo.id)) == 3

    await until(all_wait)
    command = await cleo.send_text("/guess", chat=cats, reply_to=photo)
    said = await cleo.expect(text="as many pictures waiting as I can take", chat=cats)
    assert said.json["reply_to_message"]["message_id"] == command.id
    assert await games.under_way(cats.id, 0, GameKind.GUESS) is None
    easel.go_on()


async def test_the_group_becomes_a_supergroup_in_the_middle(
    api: Emulator, ann: Actor, ben: Actor, games: Games, clock: Clock, process: Process
) -> None:
    group = api.world.add_group("Friends", [ann.person, ben.person])
    await ask(ann, ben, group)
    poll, game = await quiz(ann, group, games)
    await ben.vote(poll, game.details["right"])
    await guessed(games, group, 1)
    moved = ann.upgrade(group)
    await guessed(games, moved, 1)
    clock.put_forward(320)
    await process()
    told = await ann.expect(text="It was", chat=moved)
    assert game.details["label"] in told.text
    assert "1 of 1 guessed right." in told.text
    await over(games, game)
    await ben.send_text("/top", chat=moved)
    await ben.expect(text="🥇 Ben – 1 of 1", chat=moved)


async def test_a_picture_that_was_deleted_is_told_by_a_message(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, games: Games
) -> None:
    await ask(ann, ben, friends)
    poll, game = await quiz(ann, friends, games)
    api.world.delete(friends.messages[poll.json["reply_to_message"]["message_id"]])
    close(api)
    told = await ann.expect(text="It was", photo=False, chat=friends)
    assert game.details["label"] in told.text
    await over(games, game)


async def test_the_bot_is_removed_in_the_middle(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, games: Games, jobs: Jobs
) -> None:
    await ask(ann, ben, friends)
    _, game = await quiz(ann, friends, games)
    ann.remove_bot(friends)
    await over(games, game)
    close(api)
    [job] = await jobs.of_game(game.id)
    assert not job.secret


async def test_games_switched_off_in_the_middle(
    ann: Actor, ben: Actor, friends: Chat, games: Games, jobs: Jobs
) -> None:
    await ask(ann, ben, friends)
    _, game = await quiz(ann, friends, games)
    await ann.send_text("/games off", chat=friends)
    await ann.expect(text="Games are off here", chat=friends)
    await over(games, game)

    async def told() -> bool:
        return not (await jobs.of_game(game.id))[0].secret

    await until(told)
    await ben.send_text("/guess", chat=friends)
    await ben.expect(text="Games are off here", chat=friends)


async def test_the_same_command_twice_and_forged_taps(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, games: Games, easel: Easel
) -> None:
    command = await ask(ann, ben, friends)
    poll, game = await quiz(ann, friends, games)
    api.world.updates.add("message", ann.message(command).to_json())
    assert await ben.tap_data(poll, f"j:{game.id}:reveal") == "That button no longer works."
    assert await ben.tap_data(poll, "j:999:reveal") == "That game is over."
    close(api)
    await over(games, game)
    api.world.updates.add("message", ann.message(command).to_json())
    await ben.send_text("/top", chat=friends)
    await ben.expect(text="Nobody has guessed", chat=friends)
    assert len(easel.begun) == 1
    assert len([message for message in friends.messages.values() if message.poll]) == 1


async def test_in_russian(api: Emulator, ben: Actor, games: Games) -> None:
    olga = Actor.join(api.world, "Ольга", language="ru")
    friends = api.world.add_supergroup("Друзья", [olga.person, ben.person])
    await ask(olga, ben, friends)
    poll, game = await quiz(olga, friends, games)
    assert poll.poll
    assert all(re.search("[а-яё]", option) for option in poll.poll.options)
    await olga.vote(poll, game.details["right"])
    await guessed(games, friends, 1)
    close(api)
    told = await olga.expect(text="Это", buttons=["А теперь моё фото"], chat=friends)
    assert not re.search("[a-z]", told.text)
    await olga.send_text("/top", chat=friends)
    await olga.expect(text="🥇 Ольга – 1 из 1", chat=friends)


def _gallery(*labels: Label) -> Gallery:
    some = paintings_of_the_bot()[0]
    return Gallery(
        Painting(name=f"p{number}", path=some.path, digest=str(number), labels={"en": label})
        for number, label in enumerate(labels)
    )


def test_few_painters_make_a_quiz_of_titles_and_a_single_painting_none() -> None:
    t, random = translator("en"), Random(1)  # noqa: S311
    assert draw(_gallery(Label("Alone", "Ann")), t, random) is None
    assert draw(_gallery(Label("Same"), Label("Same")), t, random) is None
    two = draw(_gallery(Label("One", "Ann"), Label("Two", "Ann")), t, random)
    assert two is not None
    assert not two.of_painters
    assert sorted(two.options) == ["One", "Two"]
    many = draw(_gallery(*(Label(f"Title {number}" + 200 * "x") for number in range(9))), t, random)
    assert many is not None
    assert len(many.options) == 1 or len(many.options) == 4
    assert all(len(option) <= LONGEST_OPTION for option in many.options)
    assert len(many.label) <= LONGEST_EXPLANATION


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_quiz_has_four_painters_one_of_whom_is_right(seed: int, language: str) -> None:
    gallery, t = Gallery(paintings_of_the_bot()), translator(language)
    quiz = draw(gallery, t, Random(seed))  # noqa: S311
    assert quiz is not None
    assert len(set(quiz.options)) == 4
    painting = gallery.get(quiz.painting)
    assert painting
    assert quiz.options[quiz.right] == painting.label(language).painter
    assert quiz.label == str(painting.label(language))
