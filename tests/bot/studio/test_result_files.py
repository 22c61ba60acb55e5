"""As a file: every pixel of a result, at once while it is on disk, and painted once more when it is not."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.settings import Settings
from bot.studio.file_requests import Filed
from bot.studio.result_files import ResultFiles
from bot.studio.studio import Studio
from storage import Job, Jobs, State
from tests.bot.conftest import OpenStudio, Order
from tests.kit.easel import Easel, halves
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED
from tests.kit.studio import is_in
from tests.kit.waiting import eventually


async def done_job(studio: Studio, user: Actor, request: Order, jobs: Jobs, settings: Settings) -> Job:
    placed = await studio.submit(await request(user, "red", "blue"))
    await user.expect(photo=True, buttons=["Another style"])
    job = await is_in(State.DONE, placed.job, jobs)
    await eventually((settings.data / "results" / f"{job.id}.png").exists)
    return job


async def test_the_file_is_the_result_to_the_last_pixel(studio: Studio, ann: Actor, order: Order) -> None:
    job = (await studio.submit(await order(ann, "red", "blue"))).job
    await ann.expect(photo=True, buttons=["Another style"])  # and taps at once
    assert await studio.send_file(job.id, ann.id, ann.id, 0) is Filed.SENT
    file = await ann.expect(document=True)
    assert file.json["document"]["file_name"] == f"stylegram-{job.id}.png"
    assert Image.open(BytesIO(file.document_bytes())).format == "PNG"
    assert halves(file.document_bytes()) == ((254, 0, 0), (0, 0, 254))


async def test_a_second_tap_sends_the_same_file_though_it_is_gone_from_disk(
    studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs, settings: Settings
) -> None:
    job = await done_job(studio, ann, order, jobs, settings)
    await studio.send_file(job.id, ann.id, ann.id, 0)
    first = await ann.expect(document=True)
    (settings.data / "results" / f"{job.id}.png").unlink()
    assert await studio.send_file(job.id, ann.id, ann.id, 0) is Filed.SENT
    second = await ann.expect(document=True)
    assert second.json["document"]["file_id"] == first.json["document"]["file_id"]
    assert len(easel.begun) == 1


async def test_a_file_no_longer_on_disk_is_painted_again_and_comes_as_a_file(
    open_studio: OpenStudio, easel: Easel, ann: Actor, order: Order, jobs: Jobs, settings: Settings
) -> None:
    async with open_studio() as studio:
        job = await done_job(studio, ann, order, jobs, settings)
        (settings.data / "results" / f"{job.id}.png").unlink()
        easel.hold()
        await studio.submit(await order(ann))
        await ann.expect(photo=True)
        assert await studio.send_file(job.id, ann.id, ann.id, 0) is Filed.REPAINTING
        assert await studio.send_file(job.id, ann.id, ann.id, 0) is Filed.REPAINTING  # an impatient tap
        message = await ann.expect(text="no longer have that file", buttons=["Cancel"])
        easel.go_on()
        file = await ann.expect(document=True)
        assert file.id == message.id
        assert halves(file.document_bytes()) == (RED, BLUE)
        assert len(easel.begun) == 3
        await eventually((settings.data / "results" / f"{job.id}.png").exists)
        assert await studio.send_file(job.id, ann.id, ann.id, 0) is Filed.SENT


async def test_a_result_of_somebody_else_is_not_given_out(
    studio: Studio, ann: Actor, ben: Actor, order: Order, jobs: Jobs, settings: Settings
) -> None:
    job = await done_job(studio, ann, order, jobs, settings)
    assert await studio.send_file(job.id, ben.id, ben.id, 0) is Filed.GONE
    assert await studio.send_file(job.id + 1, ann.id, ann.id, 0) is Filed.GONE


async def test_files_on_disk_stay_within_their_room(tmp_path: Path) -> None:
    files = ResultFiles(tmp_path / "results", max_bytes=250)
    for job_id in (1, 2):
        await files.put(job_id, bytes(100))
    assert await files.get(1) == bytes(100)
    await files.put(3, bytes(100))
    assert [await files.get(job_id) is not None for job_id in (1, 2, 3)] == [True, False, True]
    await files.discard([1, 2])
    assert await files.get(1) is None
