"""The chat page as somebody uses it, and what must hold of it whatever they do."""

import re
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Locator, Page, Request, expect

ASTRONAUT, CAT = "Send this sample: astronaut", "Send this sample: cat"
VAN_GOGH = "Send this sample: van Gogh, Auvers"
GREAT_WAVE = "1"  # its button in the gallery
WHICH_STYLE, HOW_STRONG = "Now send me the style", "How strong"
RESULT = "Here it is: balanced"
PATIENCE = 60_000  # ms
PAINTING = 240_000  # ms; a worker has to start first, and may share its processor


class Chat:
    """One open page. `troubles` collects errors in its console and requests to other places."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.troubles: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", self._asked)

    async def open(self) -> None:
        await self.page.goto(self.url)
        await expect(self.page.locator("#app")).to_be_visible()

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """The newest with this text, which one that only quotes it is not."""
        quotation = self.page.locator(".quotation").filter(has_text=text)
        return self.page.locator("#messages > li").filter(has_text=text, has_not=quotation).last

    async def sees(self, text: str | re.Pattern[str], patience: float = PATIENCE) -> None:
        await expect(self.message(text)).to_be_visible(timeout=patience)

    async def press(self, name: str) -> None:
        """The newest button of exactly this name."""
        await self.page.get_by_role("button", name=name, exact=True).last.click()

    def answer(self, label: str) -> Locator:
        """The first inline button with this in its label, of the newest message that has one."""
        button = self.page.get_by_role("button").filter(has_text=label)
        newest = self.page.locator("#messages .keyboard").filter(has=button).last
        return newest.get_by_role("button").filter(has_text=label).first

    async def write(self, text: str) -> None:
        await self.page.get_by_label("Message", exact=True).fill(text)
        await self.page.keyboard.press("Enter")

    async def reply_to(self, message: Locator) -> None:
        await message.hover()
        await message.get_by_role("button", name="Reply").click()

    async def speak_as(self, name: str) -> None:
        await self.page.locator("#speakers label").filter(has_text=name).click()

    async def enter(self, chat: str) -> None:
        await self.page.locator("#chats button").filter(has_text=chat).click()

    async def ask_for_a_painting(self, photo: str = ASTRONAUT) -> None:
        """By three taps: a sample photo, a painting of the gallery, a strength."""
        await self.press(photo)
        await self.chooses_style()
        await self.answer("Balanced").click()

    async def chooses_style(self) -> None:
        """The Great Wave, in the gallery that comes."""
        await self.sees(WHICH_STYLE)
        await self.press(GREAT_WAVE)
        await self.sees(HOW_STRONG)

    async def sends_style(self, sample: str = VAN_GOGH) -> None:
        """A sample painting, in the gallery's place."""
        await self.sees(WHICH_STYLE)
        await self.press("Sample pictures")
        await self.press(sample)
        await self.sees(HOW_STRONG)

    async def sees_result(self, text: str = RESULT) -> Locator:
        """The message with the painting, all of which has arrived."""
        await self.sees(text, PAINTING)
        picture = self.message(text).locator(".picture img")
        await expect(picture).to_be_visible()
        await expect(picture).to_have_js_property("complete", True)
        assert await picture.evaluate("image => image.naturalWidth") > 0
        return self.message(text)

    async def sees_connection_lost(self) -> None:
        await expect(self.page.get_by_text("Connecting again…")).to_be_visible()

    async def tab_to(self, wanted: Locator) -> None:
        """By the keyboard alone, as somebody does who cannot use a mouse."""
        for _ in range(120):
            if await wanted.evaluate("element => element === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {wanted}")

    async def is_accessible(self) -> None:
        found: dict[str, Any] = (await Axe().run(self.page)).response
        serious = [
            f"{violation['id']}: {violation['help']} {[node['target'] for node in violation['nodes']]}"
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        assert not serious, "\n".join(serious)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.troubles.append(said.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, f"blob:{self.url}")):
            self.troubles.append(f"a request to {request.url}")
