"""Build the bot, start it, and end it in order."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from logging import getLogger
from typing import Any

from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot.chat import admin, admission, groups, private, sharing
from bot.chat.games.daily_clock import DailyClock
from bot.chat.games.steps import take_step
from bot.chat.services import Services, provide
from bot.chat.session_flow import ask_what_is_due
from bot.chat.sheet_pictures import SheetPictures
from bot.gallery.collection import open_gallery
from bot.gateway.client import Client
from bot.gateway.connection import Connection
from bot.gateway.intake import Intake
from bot.gateway.network import client_options
from bot.gateway.per_person_order import PerPersonOrder
from bot.gateway.polling import Polling
from bot.gateway.request_limiter import RetryingLimiter
from bot.gateway.retries import persist
from bot.gateway.starting import insist
from bot.gateway.webhook import Webhook
from bot.ops import logs
from bot.ops.errors import CannotRun
from bot.ops.event_loop_lag import LagSampler
from bot.ops.health import Health
from bot.ops.metrics import Metrics
from bot.ops.side_tasks import SideTasks, cancelled
from bot.ops.signals import cancel_on_signals
from bot.ops.web_server import WebServer
from bot.settings import Settings, forget_secrets
from bot.studio.broadcaster import Broadcaster
from bot.studio.delivery import Delivery
from bot.studio.game_clock import GameClock
from bot.studio.retention import Retention
from bot.studio.small_paintings import SmallPaintings
from bot.studio.stickers import Stickers
from bot.studio.studio import Studio
from bot.wording.command_menus import command_menus
from core.decoding.decoder import Decoder, DecoderUnavailable
from core.executor.protocol import Executor, ExecutorError
from core.executor.worker.wire import WARM_SIZE
from storage import Bans, Chats, Database, Games, GroupsSettings, Inbox, Jobs, Sessions, Sheets, Users
from storage.errors import from_os

log = getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

# Seconds, together less than the ten between SIGTERM and what comes after it.
HANDLERS_GRACE = 2.0
CUT_SHORT = 0.1
STUDIO_GRACE = 4.0
MENUS_PATIENCE = 3600.0  # seconds to try to set the menus of commands


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
async def running(
    settings: Settings, executor: Executor | None = None, now: Callable[[], float] = time.time
) -> AsyncIterator[SideTasks]:
    """Run the whole bot for as long as the block lasts. What is yielded says if it fails meanwhile.

    Games go by `now`, which tells the time in Unix seconds.

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
        client = _client(settings, metrics)
        order = PerPersonOrder(inbox)
        admits = admission.Admission(settings, order)
        application = _build(settings, client, order, admits)
        stack.push_async_callback(client.shutdown)
        intake = Intake(application, inbox, admits.at_arrival, metrics.update_unreadable)
        server = WebServer(settings.listen) if settings.listen else None
        source = _source(intake, client, settings, server)
        if server:
            server.add(*health.routes, metrics.route(Jobs(database)))
            stack.push_async_callback(server.stop)
            await server.start(side_tasks)

        await insist(application.initialize, "talk to this bot")
        health.has_met_telegram = True
        stack.push_async_callback(application.shutdown)

        stack.push_async_callback(executor.close)
        try:
            await executor.start()
        except ExecutorError as error:
            raise CannotRun(str(error)) from error
        parts = await _open_studio(
            stack, side_tasks, application, database, executor, metrics, order, settings, now
        )
        provide(application, parts)
        retention = Retention(database, parts.studio.files, settings)
        stack.push_async_callback(_stop_handling, application, order, parts.game_clock)
        await application.start()
        await ask_what_is_due(application)
        stack.push_async_callback(source.stop)
        await source.start(side_tasks)
        stack.enter_context(health.taking_updates(source.reception))
        for task in (
            side_tasks.start(parts.broadcaster.run(), "broadcasts"),
            side_tasks.start(parts.game_clock.run(), "games"),
            side_tasks.start(DailyClock(application).run(), "paintings of the day"),
            side_tasks.start(retention.run(), "retention"),
            side_tasks.start(parts.sheets.draw_ahead(), "sheets of the gallery"),
            side_tasks.start(_set_command_menus(application, settings), "command menus"),
        ):
            stack.push_async_callback(cancelled, task)
        log.info("running", extra={"bot": application.bot.username})
        yield side_tasks


async def _open_studio(
    stack: AsyncExitStack,
    side_tasks: SideTasks,
    application: App,
    database: Database,
    executor: Executor,
    metrics: Metrics,
    order: PerPersonOrder,
    settings: Settings,
    now: Callable[[], float],
) -> Services:
    """Open the gallery and the studio, and collect what handlers work with; all is closed by the `stack`."""
    decoder = Decoder()
    stack.callback(decoder.close)
    looks = Decoder()
    stack.callback(looks.close)
    gallery, _ = await asyncio.gather(
        asyncio.to_thread(open_gallery, settings.gallery, decoder),
        asyncio.to_thread(_try_to_start, looks),
    )
    sheets = SheetPictures(gallery, decoder, Sheets(database))
    stack.callback(sheets.close)
    delivery = Delivery(application.bot, database, settings, gallery)
    studio = Studio(database, executor, delivery, settings, metrics)
    stack.push_async_callback(studio.stop, STUDIO_GRACE)
    await studio.start(side_tasks)
    games = Games(database, now)
    game_clock = GameClock(games, now, partial(take_step, application))
    studio.tell_games(game_clock.look_at)
    return Services(
        database=database,
        users=Users(database),
        sessions=Sessions(database),
        chats=Chats(database),
        jobs=Jobs(database),
        bans=Bans(database),
        studio=studio,
        decoder=decoder,
        looks=looks,
        gallery=gallery,
        sheets=sheets,
        stickers=Stickers(application.bot, studio.files, decoder),
        broadcaster=Broadcaster(application.bot, database),
        games=games,
        group_settings=GroupsSettings(database),
        game_clock=game_clock,
        small_paintings=SmallPaintings(),
        order=order,
        settings=settings,
        now=now,
    )


def _client(settings: Settings, metrics: Metrics) -> Client:
    options = client_options(settings.api_url)
    return Client(
        token=settings.token.get_secret_value(),
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=Connection(metrics.telegram_failed, options),
        get_updates_request=Connection(metrics.telegram_failed, options, connections=1),
        rate_limiter=RetryingLimiter(),
    )


def _build(settings: Settings, client: Client, order: PerPersonOrder, admits: admission.Admission) -> App:
    application = ApplicationBuilder().bot(client).updater(None).concurrent_updates(order).build()
    application.add_handler(admits.handler(), group=-1)
    application.add_handlers([*admin.handlers(settings), *groups.handlers(), *private.handlers()])
    application.add_handler(sharing.handler())
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


def _source(
    intake: Intake, client: Client, settings: Settings, server: WebServer | None
) -> Polling | Webhook:
    if settings.webhook_url and settings.webhook_secret and server:
        secret = settings.webhook_secret.get_secret_value()
        return Webhook(intake, client, settings.webhook_url, secret, server)
    return Polling(intake, client)


def _try_to_start(decoder: Decoder) -> None:
    """Have its process at hand before the first picture comes; what hinders that is told then."""
    with suppress(DecoderUnavailable):
        decoder.start()


async def _open_database(settings: Settings, metrics: Metrics) -> Database:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise from_os(error, settings.database) from error
    return await Database.open(settings.database, observe=metrics.database_took)


async def _set_command_menus(application: App, settings: Settings) -> None:
    for menu in command_menus():
        try:
            await persist(
                partial(
                    application.bot.set_my_commands,
                    menu.commands,
                    scope=menu.scope,
                    language_code=menu.language,
                ),
                MENUS_PATIENCE,
            )
        except TelegramError as error:
            log.warning("command menu not set", extra={"reason": error.message})
    for admin_id in sorted(settings.admin_ids):
        await admin.set_menus(application.bot, admin_id)


async def _stop_handling(application: App, order: PerPersonOrder, game_clock: GameClock) -> None:
    """Answer what was fetched, and let games take the steps that they have begun.

    What takes too long for that is in the inbox for the next start, or in the rows of the games.
    """
    await asyncio.gather(_answer_what_was_fetched(application, order), game_clock.stop(HANDLERS_GRACE))


async def _answer_what_was_fetched(application: App, order: PerPersonOrder) -> None:
    if not application.running:
        return
    stopping = asyncio.create_task(application.stop())  # which waits for updates, and then for other tasks
    await asyncio.wait([stopping], timeout=HANDLERS_GRACE)
    await order.cut_short()
    with suppress(TimeoutError):
        async with asyncio.timeout(CUT_SHORT):
            await stopping  # cancelled here, it cancels the other tasks
