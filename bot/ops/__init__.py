"""Running the bot: its log, metrics, health, web server and signals.

What an operator looks at belongs here; it knows neither chats nor Telegram.
"""
