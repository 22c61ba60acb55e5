"""The demo: the real bot, a Telegram of its own, and a chat page in the browser; no token is needed.

`stage` puts the parts together; whoever needs a person, a fault or a page takes it from its own room.
"""
