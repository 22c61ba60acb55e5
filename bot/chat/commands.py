"""Answer the commands that work alike in private chats and in groups."""

from bot.chat.request_context import RequestContext
from bot.chat.session_flow import ask_next, begin, is_complete, next_step, remind, session_of, swapped
from bot.studio.queue import Standing
from bot.wording.phrases import time_left
from bot.wording.translation import Translator


async def start(request: RequestContext) -> None:
    """Say in three lines what the bot does."""
    await request.say(
        request.t(
            "Send me a photo, then a picture whose style you like: a painting, a pattern, anything.\n"
            "Choose how strong the style should be.\n"
            "A first sketch comes in seconds, and then I paint it properly."
        )
    )


async def help_in_private(request: RequestContext) -> None:
    """Explain everything that works in a private chat."""
    await request.say(
        request.t(
            "Send me two pictures: first the photo, then the style, one by one or as an album. "
            "Files of up to 20 MB are welcome too, and come out sharper. Then tap a strength.\n\n"
            "Light, Balanced, Strong and Wild go further and further towards the style; Classic is the "
            "method of 2015 that began it all. Keep colours leaves the photo its own colours, Larger "
            "paints a bigger picture.\n\n"
            "/swap – swap the photo and the style\n"
            "/cancel – stop what you asked for\n"
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
            "/style in reply to a photo, or written under one: I repaint it in the style you choose.\n"
            "/remix repaints my last picture here in the style of the last photo I saw: "
            "yours, if you send it in reply to me or reply to it with the command.\n"
            "/cancel and /status are about your own pictures."
        )
    )


async def cancel(request: RequestContext) -> None:
    """Drop the half-made request if there is one, else cancel the user's jobs in this chat."""
    session = await request.session()
    if session:
        await request.services.sessions.delete(request.key)
        await request.delete(session.prompt_message_id)
        await request.say(request.t("Cancelled. Whenever you like, send me another photo."))
        return
    cancelled = 0
    for job in await request.services.jobs.of_user(request.user.id):
        if job.chat_id == request.key.chat_id:
            cancelled += await request.services.studio.cancel(job.id, request.user.id) is not None
    if not cancelled:
        await request.say(request.t("There is nothing to cancel."))
        return
    text = request.t.ngettext("I stopped {count} picture.", "I stopped {count} pictures.", cancelled)
    await request.say(text.format(count=cancelled))


async def swap(request: RequestContext) -> None:
    """Swap the pictures of the request under way, or else those of the last result, as a new request."""
    session = await request.session()
    if session and (session.content or session.style):
        session = await request.services.sessions.put(swapped(session))
        await ask_next(request, session)
        return
    last = await request.services.jobs.history(request.user.id, request.key.chat_id, limit=1)
    if not last:
        await request.say(request.t("There is nothing to swap yet: send me a photo and a style first."))
        return
    await ask_next(request, await begin(request, swapped(session_of(request, last[0]))))


async def status(request: RequestContext) -> None:
    """Tell the user the places of their jobs in the queue, or what to do next."""
    standings = await request.services.studio.status(request.user.id)
    if not request.is_private:  # what somebody does elsewhere is nobody's business here
        standings = [standing for standing in standings if standing.job.chat_id == request.key.chat_id]
    if standings:
        await request.say("\n".join(_standing(standing, request.t) for standing in standings))
        return
    session = await request.session()
    nothing = request.t("Nothing of yours is being painted.")
    if not request.is_private:
        await request.say(nothing)
    elif is_complete(session):
        await remind(request, session)
    else:
        await request.say(f"{nothing} {next_step(session, request.t)}")


def _standing(standing: Standing, t: Translator) -> str:
    if standing.position is None:
        place = t("I am painting it now")
    elif standing.position == 1:
        place = t("It is next")
    else:
        place = t("It is number {position} in the queue").format(position=standing.position)
    left = standing.seconds_left
    return place + ("." if left is None or left < 1 else f" · {time_left(left, t)}")
