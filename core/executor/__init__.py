"""Executors run paintings somewhere else than in the event loop's process.

`protocol` says what they all do; `local` is for one machine, `ray` for a cluster, and both run `worker`.
"""
