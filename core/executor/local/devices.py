"""List the devices there are to paint on, without TensorFlow."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from itertools import cycle, islice, takewhile

_PATIENCE = 20.0  # seconds; the first call after boot may have to wake the driver up


def worker_environments(device: str, workers: int | None = None) -> list[dict[str, str]]:
    """Return, for each worker to be, the environment variables that show it its device and no other.

    One for each visible GPU, or else one for the CPU; or `workers` of them, sharing the devices. May take
    seconds: call it in a thread.
    """
    seen = gpus() if device != "cpu" else []
    # "-1" hides all GPUs. Not so for "gpu": then TensorFlow may look for itself, and say that there is none.
    none = {} if device == "gpu" else {"CUDA_VISIBLE_DEVICES": "-1"}
    each = [{"CUDA_VISIBLE_DEVICES": gpu} for gpu in seen] or [none]
    return list(islice(cycle(each), workers or len(each)))


def gpus(environment: Mapping[str, str] = os.environ) -> list[str]:
    """List the GPUs that CUDA would see: numbers or UUIDs, each fit for CUDA_VISIBLE_DEVICES."""
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:  # CUDA looks no further than the first entry that is none
        return list(takewhile(lambda gpu: gpu not in ("", "-1"), map(str.strip, visible.split(","))))
    command = shutil.which("nvidia-smi")
    if command is None:
        return []
    try:
        # UUIDs, because CUDA numbers the GPUs in another order than nvidia-smi does.
        listed = subprocess.run(  # noqa: S603  (a fixed command)
            [command, "--query-gpu=uuid", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):  # no driver, or no answer
        return []
    return listed.stdout.split()
