"""The main conversation, by mouse and by keyboard, and every way to hand over pictures."""

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.kit.chat_page import ASTRONAUT, CAT, GREAT_WAVE, HOW_STRONG, RESULT, WHICH_STYLE, Chat
from tests.kit.easel import Easel

PHOTO, STYLE = "astronaut.jpg", "van-gogh-auvers.jpg"

HAND_OVER = """
([kind, target, files]) => {
  const data = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type: "image/jpeg" }));
  }
  const element = document.querySelector(target);
  if (kind === "paste") {
    const init = { clipboardData: data, bubbles: true, cancelable: true };
    element.dispatchEvent(new ClipboardEvent("paste", init));
  } else {
    for (const type of ["dragenter", "dragover", "drop"]) {
      element.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }
  }
}
"""


async def hand_over(chat: Chat, kind: str, target: str, files: list[Path]) -> None:
    contents = [(file.name, base64.b64encode(file.read_bytes()).decode()) for file in files]
    await chat.page.evaluate(HAND_OVER, [kind, target, contents])


async def dropped(chat: Chat, files: list[Path]) -> None:
    await hand_over(chat, "drop", "#scroller", files)
    await expect(chat.page.locator("#drop")).to_be_hidden()


async def pasted(chat: Chat, files: list[Path]) -> None:
    await hand_over(chat, "paste", "#text", files)


async def picked(chat: Chat, files: list[Path]) -> None:
    async with chat.page.expect_file_chooser() as opened:
        await chat.press("Attach pictures")
    await (await opened.value).set_files(files)


async def test_by_mouse(chat: Chat) -> None:
    await chat.press("Try this one")
    await chat.sees(HOW_STRONG)
    await expect(chat.message(HOW_STRONG)).to_contain_text("Great Wave")
    await chat.answer("Balanced").click()
    result = await chat.sees_result()

    await result.get_by_role("button", name="Before and after").click()
    viewer = chat.page.get_by_role("dialog")
    slider = viewer.get_by_role("slider")
    await expect(viewer.get_by_alt_text("Before")).to_be_visible()
    box = await viewer.locator(".stage").bounding_box()
    assert box is not None
    await chat.page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    assert 20 <= int(await slider.input_value()) <= 30
    await viewer.get_by_role("button", name="Close").click()
    await expect(viewer).to_be_hidden()

    await chat.answer("More…").click()
    await chat.answer("As a file").click()
    async with chat.page.expect_download() as saved:
        await chat.message(".png").get_by_role("link").click()
    assert (await (await saved.value).path()).read_bytes().startswith(b"\x89PNG")


async def test_by_keyboard_alone(chat: Chat) -> None:
    page = chat.page

    async def press(name: str) -> None:
        await chat.tab_to(page.get_by_role("button", name=name, exact=True).last)
        await page.keyboard.press("Enter")

    await press(ASTRONAUT)
    await chat.sees(WHICH_STYLE)
    await press(GREAT_WAVE)
    await chat.sees(HOW_STRONG)
    await chat.tab_to(chat.answer("Balanced"))
    await page.keyboard.press("Enter")
    result = await chat.sees_result()
    await chat.tab_to(result.get_by_role("button", name="Before and after"))
    await page.keyboard.press("Enter")
    slider = page.get_by_role("slider")
    await chat.tab_to(slider)
    await page.keyboard.press("ArrowRight")
    await expect(slider).to_have_value("51")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()

    await chat.tab_to(page.get_by_label("Message", exact=True))
    await page.keyboard.type("/st")
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message", exact=True)).to_have_value("/status ")
    await page.keyboard.press("Enter")
    await chat.sees("I'm not painting anything for you right now.")


@pytest.mark.parametrize("give", [dropped, pasted, picked])
async def test_two_pictures_become_an_album(
    chat: Chat, samples: Path, give: Callable[[Chat, list[Path]], Awaitable[None]]
) -> None:
    await give(chat, [samples / PHOTO, samples / STYLE])
    await expect(chat.page.locator("#attached img")).to_have_count(2)
    await chat.page.keyboard.press("Enter")
    await chat.sees(HOW_STRONG)
    await expect(chat.page.locator(".mine .pictures.count-2 img")).to_have_count(2)
    await expect(chat.page.locator("#attached")).to_be_hidden()


async def test_a_picture_can_be_left_out_again_and_sent_as_a_file(chat: Chat, samples: Path) -> None:
    await picked(chat, [samples / PHOTO, samples / STYLE])
    await chat.press(f"Remove {STYLE}")
    await chat.page.get_by_label("As files, in full quality").check()
    await chat.write("My photo")
    await chat.sees(WHICH_STYLE)
    await expect(chat.message("My photo").get_by_role("link")).to_contain_text(PHOTO)


async def test_what_is_no_picture_is_refused_in_words_and_kept(chat: Chat, tmp_path: Path) -> None:
    words = tmp_path / "words.jpg"
    words.write_text("these are words")
    await picked(chat, [words])
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.get_by_text("That picture cannot be read")).to_be_visible()
    await expect(chat.page.locator("#attached li")).to_have_count(1)
    chat.troubles.clear()  # the browser itself notes every request that was refused


async def test_what_people_write_is_never_html(chat: Chat) -> None:
    await chat.write("<img src=x onerror=alert(1)> <b>bold</b>")
    await chat.sees("<img src=x onerror=alert(1)> <b>bold</b>")
    await expect(chat.page.locator(".text b, .text img")).to_have_count(0)


async def test_cancel_ends_a_painting(chat: Chat, easel: Easel) -> None:
    easel.hold()
    await chat.ask_for_a_painting(CAT)
    await chat.sees("░")
    await chat.answer("Cancel").click()
    await chat.sees("Cancelled.")
    await expect(chat.answer("Cancel")).to_have_count(0)


async def test_a_reload_in_the_middle_of_a_painting_loses_nothing(chat: Chat, easel: Easel) -> None:
    easel.hold()
    await chat.ask_for_a_painting()
    await chat.sees("░")
    await chat.open()
    await chat.sees("░")
    easel.go_on()
    await chat.sees_result()
    await expect(chat.page.locator("#messages > .theirs").filter(has_text=RESULT)).to_have_count(1)
