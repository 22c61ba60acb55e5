"""Have the small paintings of duels at hand, from when they are painted until their group has seen them."""


class SmallPaintings:
    """The small paintings of each duel. Nothing of it is stored: after a restart they are painted again."""

    def __init__(self) -> None:
        self._of_games: dict[int, list[bytes]] = {}

    def keep(self, game_id: int, paintings: list[bytes]) -> None:
        """Keep what was painted for a game, a JPEG for each of its entries."""
        self._of_games[game_id] = paintings

    def of(self, game_id: int) -> list[bytes]:
        """Return what was painted for a game; nothing while it is not, or once it was dropped."""
        return self._of_games.get(game_id, [])

    def drop(self, game_id: int) -> None:
        """Forget them, as they have been shown, or never will be."""
        self._of_games.pop(game_id, None)
