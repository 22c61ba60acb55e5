"""SQLite: everything needed to carry on after a crash. No Telegram, no pixels."""
