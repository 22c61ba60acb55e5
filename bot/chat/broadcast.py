"""Ask an administrator to confirm a message to everybody: /broadcast."""

from bot.chat.button_router import OwnTap, Toast
from bot.chat.request_context import RequestContext
from bot.wording.keyboards import Action, broadcast_keyboard


async def broadcast(request: RequestContext) -> None:
    """Show what would be sent and to how many, and ask.

    It is a message in this chat: the command's own text, said by the bot, or the message replied to, whatever
    it is.
    """
    message = request.message
    text = message.text.partition(" ")[2].strip() if message and message.text else ""
    if message and message.reply_to_message:
        copied = message.reply_to_message.message_id
    elif text:
        copied = (await request.bot.send_message(request.key.chat_id, text)).message_id
    else:
        await request.say(
            request.t("Write the message after the command, or reply with /broadcast to the one to send.")
        )
        return
    broadcasts = request.services.broadcaster.broadcasts
    asked = await broadcasts.ask(request.user.id, request.t.language, copied)
    question = request.t.ngettext(
        "Shall I send this to {count} person?", "Shall I send this to {count} people?", asked.people
    ).format(count=asked.people)
    keyboard = broadcast_keyboard(request.user.id, asked.id, request.t)
    said = await request.say(question, keyboard, reply_to=copied)
    await broadcasts.set_report(asked.id, said.message_id)


async def decide(request: RequestContext, value: str) -> Toast:
    """Send it, do not send it, or stop sending it, as the button says."""
    decision, _, number = value.partition("=")
    found = request.services.broadcaster
    if request.user.id not in request.services.settings.admin_ids or not number.isdecimal():
        return request.t("That button no longer works.")
    decided = await (found.confirm if decision == "send" else found.stop)(int(number))
    return None if decided else request.t("That question is settled.")


OWN_TAPS: dict[Action, OwnTap] = {Action.BROADCAST: decide}
