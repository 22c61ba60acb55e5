"""Decide which part each picture plays in a half-made request: the photo, or a style. Stores nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

from bot.chat.picture_refs import SentPicture
from bot.chat.request_context import RequestContext
from core.recipe import MOST_STYLES
from storage import Job, PictureRef, Session


def is_complete(session: Session | None) -> TypeGuard[Session]:
    """Say whether the photo and its styles are there, and none is to come yet."""
    return bool(session and session.content and session.styles and not session.adding)


def new_session(request: RequestContext) -> Session:
    """Make a session with nothing but the user's own settings."""
    return Session(
        **request.key._asdict(),
        keep_colours=request.user.keep_colours,
        larger=request.user.larger,
        language=request.t.language,
    )


def session_of(request: RequestContext, job: Job) -> Session:
    """Make a session with the pictures and settings of this job, to be changed."""
    return replace(
        new_session(request),
        content=job.content,
        styles=job.styles,
        keep_colours=job.keep_colours,
        larger=job.larger,
    )


def with_content(session: Session, picture: SentPicture) -> Session:
    """Return the session with this picture as its photo."""
    return replace(session, content=picture.ref, album_id=picture.album_id)


def with_style(session: Session, picture: SentPicture) -> Session:
    """Return the session with this picture as its style, in place of the last one."""
    return replace(session, styles=(*session.styles[:-1], picture.ref), album_id=picture.album_id)


def swapped(session: Session) -> Session:
    """Return the session with the photo and the first style swapped; other styles stay."""
    content = session.styles[0] if session.styles else None
    first = (session.content,) if session.content else ()
    return replace(session, content=content, styles=(*first, *session.styles[1:]))


def with_picture(session: Session, picture: SentPicture) -> Session:
    """Return the session once this picture has its part in it.

    The first is the photo, the next its style; one more takes the place of the last style, or is one more
    where that was wanted. An album is a request of its own: a photo and its styles. What comes a second time,
    after a crash, changes nothing. Updates may overtake one another on their way: the order of the messages
    decides.
    """
    if picture.message_id in [ref.message_id for ref in session.pictures]:
        return session
    if session.adding:
        return _with_more_styles(session, picture)
    if picture.album_id is not None and picture.album_id == session.album_id:
        return _with_more_of_album(session, picture)
    if picture.album_id:
        session = replace(session, content=None, styles=(), album_adds=False)
    session = replace(session, left_out=False)
    if session.content is None:
        return with_content(session, picture)
    content = session.content.message_id or 0
    if not session.styles:
        session = with_style(session, picture)
        return swapped(session) if picture.message_id < content else session
    last = session.styles[-1].message_id or 0
    if picture.message_id > last:
        return with_style(session, picture)
    return with_content(session, picture) if picture.message_id < min(content, last) else session


def with_answer(session: Session, picture: SentPicture) -> Session:
    """Return the session once this picture, which was asked for, has the part that is free.

    The rest of its album, if any, are styles.
    """
    if picture.album_id and picture.album_id == session.album_id:
        return with_picture(session, picture)
    answered = with_picture(session, replace(picture, album_id=None))
    if answered == session:
        return session
    return replace(answered, album_id=picture.album_id, album_adds=bool(picture.album_id and answered.styles))


def with_painting(session: Session, ref: PictureRef) -> Session:
    """Return the session with this painting as its style: one more if that is wanted, else the last."""
    kept = session.styles if session.adding else session.styles[:-1]
    return replace(session, styles=(*kept, ref)[:MOST_STYLES], adding=False)


def _with_more_styles(session: Session, picture: SentPicture) -> Session:
    """Return the session with one more style, and should it come in an album with the others of that."""
    styles = _in_order(session.styles, picture.ref)
    return replace(
        session,
        styles=styles[:MOST_STYLES],
        adding=False,
        album_id=picture.album_id,
        album_adds=bool(picture.album_id),
        left_out=len(styles) > MOST_STYLES,
    )


def _with_more_of_album(session: Session, picture: SentPicture) -> Session:
    """Return the session with what more there is of its album, as far as there is room for that."""
    if session.album_adds or session.content is None:
        return _with_more_styles(session, picture)
    content, *styles = _in_order(session.pictures, picture.ref)
    return replace(
        session, content=content, styles=tuple(styles[:MOST_STYLES]), left_out=len(styles) > MOST_STYLES
    )


def _in_order(pictures: Sequence[PictureRef], new: PictureRef) -> tuple[PictureRef, ...]:
    """Put a picture behind all others but those that were sent after it."""
    place = len(pictures)
    while place and (pictures[place - 1].message_id or 0) > (new.message_id or 0):
        place -= 1
    return (*pictures[:place], new, *pictures[place:])
