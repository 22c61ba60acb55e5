"""Show together, in the evening, what was painted like the painting of the day."""

from html import escape
from typing import TYPE_CHECKING

from bot.chat.games.details import DailyDetails
from bot.wording.phrases import shown_name
from storage import PictureRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.chat.games.table import Table
    from storage import Job

AN_ALBUM = 10  # pictures, as many as Telegram takes
LONGEST_NAME = 50  # letters, so that ten fit under an album


async def show_all(table: "Table", painted: "dict[int, Job]") -> None:
    """Show what came together, and end the game. Of one picture alone there is only a word: all have seen it.

    Args:
        table: where.
        painted: the jobs of the game that are done, by their ids.
    """
    game, t = table.game, table.t
    entries = [entry for entry in await table.services.games.entries(game.id) if entry.job_id in painted]
    shown = [
        (picture, escape(shown_name(entry.name[:LONGEST_NAME]), quote=False))
        for entry in entries
        if (picture := await _picture(table, painted[entry.job_id or 0])) is not None
    ]
    if len(shown) == 1:
        [(_, name)] = shown
        text = t("🖼 Today's picture is by {name} alone. Thank you, and see you tomorrow!")
        await table.end(text.format(name=name), reply_to=game.message_id)
        return
    lines = [f"{number}. {name}" for number, (_, name) in enumerate(shown, 1)]
    for first, last in _albums(len(shown)):
        words = lines[first:last] if first else [_headline(table), *lines[:last]]
        await table.show_album(
            [picture for picture, _ in shown[first:last]],
            "\n".join(words),
            reply_to=game.message_id,
            covered=any(painted[entry.job_id or 0].spoiler for entry in entries),
        )
    await table.end()


async def _picture(table: "Table", job: "Job") -> bytes | str | None:
    """Return the result's file id, or what it shows where that came as a file; None where it is gone."""
    file_id = job.result_photo_file_id or ""
    return (
        file_id if file_id != job.result_document_file_id else await table.file_if_there(PictureRef(file_id))
    )


def _albums(count: int) -> "Iterator[tuple[int, int]]":
    """Divide so many pictures evenly, as an album has two at least.

    More than an album holds come together where several people send the last one at once.
    """
    albums = -(-count // AN_ALBUM)
    for number in range(albums):
        yield count * number // albums, count * (number + 1) // albums


def _headline(table: "Table") -> str:
    painting = table.services.gallery.get(DailyDetails.of(table.game).painting)
    title = escape(painting.label(table.t.language).short, quote=False) if painting else "…"
    return table.t("🖼 The pictures of the day, after {painting}:").format(painting=title)
