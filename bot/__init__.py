"""Telegram: puts core and storage together."""
