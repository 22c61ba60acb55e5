"""Executors run paintings somewhere else than in the event loop's process."""
