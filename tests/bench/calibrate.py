"""What each block's activations average with the packaged network: the table in core/backbone.py.

python -m tests.bench.calibrate
"""

from core.device import choose_device  # isort: skip, it quiets TensorFlow
import numpy as np

from core.backbone import Backbone, as_tensor, block_of
from core.weights import load_weights
from tests.bench.quality import SAMPLES, load


def main() -> None:
    choose_device("cpu")
    weights = load_weights("packaged")
    network = Backbone(weights, scaled=False)
    means: dict[int, list[float]] = {}
    for path in sorted(SAMPLES.glob("*.jpg")):
        for layer, feature in network.features(as_tensor(load(path.stem)), weights.layers).items():
            means.setdefault(block_of(layer), []).append(float(np.mean(feature)))
    print({block: round(float(np.mean(found)), 4) for block, found in means.items()})


if __name__ == "__main__":
    main()
