"""Simulated people: what somebody does and sees in the emulator's chats.

The tests' users and the demo's own; they know the emulator, and nothing of the bot's code or of the page.
"""
