"""Paintings on this machine: a worker process for each device, kept warm, watched and replaced.

What starts and supervises processes here belongs in this room.
"""
