"""What the page is made of: its files, the samples, and the files in the chats."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from httpx import AsyncClient
from PIL import Image
from telegram import Bot

from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]


async def test_the_page_may_load_nothing_from_elsewhere(page: AsyncClient) -> None:
    answer = await page.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert re.search(r"https?:|\*", policy) is None
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_what_did_not_change_is_not_sent_again(page: AsyncClient) -> None:
    first = await page.get("/static/index.html")
    assert first.headers["cache-control"] == "no-cache"
    again = await page.get("/static/index.html", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_every_sample_named_is_there(page: AsyncClient) -> None:
    samples = (await page.get("/api/world")).json()["samples"]
    assert {sample["role"] for sample in samples} == {"content", "style", "sticker"}
    for sample in samples:
        answer = await page.get(sample["url"])
        assert answer.headers["content-type"] == "image/webp" if sample["role"] == "sticker" else "image/jpeg"
        with Image.open(BytesIO(answer.content)) as picture:
            assert picture.get_format_mimetype() == answer.headers["content-type"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../page.py",
        "/static/%2e%2e/page.py",
        "/static/..%2fpage.py",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/samples/../page.jpg",
        "/samples/..%2fsamples%2fcat.jpg",
        "/samples/unknown.jpg",
        "/api/files/..%2f..%2fworld.json",
        "/api/files/%2fetc%2fpasswd",
        "/api/files/1",
        "/telegram/world.json",
    ],
)
async def test_nothing_else_can_be_read(api: Emulator, page: AsyncClient, path: str) -> None:
    # httpx would resolve the dots itself; on the wire they stay.
    answer = await page.get(f"{api.url}/", extensions={"target": path.encode()})
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"


async def test_pictures_are_shown_and_kept(page: AsyncClient, ann: Actor, picture: MakePicture) -> None:
    sizes = (await ann.send_photo(picture(400, 300))).json["photo"]
    answer = await page.get(f"/api/files/{sizes[-1]['file_id']}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert "content-disposition" not in answer.headers
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert len(answer.content) == sizes[-1]["file_size"]


@pytest.mark.parametrize(
    ("kind", "type_"), [("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")]
)
async def test_a_picture_is_known_by_its_content(
    page: AsyncClient, ann: Actor, picture: MakePicture, kind: str, type_: str
) -> None:
    sent = await ann.send_document(picture(kind=kind), name="page.html", mime_type="text/html")
    answer = await page.get(f"/api/files/{sent.json['document']['file_id']}")
    assert answer.headers["content-type"] == type_


async def test_a_film_is_one_to_play(page: AsyncClient, ann: Actor) -> None:
    film = b"\0\0\0\x20ftypisom" + bytes(99)
    sent = await ann.send_document(film, name="chain.mp4", mime_type="video/mp4")
    answer = await page.get(f"/api/files/{sent.json['document']['file_id']}")
    assert (answer.headers["content-type"], answer.content) == ("video/mp4", film)
    assert "media-src 'self'" in (await page.get("/")).headers["content-security-policy"]


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"<svg onload='alert(1)'/>", b"%PDF-1.7"])
async def test_what_is_no_picture_is_only_saved(page: AsyncClient, ann: Actor, content: bytes) -> None:
    sent = await ann.send_document(content, name="picture.png", mime_type="image/svg+xml")
    answer = await page.get(f"/api/files/{sent.json['document']['file_id']}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.content == content


async def test_a_file_is_saved_under_any_name(page: AsyncClient, ann: Actor, picture: MakePicture) -> None:
    sent = await ann.send_document(picture(kind="PNG"))
    path = f"/api/files/{sent.json['document']['file_id']}"
    answer = await page.get(path, params={"name": 'Катя "1"\r\nX-Evil: 1.png'})
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%D0%9A%D0%B0%D1%82%D1%8F%20%221%22%0D%0AX-Evil%3A%201.png"
    )
    assert "x-evil" not in answer.headers


async def test_the_page_does_not_come_between_the_bot_and_its_api(page: AsyncClient, bot: Bot) -> None:
    assert (await bot.get_me()).username == "stylegram_bot"
    assert (await page.get("/bot123:wrong/getMe")).status_code == 401
