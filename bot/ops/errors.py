"""Say why the bot cannot run."""


class CannotRun(Exception):
    """Why the bot cannot run, in one line for the person who wants it to."""


def token_refused() -> CannotRun:
    """Make the error for a refused token. Not python-telegram-bot's own, which has the token in it."""
    return CannotRun("The token was refused: check TELEGRAM_BOT_TOKEN, and STYLEGRAM_API_URL if you set it.")
