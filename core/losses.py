"""What a painting is judged by, as pure functions of features.

Features are activations of one layer, shape (1, H, W, C), of float32 or bfloat16; every loss is a float32
scalar. Gatys et al. 2016 is "Image Style Transfer Using Convolutional Neural Networks".
"""

import tensorflow as tf

from core.backbone import Tensor


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


def layer_style_loss(gram: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference mean((G - A)^2) of two (C, C) Gram matrices (Gatys et al. 2016, equation 4)."""
    return tf.reduce_mean(tf.square(gram - target))


def relative_style_loss(gram: Tensor, target: Tensor) -> Tensor:
    """The same over mean(A^2): 1 where nothing of the style is there; all layers then weigh alike."""
    return layer_style_loss(gram, target) / (tf.reduce_mean(tf.square(target)) + 1e-6)


def relative_content_loss(features: Tensor, target: Tensor, variance: Tensor) -> Tensor:
    """Content loss over the target's variance (see `variance_of`): layers and networks then weigh alike."""
    return content_loss(features, target) / variance


def variance_of(features: Tensor) -> Tensor:
    """The variance of all values, at least a small one: a flat photo has no content to lose."""
    return tf.math.reduce_variance(tf.cast(features, tf.float32)) + 1e-2


def total_loss(style: Tensor, content: Tensor, style_weight: float, content_weight: float) -> Tensor:
    """style_weight · style + content_weight · content (Gatys et al. 2016, equation 7)."""
    return style_weight * style + content_weight * content


def neighbour_directions(features: Tensor, mean: Tensor) -> Tensor:
    """Features as directions from the style's mean (C,): unit vectors (H W, C), of the features' type."""
    flat = tf.reshape(features, (-1, tf.shape(features)[-1])) - mean
    norm = tf.sqrt(tf.reduce_sum(tf.square(tf.cast(flat, tf.float32)), axis=-1, keepdims=True) + 1e-6)
    return flat / tf.cast(norm, flat.dtype)


def neighbour_loss(directions: Tensor, style: Tensor) -> Tensor:
    """Mean cosine distance from each position, rows of (n, C), to its nearest in the style, rows of (m, C).

    After Li and Wand 2016, "Combining Markov Random Fields and Convolutional Neural Networks", equation 2,
    and Kolkin et al. 2022, "Neural Neighbor Style Transfer", section 3.1. The choice of the nearest is not
    differentiated.
    """
    nearest = tf.argmax(tf.matmul(tf.stop_gradient(directions), style, transpose_b=True), axis=-1)
    matched = tf.gather(style, nearest)
    cosine = tf.reduce_sum(tf.cast(directions, tf.float32) * tf.cast(matched, tf.float32), axis=-1)
    return tf.reduce_mean(1 - cosine)


def range_loss(image: Tensor) -> Tensor:
    """Mean squared excess beyond 0..255, in levels: what clipping would take away."""
    return tf.reduce_mean(tf.square(image - tf.clip_by_value(image, 0.0, 255.0)))


def total_variation(image: Tensor) -> Tensor:
    """Mean squared difference of neighbouring pixels, of an image (1, H, W, 3): speckle costs, edges less."""
    dy = image[:, 1:, :] - image[:, :-1, :]
    dx = image[:, :, 1:] - image[:, :, :-1]
    return tf.reduce_mean(tf.square(dy)) + tf.reduce_mean(tf.square(dx))
