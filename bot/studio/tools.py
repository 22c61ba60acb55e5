"""Hold together what the studio and its parts work with."""

from dataclasses import dataclass

from bot.ops.metrics import Metrics
from bot.settings import Settings
from bot.studio.delivery import Delivery
from bot.studio.result_files import ResultFiles
from bot.studio.slots import Slots
from core.executor.protocol import Executor
from storage import Jobs


@dataclass(frozen=True)
class Tools:
    """What the studio and its attempts work with."""

    jobs: Jobs
    executor: Executor
    slots: Slots
    delivery: Delivery
    files: ResultFiles
    settings: Settings
    metrics: Metrics
