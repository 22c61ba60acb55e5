"""From untrusted bytes to pixels and back, in a process of its own where the bytes are somebody's.

Whatever reads or writes picture files belongs here; it knows nothing of styles or painting.
"""
