"""Simulated people: what somebody does and sees in the emulator's chats.

The page and the autoplay act through them; what people do in tests alone is in `tests/kit/people.py`. They
know the emulator, and nothing of the bot's code or of the page.
"""
