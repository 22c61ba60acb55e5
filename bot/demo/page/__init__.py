"""The chat page of the demo: what the browser asks for, and the static files it is made of.

It speaks for simulated people, and reaches the bot only through the emulator.
"""
