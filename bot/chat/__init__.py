"""The chat: what an update means, what is answered, and what half-made requests are kept.

Handlers and what they share belong here. Painting is asked of the studio, and nothing is painted here.
"""
