"""Judge a painting: the losses, as pure functions of features.

Features are activations of one layer, shape (1, H, W, C), of float32 or bfloat16; every loss is a float32
scalar. Gatys et al. 2016 is "Image Style Transfer Using Convolutional Neural Networks".
"""

from collections.abc import Sequence

import tensorflow as tf

from core.backbone import Tensor

_TINY = 1e-12  # keeps what is divided by above 0, far below any network's scale


def content_loss(features: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference mean((F - P)^2) of (1, H, W, C) features (Gatys et al. 2016, equation 1)."""
    return tf.reduce_mean(tf.cast(tf.square(features - target), tf.float32))


def gram_matrix(features: Tensor) -> Tensor:
    """Which features occur together: G = F^T F / n, shape (C, C), float32, over the n = H W positions of F.

    Gatys et al. 2016, equation 3, divided by n so that pictures of different sizes compare.
    """
    flat = tf.reshape(features, (-1, tf.shape(features)[-1]))
    positions = tf.cast(tf.shape(flat)[0], tf.float32)
    return tf.cast(tf.matmul(flat, flat, transpose_a=True), tf.float32) / positions


def mean_gram_matrix(features: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    """The Gram matrices of several pictures' features, each by its share, 1 in all: (C, C)."""
    return tf.add_n([share * gram_matrix(one) for one, share in zip(features, shares, strict=True)])


def layer_style_loss(gram: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference mean((G - A)^2) of two (C, C) Gram matrices (Gatys et al. 2016, equation 4)."""
    return tf.reduce_mean(tf.square(gram - target))


def relative_style_loss(gram: Tensor, target: Tensor) -> Tensor:
    """The same over mean(A^2): 1 where nothing of the style is there; all layers then weigh alike."""
    return layer_style_loss(gram, target) / (tf.reduce_mean(tf.square(target)) + _TINY)


def relative_content_loss(features: Tensor, target: Tensor, care: Tensor) -> Tensor:
    """Mean squared difference over the target's variance, so that all networks weigh alike.

    features, target: (1, H, W, C); care: (1, H, W, 1), how much each position counts. A hundredth of the mean
    square is added to the variance, since a flat photo has no content to lose.
    """
    target = tf.cast(target, tf.float32)
    variance = tf.math.reduce_variance(target) + 0.01 * tf.reduce_mean(target**2) + _TINY
    return tf.reduce_mean(care * (tf.cast(features, tf.float32) - target) ** 2) / variance


def total_loss(style: Tensor, content: Tensor, style_weight: float, content_weight: float) -> Tensor:
    """style_weight · style + content_weight · content (Gatys et al. 2016, equation 7)."""
    return style_weight * style + content_weight * content


def neighbour_directions(features: Tensor, mean: Tensor) -> Tensor:
    """Features as directions from the style's mean (C,): unit vectors (H W, C), float32."""
    flat = tf.cast(tf.reshape(features, (-1, features.shape[-1])), tf.float32) - mean
    return flat / tf.sqrt(tf.reduce_sum(tf.square(flat), axis=-1, keepdims=True) + _TINY)


def neighbour_loss(directions: Tensor, style: Tensor) -> Tensor:
    """Mean cosine distance from each position, rows of (n, C), to its nearest in the style, rows of (m, C).

    The style's rows may be of a shorter type, in which the nearest is then looked for. After Li and Wand
    2016, "Combining Markov Random Fields and Convolutional Neural Networks", equation 2, and Kolkin et al.
    2022, "Neural Neighbor Style Transfer", section 3.1. The choice of the nearest is not differentiated.
    """
    likeness = tf.matmul(tf.cast(tf.stop_gradient(directions), style.dtype), style, transpose_b=True)
    matched = tf.cast(tf.gather(style, tf.argmax(likeness, axis=-1)), tf.float32)
    return tf.reduce_mean(1 - tf.reduce_sum(directions * matched, axis=-1))


def range_loss(image: Tensor) -> Tensor:
    """Mean squared excess beyond 0..255, in levels: what clipping would take away."""
    return tf.reduce_mean(tf.square(image - tf.clip_by_value(image, 0.0, 255.0)))
