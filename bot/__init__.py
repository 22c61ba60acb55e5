"""Put `core` and `storage` together into a Telegram bot: chats, the queue, the command line, the demo."""
