"""Who is let in: the demo's own page, and no other."""

import pytest
from httpx import AsyncClient

from bot.demo.page.web_page import WebPage
from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor


async def status(page: AsyncClient, **headers: str) -> int:
    answer = await page.get("/api/world", headers=headers)
    if answer.status_code == 403:
        assert answer.json()["error"] == "foreign_origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.status_code


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_loopback_goes_by_its_own_names(api: Emulator, page: AsyncClient, name: str) -> None:
    assert await status(page, host=f"{name}:{api.port}") == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example:{port}", "localhost", "127.0.0.1:1", "localhost.evil:{port}", "10.0.0.1:{port}", "", "["],
)
async def test_by_another_name_it_is_not_there(api: Emulator, page: AsyncClient, host: str) -> None:
    assert await status(page, host=host.format(port=api.port)) == 403


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.168.1.7:{port}", 200),
        ("192.168.1.7:9000", 200),  # through a container's mapped port
        ("[fe80::1]:{port}", 200),
        ("localhost:{port}", 200),
        ("studio.example:{port}", 403),
    ],
)
async def test_beyond_loopback_people_come_by_address(host: str, expected: int) -> None:
    async with Emulator(host="0.0.0.0") as api, AsyncClient(base_url=api.url) as client:  # noqa: S104
        api.serve_too(WebPage(api.world, "0.0.0.0").app)  # noqa: S104
        assert await status(client, host=host.format(port=api.port)) == expected


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://localhost:{port}"},  # another origin than the address asked for
        {"origin": ""},
    ],
)
async def test_another_page_can_change_nothing(
    api: Emulator, page: AsyncClient, ann: Actor, headers: dict[str, str]
) -> None:
    before = api.world.journal.newest
    own = {name: value.format(port=api.port) for name, value in headers.items()}
    form = {"user": str(ann.id), "text": "spam"}
    posts = [
        await page.post(f"/api/chats/{ann.id}/messages", data=form, headers=own),
        await page.post(
            f"/api/chats/{ann.id}/messages/1/tap", json={"user": ann.id, "data": "x"}, headers=own
        ),
        await page.post("/api/language", json={"language": "ru"}, headers=own),
    ]
    assert [answer.status_code for answer in posts] == [403, 403, 403]
    assert {answer.json()["error"] for answer in posts} == {"foreign_origin"}
    assert api.world.journal.newest == before
    assert ann.person.language == "en"


async def test_without_an_origin_nothing_is_changed(api: Emulator, ann: Actor) -> None:
    api.serve_too(WebPage(api.world, "127.0.0.1").app)
    async with AsyncClient(base_url=api.url) as client:
        answer = await client.post(f"/api/chats/{ann.id}/messages", data={"user": str(ann.id), "text": "hi"})
    assert answer.status_code == 403


async def test_nothing_that_the_page_reads_has_the_token_in_it(
    api: Emulator, page: AsyncClient, ann: Actor
) -> None:
    await ann.send_text("hello")
    secret = api.token.partition(":")[2]
    for path in ("/", "/api/world", f"/api/commands?chat={ann.id}&user={ann.id}"):
        assert secret not in (await page.get(path)).text
