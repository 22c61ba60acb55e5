"""Ask an administrator to confirm a message to everybody: /broadcast."""

import re

from bot.chat.button_router import OwnTap, Toast
from bot.chat.request_context import RequestContext
from bot.wording.keyboards.broadcasts import broadcast_keyboard
from bot.wording.keyboards.taps import Action
from storage import BroadcastState


async def broadcast(request: RequestContext) -> None:
    """Show what would be sent and to how many, and ask.

    It is a message in this chat: the command's own text, said by the bot, or the message replied to, whatever
    it is.
    """
    broadcasts = request.services.broadcaster.broadcasts
    asked = await broadcasts.of_command(
        request.user.id, request.message_id
    )  # if it came again, after a crash
    if asked is None:
        copied = await _to_copy(request)
        if copied is None:
            await request.say(
                request.t("Write the message after the command, or reply with /broadcast to the one to send.")
            )
            return
        asked = await broadcasts.ask(request.user.id, request.t.language, copied, request.message_id)
    elif asked.state is not BroadcastState.ASKED:
        return
    question = request.t.ngettext(
        "Shall I send this to {count} person?", "Shall I send this to {count} people?", asked.people
    ).format(count=asked.people)
    keyboard = broadcast_keyboard(request.user.id, asked.id, request.t)
    said = await request.say(question, keyboard, reply_to=asked.message_id)
    await broadcasts.set_report(asked.id, said.message_id)


async def _to_copy(request: RequestContext) -> int | None:
    """Return the message to be sent to everybody, once it is in this chat; None where there is none."""
    message = request.message
    if message and message.reply_to_message:
        return message.reply_to_message.message_id
    text = message.text.partition(" ")[2].strip() if message and message.text else ""
    return (await request.bot.send_message(request.key.chat_id, text)).message_id if text else None


async def decide(request: RequestContext, value: str) -> Toast:
    """Send it, do not send it, or stop sending it, as the button says.

    If the question was asked twice, the copy that was tapped becomes the report.
    """
    decision, _, number = value.partition("=")
    found = request.services.broadcaster
    if request.user.id not in request.services.settings.admin_ids or not re.fullmatch("[0-9]{1,18}", number):
        return request.t("That button no longer works.")
    known = await found.broadcasts.get(int(number))
    if known is None:
        return request.t("That question is settled.")
    if known.state is BroadcastState.ASKED and known.report_message_id != request.message_id:
        await found.broadcasts.set_report(known.id, request.message_id)
        await request.delete(known.report_message_id)
    decided = await (found.confirm if decision == "send" else found.stop)(known.id)
    return None if decided else request.t("That question is settled.")


OWN_TAPS: dict[Action, OwnTap] = {Action.BROADCAST: decide}
