"""The bot put together: what it is made of, how it starts, and how it ends."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from logging import getLogger
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot import admission, conversation, groups, logs
from bot.arrivals import Arrivals
from bot.delivery import Delivery
from bot.errors import CannotRun, token_refused
from bot.in_order import InOrder
from bot.patience import PatientLimiter, delays, is_passing
from bot.polling import Polling
from bot.services import Services, provide
from bot.settings import Settings
from bot.studio import Studio
from bot.texts import command_menus
from bot.webhook import Webhook
from core.executor.protocol import Executor, ExecutorError
from storage import Chats, Database, Inbox, Jobs, Sessions, Users
from storage.errors import not_writable

log = getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

# Seconds, together less than the ten between SIGTERM and what comes after it.
HANDLERS_GRACE = 2.0
STUDIO_GRACE = 4.0

CONNECTIONS = 256  # to the Bot API at once; its limits on messages a second are kept elsewhere


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `CannotRun` or `storage.DatabaseError`."""
    logs.set_up(settings)
    with suppress(asyncio.CancelledError):
        asyncio.run(_run(settings))
    log.info("stopped")


async def _run(settings: Settings) -> None:
    """A signal cancels this task, which ends what has been started, in order; a second one kills."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    signals = (signal.SIGTERM, signal.SIGINT)

    def end() -> None:
        for number in signals:
            loop.remove_signal_handler(number)
        if task:
            task.cancel()

    for number in signals:
        loop.add_signal_handler(number, end)
    async with running(settings) as source:
        await source.failed()


@asynccontextmanager
async def running(settings: Settings, executor: Executor | None = None) -> AsyncIterator[Polling | Webhook]:
    """The whole bot, for as long as the block lasts.

    Raises `CannotRun` or `storage.DatabaseError` where it cannot start.
    """
    async with AsyncExitStack() as stack:
        database = await _open_database(settings)
        stack.push_async_callback(database.close)
        inbox = Inbox(database)
        application = _build(settings, inbox)
        stack.push_async_callback(application.bot.shutdown)
        await _meet_telegram(application)
        stack.push_async_callback(application.shutdown)

        executor = executor or _executor(settings)
        stack.push_async_callback(executor.close)
        try:
            await executor.start()
        except ExecutorError as error:
            raise CannotRun(str(error)) from error
        studio = Studio(database, executor, Delivery(application.bot, database, settings), settings)
        stack.push_async_callback(studio.stop, STUDIO_GRACE)
        await studio.start()

        provide(
            application,
            Services(
                database=database,
                users=Users(database),
                sessions=Sessions(database),
                chats=Chats(database),
                jobs=Jobs(database),
                studio=studio,
                settings=settings,
            ),
        )
        stack.push_async_callback(_stop_handling, application)
        await application.start()
        arrivals = Arrivals(application, inbox)
        source = _source(arrivals, settings)
        stack.push_async_callback(source.stop)
        await source.start()
        menus = asyncio.create_task(_set_command_menus(application))
        stack.callback(menus.cancel)
        log.info("running", extra={"bot": application.bot.username})
        yield source


def _build(settings: Settings, inbox: Inbox) -> App:
    application = (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .updater(None)
        .rate_limiter(PatientLimiter())
        .concurrent_updates(InOrder(inbox))
        .connection_pool_size(CONNECTIONS)
        .pool_timeout(10)
        .read_timeout(10)
        .build()
    )
    application.add_handler(admission.handler(), group=-1)
    application.add_handlers([*groups.handlers(), *conversation.handlers()])
    application.add_error_handler(admission.log_error)
    return application


def _executor(settings: Settings) -> Executor:
    if settings.executor == "cluster":
        from core.executor.cluster import ClusterExecutor

        return ClusterExecutor(settings.ray_address, settings.weights, settings.device, settings.cluster_cpus)

    from core.executor.local import LocalExecutor

    return LocalExecutor(weights=settings.weights, device=settings.device)


def _source(arrivals: Arrivals, settings: Settings) -> Polling | Webhook:
    if settings.webhook_url and settings.webhook_secret:
        secret = settings.webhook_secret.get_secret_value()
        return Webhook(arrivals, settings.webhook_url, secret, settings.listen)
    return Polling(arrivals)


async def _open_database(settings: Settings) -> Database:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(settings.database) from error
    return await Database.open(settings.database)


async def _meet_telegram(application: App) -> None:
    """Ask who we are, until there is an answer."""
    for delay in delays():
        try:
            await application.initialize()
        except InvalidToken:  # its message has the token in it
            raise token_refused() from None
        except TelegramError as error:
            if not is_passing(error):
                raise CannotRun(f"Telegram refuses to talk to this bot: {error.message}") from error
            log.warning("cannot reach Telegram yet", extra={"reason": error.message})
            await asyncio.sleep(delay)
        else:
            return


async def _set_command_menus(application: App) -> None:
    for menu in command_menus():
        try:
            await application.bot.set_my_commands(
                menu.commands, scope=menu.scope, language_code=menu.language
            )
        except TelegramError as error:
            log.warning("command menu not set", extra={"reason": error.message})


async def _stop_handling(application: App) -> None:
    """Answer what was fetched. What takes too long for that is in the inbox for the next start."""
    if application.running:
        with suppress(TimeoutError):
            await asyncio.wait_for(application.stop(), HANDLERS_GRACE)
