"""What each block's activations average with the packaged network: the table in core/backbone.py.

python -m tests.bench.calibrate
"""

from pathlib import Path

from core.device import choose_device  # isort: skip, it quiets TensorFlow
import numpy as np

from core.backbone import Backbone, as_tensor, block_of
from core.decoding.picture import fit, open_picture
from core.weights import load_weights

SAMPLES = Path(__file__).parents[2] / "bot" / "demo" / "samples"
SIDE = 512  # px


def main() -> None:
    choose_device("cpu")
    weights = load_weights("packaged")
    network = Backbone(weights)
    means: dict[int, list[float]] = {}
    for path in sorted(SAMPLES.glob("*.jpg")):
        picture = as_tensor(fit(open_picture(path.read_bytes()), SIDE))
        for layer, feature in network.features(picture, weights.layers).items():
            means.setdefault(block_of(layer), []).append(float(np.mean(feature)))
    print({block: float(f"{np.mean(found):.3g}") for block, found in means.items()})


if __name__ == "__main__":
    main()
