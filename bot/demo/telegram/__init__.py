"""An emulator of Telegram's Bot API over HTTP, and the chats behind it.

It knows nothing of the bot, of who writes, or of the page: only what Telegram itself would know.
"""
