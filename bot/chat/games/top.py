"""Show who guesses best in a group: /top."""

from html import escape

from bot.chat.request_context import RequestContext
from bot.wording.phrases import shown_name
from bot.wording.translation import Translator
from storage import Score

_MEDALS = ("🥇", "🥈", "🥉")


async def top(request: RequestContext) -> None:
    """List those who guess best here. Their names do not ring."""
    scores = await request.services.games.top(request.key.chat_id)
    if not scores:
        await request.say(request.t("Nobody has guessed here yet: reply to a photo with /guess to begin."))
        return
    lines = [_line(place, score, request.t) for place, score in enumerate(scores, 1)]
    await request.say("\n".join([request.t("Who guesses best here:"), *lines]))


def _line(place: int, score: Score, t: Translator) -> str:
    before = _MEDALS[place - 1] if place <= len(_MEDALS) and score.score else f"{place}."
    name = escape(shown_name(score.name), quote=False)
    said = t("{name} – {right} of {all}").format(name=name, right=score.score, all=score.guesses)
    return f"{before} {said}"
