"""Paint without asking for who always wants their usual strength."""

from dataclasses import replace

from bot.chat.placing import order_of
from bot.chat.request_context import RequestContext
from bot.wording.phrases import strength_name
from storage import QueueFull, Session


async def paint_unasked(request: RequestContext, session: Session) -> bool:
    """Paint in the usual strength at once, for who wants that always.

    Returns False if the question is to be asked nevertheless: it is open already, and something under it was
    changed; there is more to say; or there is no room in the queue.
    """
    user, t = request.user, request.t
    if not user.always_usual or session.prompt_message_id or session.left_out:
        return False
    # The session is known by when it last changed: asked for anew, the same pictures are painted anew.
    key = "usual:" + ":".join(map(str, (*session.key, session.updated)))
    try:
        placed = await request.services.studio.submit(order_of(request, session, user.strength, key))
    except QueueFull:
        return False
    await request.services.sessions.delete(session.key)
    if placed.is_new and not user.told_of_always:
        strength = strength_name(user.strength, t)
        await request.say(
            t("Started right away, as you asked: {strength}. You can change that in /settings.").format(
                strength=strength
            )
        )
        await request.services.users.save(replace(user, told_of_always=True))
    return True
