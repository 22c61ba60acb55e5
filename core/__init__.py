"""Pictures and paint: everything between two encoded pictures and a third. No Telegram, no SQL."""
