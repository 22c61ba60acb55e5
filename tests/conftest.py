"""What the tests share: the sample pictures, one painter, and two networks with random weights.

TensorFlow is imported by the fixtures that need it, so that tests without it do not wait for it.
"""

import asyncio
import os
import ssl
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.decoding.picture import fit, open_picture
from core.decoding.pixels import Picture
from core.weights import Weights, load_weights
from tests.kit.ray_cluster import TOKEN, Cluster
from tests.kit.small_disk import SmallDisk, mounted

if TYPE_CHECKING:
    from core.painter import Painter

SAMPLES = Path(__file__).parents[1] / "bot" / "demo" / "samples"

VGG19 = (2, 2, 4, 4, 4)

LONGEST = [  # the first and the third want the same cluster, and the same process takes both
    "core/executor/ray/test_executor.py",
    "core/test_painter.py",
    "e2e/test_private.py",
    "e2e/test_recovery.py",
    "core/executor/ray/test_faults.py",
    "e2e/test_groups.py",
    "bot/cli/test_paint.py",
    "e2e/test_faults.py",
    "core/executor/local/test_executor.py",
    "core/executor/local/test_faults.py",
    "e2e/test_many_users.py",
    "e2e/test_security.py",
    "bot/cli/test_demo.py",
    "e2e/test_gallery.py",
]
"""Files of tests that take the longest, with which several processes begin, lest one waits for another's."""

for _name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[_name]  # all that tests speak to is on this machine


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {Path(__file__).parent / file: rank for rank, file in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


@pytest.fixture(scope="session", autouse=True)
def certificates_are_read_once() -> Iterator[None]:
    """Of each HTTP client's start that is the longest part, and none here ever needs one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def absence_is_known() -> Iterator[None]:
    """HTTP clients look for a package on the disk several times a request, which most do without."""
    with pytest.MonkeyPatch.context() as patch:
        if find_spec("sniffio") is None:
            patch.setitem(sys.modules, "sniffio", None)
        yield


@pytest.fixture(scope="session", autouse=True)
def servers_end_at_once() -> Iterator[None]:
    """Uvicorn looks ten times a second whether it is to end, and then whether it may: most tests have one."""

    async def shortly(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("uvicorn.server.asyncio", SimpleNamespace(**(vars(asyncio) | {"sleep": shortly})))
        yield


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("to mount a small file system is not permitted here")
        yield disk


@pytest.fixture(scope="session")
def token_of_clusters() -> Iterator[None]:
    """In the environment, where Ray looks for it."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in TOKEN.items():
            environment.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def cluster(token_of_clusters: None) -> Iterator[Cluster]:  # noqa: ARG001
    """Two nodes that paint, for tests that leave them as they were."""
    cluster = Cluster()
    try:
        cluster.start_head()
        cluster.start_node(3)
        cluster.start_node(4)
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the sample pictures, two photos and two paintings."""
    return SAMPLES


@pytest.fixture(scope="session")
def sample() -> Callable[[str, int], Picture]:
    """A function: the sample picture of a name, with its longer side at so many pixels."""
    return lambda name, longest: fit(open_picture((SAMPLES / f"{name}.jpg").read_bytes()), longest)


@pytest.fixture(scope="session")
def painter() -> "Painter":
    """The painter as it is at work offline, shared because it takes seconds to get ready."""
    from core.device import fastest_type  # isort: skip, it quiets TensorFlow
    from core.backbone import Backbone
    from core.painter import Painter

    return Painter(Backbone(load_weights("packaged"), fastest_type()))


@pytest.fixture(scope="session")
def small_network() -> Weights:
    """VGG19 with a few random channels instead of hundreds."""
    random = np.random.default_rng(19)
    layers, inputs = {}, 3
    for block, (count, outputs) in enumerate(zip(VGG19, (4, 6, 8, 8, 8), strict=True), start=1):
        for number in range(1, count + 1):
            kernel = random.normal(0, np.sqrt(2 / (9 * inputs)), (3, 3, inputs, outputs))
            bias = random.normal(0, 1, outputs)
            layers[f"block{block}_conv{number}"] = kernel.astype(np.float32), bias.astype(np.float32)
            inputs = outputs
    return Weights("vgg19", "small", layers)


@pytest.fixture(scope="session")
def keras_vgg19() -> Any:
    """VGG19 as Keras itself builds and runs it, with random weights under which no layer dies away."""
    import keras

    keras.utils.set_random_seed(19)
    model = keras.applications.VGG19(weights=None, include_top=False)
    random = np.random.default_rng(19)
    model.set_weights(
        [
            random.normal(0, 3, array.shape) if array.ndim == 1 else array * 1.8
            for array in model.get_weights()
        ]
    )
    return model


@pytest.fixture(scope="session")
def keras_weights(keras_vgg19: Any) -> Weights:
    """The same weights, as this project has them."""
    convolutions = [layer for layer in keras_vgg19.layers if layer.get_weights()]
    return Weights("vgg19", "random", {layer.name: tuple(layer.get_weights()) for layer in convolutions})
