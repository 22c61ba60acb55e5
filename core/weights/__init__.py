"""Load VGG weights into NumPy arrays: Keras' VGG19, fetched once, the VGG16 in this folder, or a user's file.

Nothing here imports TensorFlow, and nothing here trains.
"""

from core.weights.choosing import load_weights
from core.weights.errors import WeightsError
from core.weights.fetching import IMAGENET, Progress, Source, cache_path, check_source, fetch, is_cached
from core.weights.vgg import Architecture, Layers, Weights

__all__ = [
    "IMAGENET",
    "Architecture",
    "Layers",
    "Progress",
    "Source",
    "Weights",
    "WeightsError",
    "cache_path",
    "check_source",
    "fetch",
    "is_cached",
    "load_weights",
]
