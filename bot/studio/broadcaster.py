"""Send what an administrator has confirmed to everybody, and report how far it is."""

import asyncio
import time
from contextlib import suppress
from logging import getLogger

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

from bot.gateway.refusals import is_gone
from bot.gateway.retries import persist, until_stored
from bot.wording.keyboards.broadcasts import stop_keyboard
from bot.wording.translation import Translator, translator
from storage import Broadcast, Broadcasts, BroadcastState, Database, DatabaseError

log = getLogger(__name__)

RATE = 15  # messages a second; half of what Telegram lets a bot send, as others wait for answers meanwhile
REPORT_INTERVAL = 5.0  # seconds between two changes of the report
LAST_WORD = 1.0  # seconds at the end of the program for who is being written to
PATIENCE = 24 * 3600.0  # seconds to wait for Telegram to be there again


class Broadcaster:
    """Send what is confirmed, one message after another, beside everything else.

    After a crash it goes on where it was: whoever was being written to just then may get it twice.
    """

    def __init__(self, bot: Bot, database: Database) -> None:
        self.broadcasts = Broadcasts(database)
        self._bot = bot
        self._wake = asyncio.Event()

    async def confirm(self, broadcast_id: int) -> bool:
        """Begin to send. Returns whether it was still a question."""
        confirmed = await self.broadcasts.confirm(broadcast_id)
        self._wake.set()
        return confirmed

    async def stop(self, broadcast_id: int) -> bool:
        """Send no more of it. Returns whether there was anything to stop."""
        if not await self.broadcasts.stop(broadcast_id):
            return False
        if stopped := await self.broadcasts.get(broadcast_id):
            await self._report(stopped)
        return True

    async def run(self) -> None:
        """Send what is confirmed, until cancelled."""
        while True:
            try:
                while under_way := await self.broadcasts.under_way():
                    await self._send(under_way)
            except (DatabaseError, TelegramError) as error:
                log.error("broadcast interrupted", extra={"reason": str(error)})
            except Exception:
                log.exception("broadcast interrupted")
            with suppress(TimeoutError):
                async with asyncio.timeout(60):
                    await self._wake.wait()
            self._wake.clear()

    async def _send(self, broadcast: Broadcast) -> None:
        """Send to everybody who is left, or until it is stopped."""
        reported = float("-inf")
        while broadcast.state is BroadcastState.SENDING:
            if time.monotonic() > reported + REPORT_INTERVAL:
                await self._report(broadcast)
                reported = time.monotonic()
            person = await self.broadcasts.next_person(broadcast)
            if person is None:
                await self.broadcasts.sent(broadcast.id)
                break
            pace = asyncio.create_task(asyncio.sleep(1 / RATE))
            noted = await self._send_whole(person, broadcast)
            if noted is None:
                return
            broadcast = noted
            await pace
        if after := await self.broadcasts.get(broadcast.id):
            await self._report(after)
            log.info("broadcast ended", extra={"reached": after.reached, "missed": after.missed})

    async def _send_whole(self, person: int, broadcast: Broadcast) -> Broadcast | None:
        """Send one copy and note it, even while the program ends."""
        sending = asyncio.create_task(self._send_to(person, broadcast))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            await asyncio.wait([sending], timeout=LAST_WORD)
            sending.cancel()
            raise

    async def _send_to(self, person: int, broadcast: Broadcast) -> Broadcast | None:
        """Send one copy, and note it as soon as Telegram has it. Returns how far the broadcast is now."""
        reached = await persist(lambda: self._copy(person, broadcast), PATIENCE)
        return await until_stored(lambda: self.broadcasts.note(broadcast.id, person, reached=reached))

    async def _copy(self, person: int, broadcast: Broadcast) -> bool:
        """Copy the message.

        Returns False if the person cannot be written to: they blocked the bot, or never wrote to it.
        """
        try:
            await self._bot.copy_message(person, broadcast.user_id, broadcast.message_id)
        except TelegramError as error:
            if not is_gone(error) and not isinstance(error, BadRequest):
                raise
            if "message to copy not found" in str(error).lower():
                await self.broadcasts.stop(broadcast.id)
            return False
        return True

    async def _report(self, broadcast: Broadcast) -> None:
        """Show how far it is, in the message that asked. That it fails is harmless."""
        if broadcast.report_message_id is None:
            return
        t = translator(broadcast.language)
        with suppress(TelegramError):
            await self._bot.edit_message_text(
                _report_of(broadcast, t),
                broadcast.user_id,
                broadcast.report_message_id,
                reply_markup=_buttons(broadcast, t),
            )


def _report_of(broadcast: Broadcast, t: Translator) -> str:
    match broadcast.state:
        case BroadcastState.SENDING:
            line = t("Sending: {done} of {people}.").format(
                done=broadcast.reached + broadcast.missed, people=broadcast.people
            )
        case BroadcastState.SENT:
            line = t.ngettext("Sent to {count} person.", "Sent to {count} people.", broadcast.reached)
        case _ if broadcast.last_user_id == 0:
            return t("Not sent.")
        case _:
            line = t.ngettext(
                "Stopped: {count} person has got it.",
                "Stopped: {count} people have got it.",
                broadcast.reached,
            )
    lines = [line.format(count=broadcast.reached)]
    if broadcast.missed:
        missed = t.ngettext(
            "{count} person could not be written to: they blocked me or never wrote to me in private.",
            "{count} people could not be written to: they blocked me or never wrote to me in private.",
            broadcast.missed,
        )
        lines.append(missed.format(count=broadcast.missed))
    return "\n".join(lines)


def _buttons(broadcast: Broadcast, t: Translator) -> InlineKeyboardMarkup | None:
    if broadcast.state is BroadcastState.SENDING:
        return stop_keyboard(broadcast.user_id, broadcast.id, t)
    return None
