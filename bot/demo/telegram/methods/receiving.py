"""Answer the methods by which updates and files reach the bot."""

from typing import Any

from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.files import MAX_DOWNLOAD
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.world import World

LONGEST_POLL = 50


async def get_updates(world: World, given: Parameters) -> list[dict[str, Any]]:
    if world.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _narrow(world, given)
    limit = given.integer("limit") or 100
    timeout = given.integer("timeout") or 0
    return await world.updates.poll(
        offset=given.integer("offset") or 0,
        limit=min(max(limit, 1), 100),
        seconds=min(max(timeout, 0), LONGEST_POLL),
    )


async def set_webhook(world: World, given: Parameters) -> bool:
    url = given.text("url")
    if not url:
        return await delete_webhook(world, given)
    if not url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    _narrow(world, given)
    if given.flag("drop_pending_updates"):
        world.updates.pending.clear()
    await world.webhook.set(url, given.text("secret_token"), given.integer("max_connections") or 40)
    return True


async def delete_webhook(world: World, given: Parameters) -> bool:
    await world.webhook.stop()
    if given.flag("drop_pending_updates"):
        world.updates.pending.clear()
    return True


async def get_webhook_info(world: World, _given: Parameters) -> dict[str, Any]:
    return world.webhook.to_json()


async def get_file(world: World, given: Parameters) -> dict[str, Any]:
    stored = world.files.find(given.text("file_id"))
    if stored.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**stored.to_json(), "file_path": stored.path}


def _narrow(world: World, given: Parameters) -> None:
    """The kinds of update the bot wants stay as they are until it names others."""
    wanted = given.parsed("allowed_updates")
    if wanted is not None:
        world.updates.allowed = wanted


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
}
