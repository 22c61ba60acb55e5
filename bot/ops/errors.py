"""Say why the bot cannot run."""


class CannotRun(Exception):
    """The message is one line for the person who wants the bot to run."""


def token_refused() -> CannotRun:
    """Not python-telegram-bot's own error, which has the token in it."""
    return CannotRun("The token was refused: check TELEGRAM_BOT_TOKEN, and STYLEGRAM_API_URL if you set it.")
