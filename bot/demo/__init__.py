"""The demo: sample pictures, and what runs the bot with no token."""
