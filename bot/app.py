"""Build the bot, start it, and end it in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from logging import getLogger
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot.chat import admin, admission, groups, private
from bot.chat.services import Services, provide
from bot.gateway.connection import Connection
from bot.gateway.intake import Intake
from bot.gateway.per_person_order import PerPersonOrder
from bot.gateway.polling import Polling
from bot.gateway.retries import RetryingLimiter, delays, is_passing
from bot.gateway.webhook import Webhook
from bot.ops import logs
from bot.ops.errors import CannotRun, token_refused
from bot.ops.event_loop_lag import LagSampler
from bot.ops.health import Health
from bot.ops.metrics import Metrics
from bot.ops.side_tasks import SideTasks, cancelled
from bot.ops.signals import cancel_on_signals
from bot.ops.web_server import WebServer
from bot.settings import Settings, forget_secrets
from bot.studio.broadcaster import Broadcaster
from bot.studio.delivery import Delivery
from bot.studio.queue import Studio
from bot.studio.retention import Retention
from bot.wording.command_menus import command_menus
from core.decoding.decoder import Decoder
from core.executor.protocol import Executor, ExecutorError
from core.executor.worker.wire import WARM_SIZE
from storage import Bans, Chats, Database, Inbox, Jobs, Sessions, Users
from storage.errors import from_os

log = getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

# Seconds, together less than the ten between SIGTERM and what comes after it.
HANDLERS_GRACE = 2.0
STUDIO_GRACE = 4.0


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `CannotRun` or `storage.DatabaseError`."""
    forget_secrets()
    logs.set_up(settings)
    with suppress(asyncio.CancelledError):
        asyncio.run(_run(settings))
    log.info("stopped")


async def _run(settings: Settings) -> None:
    cancel_on_signals()
    async with running(settings) as side_tasks:
        await side_tasks.failed()


@asynccontextmanager
async def running(settings: Settings, executor: Executor | None = None) -> AsyncIterator[SideTasks]:
    """Run the whole bot for as long as the block lasts. What is yielded says if it fails meanwhile.

    Raises `CannotRun` or `storage.DatabaseError` where it cannot start.
    """
    async with AsyncExitStack() as stack:
        executor = executor or _executor(settings)
        metrics = Metrics(executor)
        side_tasks = SideTasks()
        stack.push_async_callback(side_tasks.stop)
        lag = LagSampler(metrics.loop_was_late)
        side_tasks.start(lag.run(), "event loop's lag")
        database = await _open_database(settings, metrics)
        stack.push_async_callback(database.close)
        health = Health(database, executor, lag)
        inbox = Inbox(database)
        application = _build(settings, inbox, metrics)
        stack.push_async_callback(application.bot.shutdown)
        intake = Intake(application, inbox)
        server = WebServer(settings.listen) if settings.listen else None
        source = _source(intake, settings, server)
        if server:
            server.add(*health.routes, metrics.route(Jobs(database)))
            stack.push_async_callback(server.stop)
            await server.start(side_tasks)

        await _meet_telegram(application)
        health.has_met_telegram = True
        stack.push_async_callback(application.shutdown)

        stack.push_async_callback(executor.close)
        try:
            await executor.start()
        except ExecutorError as error:
            raise CannotRun(str(error)) from error
        delivery = Delivery(application.bot, database, settings)
        studio = Studio(database, executor, delivery, settings, metrics)
        stack.push_async_callback(studio.stop, STUDIO_GRACE)
        await studio.start(side_tasks)
        broadcaster = Broadcaster(application.bot, database)
        retention = Retention(Sessions(database), Jobs(database), studio.files, settings)

        decoder = Decoder()
        stack.callback(decoder.close)
        provide(
            application,
            Services(
                database=database,
                users=Users(database),
                sessions=Sessions(database),
                chats=Chats(database),
                jobs=Jobs(database),
                bans=Bans(database),
                studio=studio,
                decoder=decoder,
                broadcaster=broadcaster,
                settings=settings,
            ),
        )
        stack.push_async_callback(_stop_handling, application)
        await application.start()
        stack.push_async_callback(source.stop)
        await source.start(side_tasks)
        stack.enter_context(health.taking_updates())
        for task in (
            side_tasks.start(broadcaster.run(), "broadcasts"),
            side_tasks.start(retention.run(), "retention"),
            side_tasks.start(_set_command_menus(application, settings), "command menus"),
        ):
            stack.push_async_callback(cancelled, task)
        log.info("running", extra={"bot": application.bot.username})
        yield side_tasks


def _build(settings: Settings, inbox: Inbox, metrics: Metrics) -> App:
    application = (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .updater(None)
        .rate_limiter(RetryingLimiter())
        .concurrent_updates(PerPersonOrder(inbox))
        .request(Connection(metrics.telegram_failed))
        .get_updates_request(Connection(metrics.telegram_failed, connections=1))
        .build()
    )
    application.add_handler(admission.handler(settings), group=-1)
    application.add_handlers([*admin.handlers(settings), *groups.handlers(), *private.handlers()])
    application.add_handler(admin.first_word(settings), group=1)
    application.add_error_handler(admission.log_error)
    return application


def _executor(settings: Settings) -> Executor:
    warm_size = min(WARM_SIZE, 2 * settings.size)  # "Larger" doubles the size, and nothing here is larger
    if settings.executor == "cluster":
        from core.executor.ray.executor import ClusterExecutor

        return ClusterExecutor(
            settings.ray_address,
            settings.weights,
            settings.device,
            settings.cluster_cpus,
            warm_size=warm_size,
        )

    from core.executor.local.executor import LocalExecutor

    return LocalExecutor(weights=settings.weights, device=settings.device, warm_size=warm_size)


def _source(intake: Intake, settings: Settings, server: WebServer | None) -> Polling | Webhook:
    if settings.webhook_url and settings.webhook_secret and server:
        secret = settings.webhook_secret.get_secret_value()
        return Webhook(intake, settings.webhook_url, secret, server)
    return Polling(intake)


async def _open_database(settings: Settings, metrics: Metrics) -> Database:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise from_os(error, settings.database) from error
    return await Database.open(settings.database, observe=metrics.database_took)


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


async def _set_command_menus(application: App, settings: Settings) -> None:
    for menu in command_menus():
        try:
            await application.bot.set_my_commands(
                menu.commands, scope=menu.scope, language_code=menu.language
            )
        except TelegramError as error:
            log.warning("command menu not set", extra={"reason": error.message})
    for admin_id in sorted(settings.admin_ids):
        await admin.set_menus(application.bot, admin_id)


async def _stop_handling(application: App) -> None:
    """Answer what was fetched. What takes too long for that is in the inbox for the next start."""
    if application.running:
        with suppress(TimeoutError):
            await asyncio.wait_for(application.stop(), HANDLERS_GRACE)
