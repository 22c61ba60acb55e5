"""Telegram's side of the bot: how updates come in and in which order, and when requests are tried again.

It knows the Bot API and the inbox, but not what an update means.
"""
