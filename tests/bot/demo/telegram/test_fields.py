"""The emulator speaks of nothing that python-telegram-bot does not know."""

from collections.abc import Callable, Iterator

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, TelegramObject, Update

from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]


def _unknown(thing: object, path: str) -> Iterator[str]:
    if isinstance(thing, TelegramObject):
        yield from (f"{path}.{name}" for name in thing.api_kwargs)
        for name in thing._get_attrs_names(include_private=False):
            yield from _unknown(getattr(thing, name, None), f"{path}.{name}")
    elif isinstance(thing, (list, tuple)):
        for item in thing:
            yield from _unknown(item, path)


async def test_every_field_is_known(api: Emulator, bot: Bot, picture: MakePicture) -> None:
    ann, bob = (
        Actor.join(api.world, "Ann", username="ann"),
        Actor.join(api.world, "Bob", language="ru"),
    )
    await ann.send_text("/start and https://example.org @someone")
    photo = await ann.send_photo(picture(), "caption /x")
    await ann.send_document(picture(kind="PNG"), reply_to=photo)
    await ann.send_album([picture(), picture()])
    await ann.send_sticker()
    await ann.send_voice()
    await ann.send_video(caption="film")
    await ann.send_location()
    await ann.send_contact()
    await ann.send_poll("Which?", ["this", "that"])
    await ann.edit_text(photo, "other caption")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    sent = [
        await bot.send_message(ann.id, "<b>text</b>", parse_mode="HTML", reply_markup=markup),
        await bot.send_animation(ann.id, picture(kind="GIF")),
        await bot.send_photo(ann.id, picture()),
    ]
    await ann.tap("A", wait=False)
    friends = api.world.add_group("Friends", [ann.person, bob.person])
    await bob.send_text("/help", chat=friends)
    ann.upgrade(friends)
    forum = api.world.add_supergroup("Forum", [ann.person], forum=True)
    topic = ann.create_topic(forum, "Cats")
    await ann.send_text("/style", chat=forum, thread=topic)
    ann.promote_bot(forum)
    ann.remove_bot(forum)
    ann.block()
    ann.unblock()

    updates = [Update.de_json(update, bot) for update in api.world.updates.pending]
    assert len(updates) == 27
    kinds = {kind for update in updates for kind in update.to_dict()} - {"update_id"}
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}
    about = [await bot.get_me(), await bot.get_chat(ann.id), await bot.get_webhook_info()]
    members = [await bot.get_chat_member(ann.id, who) for who in (ann.id, bob.id, bot.id)]
    described = [*updates, *sent, *about, *members]
    assert not [name for thing in described for name in _unknown(thing, type(thing).__name__)]
