"""Play a duel or a guess as far as a test wants it."""

from collections.abc import Callable

from bot.chat.games.duel_entries import ENTRY_SECONDS
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from storage import GameKind, Games
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import eventually, until


class Play:
    """A duel or a guess that Ann begins about a photo of Ben's.

    Args:
        chat: where; it may be changed as the group becomes a supergroup.
        games: the bot's.
        easel: on which it paints, with samples.
        put_forward: puts the clock of games forward, by seconds.
        people: Ann, Ben and Cleo, who are all there.
    """

    def __init__(
        self,
        chat: Chat,
        games: Games,
        easel: Easel,
        put_forward: Callable[[float], None],
        people: tuple[Actor, Actor, Actor],
    ) -> None:
        self.chat = chat
        self.ann, self.ben, self.cleo = people
        self._games = games
        self._easel = easel
        self._put_forward = put_forward

    async def begin(self, kind: GameKind, state: str) -> None:
        """Play until it is in this state; small and large paintings are held as long as they are painted."""
        if state == "painting":
            self._easel.hold()
            self._easel.hold_samples()
        photo = await self.ben.send_photo(picture("red"), chat=self.chat)
        await self.ann.send_text(f"/{kind}", chat=self.chat, reply_to=photo)
        if kind is GameKind.DUEL:
            await self._until_noted(kind, "message_id")
            await self.ann.tap("1", chat=self.chat)
            await self.ben.tap("2", chat=self.chat)
            if state != "entering":
                self._put_forward(ENTRY_SECONDS)
        if state == "painting":
            await eventually(lambda: self._easel.at_work == 1)
        elif state != "entering":
            await self._until_noted(kind, "poll_message_id")

    def close_entries(self) -> None:
        """Let the time be over in which people may bring styles."""
        self._put_forward(ENTRY_SECONDS)

    async def go_on(self, kind: GameKind, *, seconds: float) -> None:
        """Play to the end; the poll is open for so many seconds. Cleo votes, if she has not before."""
        self._easel.go_on()
        self._easel.go_on_samples()
        game = await self._games.under_way(self.chat.id, 0, kind)
        assert game is not None
        if game.state == "entering":
            self._put_forward(ENTRY_SECONDS)
        await self._until_noted(kind, "poll_id")
        if poll := self.poll:
            await self.cleo.vote(poll, 1)
            await self.counted(kind)
        self.ann.world.polls.let_time_pass(seconds + 1)

    @property
    def poll(self) -> SeenMessage | None:
        """The last poll that the bot sent to the chat as it now is."""
        found = [message for message in self.chat.messages.values() if message.poll]
        return self.cleo.seen(found[-1].to_watchers()) if found else None

    async def counted(self, kind: GameKind) -> None:
        async def is_counted() -> bool:
            game = await self._games.last(self.chat.id, 0, kind)
            return game is not None and sum(await self._games.votes(game.id)) == 1

        await until(is_counted)

    async def over(self, kind: GameKind) -> None:
        async def is_over() -> bool:
            game = await self._games.last(self.chat.id, 0, kind)
            return game is not None and game.is_over

        await until(is_over)

    async def _until_noted(self, kind: GameKind, column: str) -> None:
        async def is_noted() -> bool:
            game = await self._games.under_way(self.chat.id, 0, kind)
            return game is not None and getattr(game, column) is not None

        await until(is_noted)
