"""Simulated people: what somebody does and sees in the emulator's chats.

The page and the autoplay act through them, so they are installed with the bot; the tests do too. They know
the emulator, and nothing of the bot's code or of the page.
"""
