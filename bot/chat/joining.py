"""Greet a group that the bot was added to, let go of one that it was removed from, follow one that moves."""

import asyncio

from telegram import Chat, ChatMember, ChatMemberRestricted, Update
from telegram.error import BadRequest, Forbidden
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.chat.admission import is_listed
from bot.chat.moved_groups import was_listed
from bot.chat.request_context import Context, Handler
from bot.chat.services import services
from bot.wording.translation import language_of, translator
from storage import OVER

MOVE_PAUSE = 1.0  # seconds in which it is heard that a new supergroup was a group before


def handlers() -> list[Handler]:
    """List the handlers of what the bot is told of its own standing, and of moves."""
    moves = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE
    return [
        ChatMemberHandler(_come_or_gone, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(moves, _move),
    ]


async def _come_or_gone(update: Update, context: Context) -> None:
    """Greet where the bot was not before; promoted, or restricted, it was there already."""
    change = update.my_chat_member
    if change is None:
        return
    was_there, is_there = _is_in(change.old_chat_member), _is_in(change.new_chat_member)
    if was_there and not is_there:
        await _let_go(context, change.chat.id)
    elif is_there and not was_there and change.chat.type in (Chat.GROUP, Chat.SUPERGROUP):
        await _greet(update, context, change.chat)


async def _let_go(context: Context, chat_id: int) -> None:
    """Cancel the jobs of a chat that the bot was removed from or blocked in: nobody waits for them.

    What it remembers of the people's photos there, and what the group has chosen, is deleted.
    """
    found = services(context.application)
    await found.studio.cancel_chat(chat_id)
    await found.chats.forget_photos(chat_id)
    for game in await found.games.all_under_way(chat_id):
        await found.games.move_on(game, OVER)
    await found.group_settings.forget(chat_id)


async def _greet(update: Update, context: Context, chat: Chat) -> None:
    """Say in two lines how to begin, where the bot works and may write.

    To a group that has become a supergroup the bot is added anew, in Telegram's words, and often before it is
    told of the move; so it waits for that.
    """
    if chat.type == Chat.SUPERGROUP:
        await asyncio.sleep(MOVE_PAUSE)
        if await services(context.application).chats.earlier_id(chat.id) is not None:
            return
    if not await is_listed(update, context):
        return
    t = translator(language_of(update, None))
    text = t(
        "Hello! Reply to a photo here with /style and choose a painting: I'll repaint the photo in its "
        "style.\n"
        "Then anybody can tap Repaint mine to get the same style for a photo of their own."
    )
    if services(context.application).settings.games:
        text += " " + t("/games lists what we can play here.")
    try:
        await context.bot.send_message(chat.id, text)
    except (BadRequest, Forbidden):  # not to be said there, or gone again
        return


async def _move(update: Update, context: Context) -> None:
    """Follow a group that became a supergroup. Both chats say so, and either may come first."""
    message = update.message
    if message is None:
        return
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    found = services(context.application)
    await found.chats.move(old, new)
    for game in await found.games.all_under_way(new):
        found.game_clock.look_at(game.id)
    if new not in found.settings.allowed_chats:
        await was_listed(context.application, new)


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)
