"""Answer the commands that work alike in private chats and in groups."""

from dataclasses import replace

from bot.chat.request_context import RequestContext
from bot.chat.session_flow import ask_next, begin, next_step, remind
from bot.chat.session_parts import is_complete, session_of, swapped
from bot.studio.studio import Standing
from bot.wording.phrases import cancelled, still_secret, time_left
from bot.wording.translation import Translator


async def start(request: RequestContext) -> None:
    """Say in three lines what the bot does."""
    await request.say(
        request.t(
            "Send me a photo, then tap a painting for its style, or send any picture whose look you like.\n"
            "Choose how strong the style should be.\n"
            "A first sketch comes in seconds, and then I paint it properly."
        )
    )


async def help_in_private(request: RequestContext) -> None:
    """Explain everything that works in a private chat."""
    await request.say(
        request.t(
            "Send me two pictures: first the photo, then the style, one by one or as an album. For the "
            "style you can also tap a painting in my gallery, and I can mix up to four styles. Files of up "
            "to 20 MB are welcome too, and come out sharper. Then tap a strength.\n\n"
            "Light, Balanced, Strong and Wild go further and further towards the style; Classic is the "
            "2015 method that started it all. Keep colours keeps the photo's own colours, Larger paints a "
            "bigger picture.\n\n"
            "/gallery – paintings to choose a style from\n"
            "/swap – swap the photo and the style\n"
            "/cancel – cancel what is under way\n"
            "/status – your place in the queue\n"
            "/history – your last ten results\n"
            "/settings – strength, size, colours, language\n"
            "/forget – delete everything I know about you\n\n"
            "In a group, reply to a photo with /style."
        )
    )


async def help_in_group(request: RequestContext) -> None:
    """Explain what works in a group."""
    await request.say(
        request.t(
            "/style in reply to a photo, or written under one: I repaint it in the style you choose. "
            "/style hokusai, or any other painter or painting in my /gallery, does it in one step.\n"
            "/remix repaints my last picture here, or the one of mine you reply to. Under a picture, or in "
            "reply to somebody's, it takes the style from there; on its own, it first shows you which "
            "style it would take.\n"
            "Under each result, Repaint mine gives a photo of your own the same style.\n"
            "/games – what we can play here: a duel of styles, a chain of pictures, guess the painter, a "
            "painting of the day.\n"
            "/cancel and /status are about your own pictures."
        )
    )


async def cancel(request: RequestContext) -> None:
    """Drop the half-made request if there is one, else cancel the user's jobs in this chat."""
    session = await request.session()
    if session:
        await request.delete(session.prompt_message_id)
        if not request.is_private:  # where it would stand in the way of others
            await request.delete(session.question_message_id)
        await request.say(cancelled(request.t, in_group=not request.is_private))
        await request.services.sessions.delete(request.key)  # at last: else the command, coming again after
        return  # a crash, would cancel jobs
    stopped = 0
    for job in await request.services.jobs.of_user(request.user.id):
        if job.chat_id == request.key.chat_id:
            stopped += await request.services.studio.cancel(job.id, request.user.id) is not None
    if not stopped:
        await request.say(request.t("There is nothing to cancel."))
        return
    text = request.t.ngettext("I stopped {count} picture.", "I stopped {count} pictures.", stopped)
    await request.say(text.format(count=stopped))


async def swap(request: RequestContext) -> None:
    """Swap the pictures of the request under way, or else those of the last result, as a new request."""
    session = await request.session()
    if session and session.changed_by == request.message_id:  # the command came again, after a crash
        await ask_next(request, session)
        return
    if session and session.pictures:
        session = replace(swapped(session), question_due=True, changed_by=request.message_id)
        await ask_next(request, await request.services.sessions.put(session))
        return
    last = await request.services.jobs.history(request.user.id, request.key.chat_id, limit=1)
    if not last:
        await request.say(request.t("There is nothing to swap yet: send me a photo and a style first."))
        return
    if last[0].secret:
        await request.say(still_secret(request.t))
        return
    session = replace(swapped(session_of(request, last[0])), changed_by=request.message_id)
    await ask_next(request, await begin(request, session))


async def status(request: RequestContext) -> None:
    """Tell the user the places of their jobs in the queue, or what to do next."""
    standings = await request.services.studio.status(request.user.id)
    if not request.is_private:  # what somebody does elsewhere is nobody's business here
        standings = [standing for standing in standings if standing.job.chat_id == request.key.chat_id]
    if standings:
        await request.say("\n".join(_standing(standing, request.t) for standing in standings))
        return
    session = await request.session()
    nothing = request.t("I'm not painting anything for you right now.")
    if not request.is_private:
        await request.say(nothing)
    elif is_complete(session):
        await remind(request, session)
    else:
        await request.say(f"{nothing} {next_step(session, request.t)}")


def _standing(standing: Standing, t: Translator) -> str:
    if standing.position is None:
        place = t("I'm painting it now")
    elif standing.position == 1:
        place = t("It's next")
    else:
        place = t("It's number {position} in the queue").format(position=standing.position)
    left = standing.seconds_left
    return place + ("." if left is None or left < 1 else f" · {time_left(left, t)}")
