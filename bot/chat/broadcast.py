"""/broadcast: one message to everybody, once its sender has confirmed it."""

from bot.chat.button_router import OwnTap, Toast
from bot.chat.request_context import Turn
from bot.wording.keyboards import Action, broadcast_keyboard


async def broadcast(turn: Turn) -> None:
    """Show what would be sent, to how many, and ask. It is a message in this chat: this one's text, said by
    the bot, or the one replied to, whatever it is."""
    message = turn.message
    text = message.text.partition(" ")[2].strip() if message and message.text else ""
    if message and message.reply_to_message:
        copied = message.reply_to_message.message_id
    elif text:
        copied = (await turn.bot.send_message(turn.key.chat_id, text)).message_id
    else:
        await turn.say(
            turn.t("Write the message after the command, or reply with /broadcast to the one to send.")
        )
        return
    broadcasts = turn.services.broadcaster.broadcasts
    asked = await broadcasts.ask(turn.user.id, turn.t.language, copied)
    question = turn.t.ngettext(
        "Shall I send this to {count} person?", "Shall I send this to {count} people?", asked.people
    ).format(count=asked.people)
    keyboard = broadcast_keyboard(turn.user.id, asked.id, turn.t)
    said = await turn.say(question, keyboard, reply_to=copied)
    await broadcasts.set_report(asked.id, said.message_id)


async def decide(turn: Turn, value: str) -> Toast:
    """Send it, or do not, or no more of it."""
    decision, _, number = value.partition("=")
    found = turn.services.broadcaster
    if turn.user.id not in turn.services.settings.admin_ids or not number.isdecimal():
        return turn.t("That button no longer works.")
    decided = await (found.confirm if decision == "send" else found.stop)(int(number))
    return None if decided else turn.t("That question is settled.")


OWN_TAPS: dict[Action, OwnTap] = {Action.BROADCAST: decide}
