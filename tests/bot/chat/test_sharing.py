"""Sharing results in any chat by inline mode: one's own, the newest first, and nobody else's."""

from collections.abc import AsyncIterator

import pytest

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.people.seen_offers import SeenOffers
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request
from bot.gallery.collection import paintings_of_the_bot
from bot.settings import Settings
from storage import Bans, Database, Job, Jobs
from tests.bot.chat.conftest import Restart, done
from tests.bot.chat.test_results import painted as paint
from tests.bot.chat.test_results import painted_often
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until

LIMIT = 12


@pytest.fixture
async def api() -> AsyncIterator[Emulator]:
    async with Emulator(inline_mode=True) as api:
        yield api


async def painted(user: Actor, jobs: Jobs, strength: str = "Strong") -> Job:
    """The job of a new result, whether or not there are others."""
    before = await jobs.history(user.id, limit=1)
    await paint(user, jobs, strength)

    async def is_stored() -> bool:
        return await jobs.history(user.id, limit=1) != before

    await until(is_stored)
    return (await jobs.history(user.id, limit=1))[0]


async def in_style(job: Job, painting: str, strength: str, shared: Database) -> None:
    """Has it been painted so."""
    await shared.write(
        "UPDATE jobs SET style_file_id = ?, strength = ? WHERE id = ?",
        (f"gallery:{painting}", strength, job.id),
    )


def ids(offers: SeenOffers) -> list[int]:
    return [int(offer.id) for offer in offers.results]


def button_of(offers: SeenOffers) -> str:
    """What the button above the results says. It opens the bot."""
    assert offers.button
    assert offers.button["start_parameter"]
    return str(offers.button["text"])


def share_button(shown: SeenMessage) -> str | None:
    """The inline query that its Share button begins."""
    rows = shown.json["reply_markup"]["inline_keyboard"]
    found = [button for row in rows for button in row if "Share" in button["text"]]
    return str(found[0]["switch_inline_query"]) if found else None


async def opened(user: Actor) -> SeenMessage:
    """The newest result, with its buttons behind More."""
    await user.tap("More…")
    return await user.expect(buttons=["Back"])


async def test_ones_own_results_are_offered_and_sent_as_they_are(ann: Actor, ben: Actor, jobs: Jobs) -> None:
    friends = ann.world.add_group("Friends", [ann.person, ben.person])
    await ann.expect(text="Hello!", chat=friends)
    job = await painted(ann, jobs)
    offers = await ann.ask_inline("", chat=friends)
    (offer,) = offers.results
    assert (offer.kind, offer.title) == ("photo", "Strong")
    assert offer.file_id == job.result_photo_file_id
    assert button_of(offers) == "Paint a new picture"
    sent = await ann.choose(offer, chat=friends)
    assert sent.has_photo
    assert sent.text == "Strong"
    await ann.expect_silence(0.2, chat=friends)


async def test_they_are_named_as_in_the_chat_in_the_language_of_whoever_asks(
    api: Emulator, jobs: Jobs, shared: Database
) -> None:
    olga = Actor.join(api.world, "Ольга", "ru")
    await olga.send_photo(picture("red"))
    await olga.expect(buttons=["1", "🎲"])
    await olga.tap("1")
    await olga.expect(photo=True, buttons=["✖️"])
    await olga.tap("Сильно")
    await olga.expect(photo=True, buttons=["🌈"])
    [job] = await done(jobs, olga)
    painting = paintings_of_the_bot()[0]
    offers = await olga.ask_inline("")
    assert [offer.title for offer in offers.results] == [f"Сильно · {painting.label('ru').short}"]
    assert button_of(offers) == "Нарисовать новую картину"
    await shared.write("UPDATE users SET language = 'en'")
    assert (await olga.ask_inline("")).results[0].title == f"Strong · {painting.label('en').short}"
    assert ids(await olga.ask_inline(painting.label("ru").short)) == [job.id]


async def test_nobody_is_offered_what_is_somebody_elses(ann: Actor, ben: Actor, jobs: Jobs) -> None:
    job = await painted(ann, jobs)
    for query in ("", f"#{job.id}", "strong", "#", "#0", f"#{job.id} "):
        offers = await ben.ask_inline(query, chat=ben.private)
        assert offers.results == ()
        assert button_of(offers) == "No results yet: paint a picture"
    assert ids(await ann.ask_inline("")) == [job.id]


async def test_the_newest_come_first_fifty_a_page(ann: Actor, jobs: Jobs, shared: Database) -> None:
    newest = [job.id for job in await painted_often(ann, jobs, shared, times=120)]
    pages: list[list[int]] = []
    offset = ""
    while not pages or offset:
        offers = await ann.ask_inline("", offset=offset)
        pages.append(ids(offers))
        offset = offers.next_offset
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [job_id for page in pages for job_id in page] == newest


async def test_a_new_result_moves_no_page(ann: Actor, jobs: Jobs, shared: Database) -> None:
    older = [job.id for job in await painted_often(ann, jobs, shared, times=60)]
    first = await ann.ask_inline("")
    newest = await painted(ann, jobs, "Wild")
    assert ids(await ann.ask_inline("", offset=first.next_offset)) == older[50:]
    assert ids(await ann.ask_inline(""))[0] == newest.id, "and no answer is an old one"


async def test_no_offset_leads_to_what_is_somebody_elses(ann: Actor, ben: Actor, jobs: Jobs) -> None:
    first = await painted(ann, jobs)
    mine = await painted(ben, jobs)
    last = await painted(ann, jobs)
    for offset in (f"{first.id + 1}", f"{last.id}", f"{last.id + 1}", "9" * 19, "0", f"#{first.id}", "٣"):
        for query in ("", f"#{first.id}", f"#{last.id}", f"#{mine.id} #{last.id}"):
            offers = await ben.ask_inline(query, offset=offset)
            assert set(ids(offers)) <= {mine.id}, (query, offset)
            assert all(offer.file_id == mine.result_photo_file_id for offer in offers.results)


@pytest.mark.parametrize("offset", ["x", "-1", "9" * 60, "1.5"])
async def test_an_offset_that_is_none_begins_again(ann: Actor, jobs: Jobs, offset: str) -> None:
    job = await painted(ann, jobs)
    assert ids(await ann.ask_inline("", offset=offset)) == [job.id]


async def test_words_find_styles_and_strengths(ann: Actor, jobs: Jobs, shared: Database) -> None:
    lion, mill, light = (await painted_often(ann, jobs, shared, times=3))[:3]
    first, second = paintings_of_the_bot()[:2]
    await in_style(lion, first.name, "strong", shared)
    await in_style(mill, second.name, "strong", shared)
    await in_style(light, first.name, "light", shared)
    title, other = first.label("en").short, second.label("en").short
    for query, found in {
        title: [lion, light],
        title.upper(): [lion, light],
        other: [mill],
        "strong": [lion, mill],
        "STR": [lion, mill],
        "сильно": [lion, mill],
        "light": [light],
        f"strong {title}": [lion],
        f"{title} light": [light],
        f"light {other}": [],
        "nothing like that": [],
        f"#{mill.id}": [mill],
        " ": [lion, mill, light],
    }.items():
        assert ids(await ann.ask_inline(query)) == [job.id for job in found], query


async def test_share_is_behind_more_and_finds_its_result(ann: Actor, jobs: Jobs, shared: Database) -> None:
    await painted_often(ann, jobs, shared, times=3)
    query = share_button(await opened(ann))
    assert query
    assert ids(await ann.ask_inline(query)) == [min(job.id for job in await jobs.history(ann.id))]


async def test_without_inline_mode_there_is_no_share(
    ann: Actor, jobs: Jobs, api: Emulator, restart: Restart
) -> None:
    api.world.inline_queries.is_on = False
    await restart()
    await painted(ann, jobs)
    assert share_button(await opened(ann)) is None


@pytest.mark.parametrize(
    "change",
    [
        "content_spoiler = TRUE",
        "style_spoiler = TRUE",
        "result_photo_file_id = ''",
        "result_document_file_id = result_photo_file_id",
    ],
)
async def test_what_is_covered_or_no_photo_is_not_shared(
    ann: Actor, jobs: Jobs, shared: Database, change: str
) -> None:
    job = await painted(ann, jobs)
    await shared.write(f"UPDATE jobs SET {change}")  # noqa: S608
    for query in ("", f"#{job.id}", "strong"):
        assert (await ann.ask_inline(query)).results == ()
    assert share_button(await opened(ann)) is None


async def test_what_is_secret_is_not_shared(ann: Actor, jobs: Jobs, shared: Database) -> None:
    job = await painted(ann, jobs)
    await shared.write("UPDATE jobs SET secret = TRUE")
    for query in ("", f"#{job.id}", "strong"):
        assert (await ann.ask_inline(query)).results == ()
    assert "guessing" in await ann.tap("More…")


async def test_what_telegram_no_longer_has_spoils_nothing(ann: Actor, jobs: Jobs, shared: Database) -> None:
    _, gone, oldest = await painted_often(ann, jobs, shared, times=3)
    newest = (await jobs.history(ann.id))[0]
    await shared.write("UPDATE jobs SET result_photo_file_id = 'gone' WHERE id = ?", (gone.id,))
    assert ids(await ann.ask_inline("")) == [newest.id, oldest.id]


async def test_what_is_forgotten_is_offered_no_more(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    assert (await ann.ask_inline("")).results
    await ann.send_text("/forget")
    await ann.expect(buttons=["Delete everything"])
    await ann.tap("Delete everything")
    offers = await ann.ask_inline("")
    assert offers.results == ()
    assert await jobs.history(ann.id) == []


async def test_a_query_makes_nobody_known(ann: Actor, shared: Database) -> None:
    assert (await ann.ask_inline("")).results == ()
    assert await shared.read("SELECT * FROM users") == []


async def test_the_button_opens_the_bot(ann: Actor) -> None:
    offers = await ann.ask_inline("")
    assert offers.button
    await ann.send_text(f"/start {offers.button['start_parameter']}")
    await ann.expect(text="Send me a photo")


async def test_who_is_banned_is_offered_nothing(ann: Actor, jobs: Jobs, shared: Database) -> None:
    await painted(ann, jobs)
    await Bans(shared).ban(ann.id)
    offers = await ann.ask_inline("")
    assert (offers.results, offers.button) == ((), None)


async def test_a_query_that_is_too_old_harms_nobody(
    ann: Actor, jobs: Jobs, api: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    job = await painted(ann, jobs)
    api.faults.next(
        "answerInlineQuery",
        bad_request("query is too old and response timeout expired or query ID is invalid"),
    )
    api.world.inline_queries.ask(ann.person, ann.private, "first")
    assert ids(await ann.ask_inline("")) == [job.id]
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


class TestOnlyForSome:
    """A bot for people on its list."""

    @pytest.fixture
    def settings(self, settings: Settings, ann: Actor) -> Settings:
        return settings.model_copy(update={"allowed_users": frozenset({ann.id})})

    async def test_others_are_offered_nothing(self, ann: Actor, ben: Actor, jobs: Jobs) -> None:
        job = await painted(ann, jobs)
        assert ids(await ann.ask_inline("")) == [job.id]
        offers = await ben.ask_inline("")
        assert (offers.results, offers.button) == ((), None)


class TestHowMany:
    """Queries come with every few letters."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"limit_updates": LIMIT})

    async def test_too_many_are_not_answered_and_messages_are(self, ann: Actor) -> None:
        for number in range(LIMIT):
            await ann.ask_inline(f"word {number}")
        with pytest.raises(AssertionError, match="did not answer"):
            await ann.ask_inline("one more", timeout=0.3)
        await ann.send_text("/help")
        await ann.expect(text="two pictures")
