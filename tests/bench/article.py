"""The baseline: the article's program as people write it, an eager TensorFlow loop over Keras' layers.

Nothing of `core` but the weights is used, so that what is compared is what a newcomer would have run. VGG16
stands in for VGG19 where only the packaged weights are at hand; Keras' own layers hold them.
"""

import time

import numpy as np
import tensorflow as tf

from core.weights import Weights

STYLE_LAYERS = ("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1")
CONTENT_LAYERS = ("block5_conv2",)
MEAN = np.array([103.939, 116.779, 123.68], np.float32)


def build_model(weights: Weights) -> tf.keras.Model:
    application = getattr(tf.keras.applications, weights.architecture.upper())
    vgg = application(include_top=False, weights=None)
    for name, arrays in weights.layers.items():
        vgg.get_layer(name).set_weights(arrays)
    vgg.trainable = False
    outputs = [vgg.get_layer(name).output for name in STYLE_LAYERS + CONTENT_LAYERS]
    return tf.keras.Model(vgg.input, outputs)


def preprocess(picture: np.ndarray) -> np.ndarray:
    return (picture[None, ..., ::-1] - MEAN).astype(np.float32)


def gram_matrix(tensor: tf.Tensor) -> tf.Tensor:
    a = tf.reshape(tensor, [-1, tensor.shape[-1]])
    return tf.matmul(a, a, transpose_a=True) / tf.cast(tf.shape(a)[0], tf.float32)


def transfer(
    model: tf.keras.Model, content: np.ndarray, style: np.ndarray, steps: int = 100
) -> tuple[np.ndarray, list[float]]:
    """The picture of least loss, and the seconds of each step."""
    style_features = model(preprocess(style))[: len(STYLE_LAYERS)]
    content_features = model(preprocess(content))[len(STYLE_LAYERS) :]
    grams = [gram_matrix(f[0]) for f in style_features]
    image = tf.Variable(preprocess(content))
    optimizer = tf.keras.optimizers.Adam(learning_rate=2.0, beta_1=0.99, epsilon=1e-1)
    best_loss, best = float("inf"), image.numpy()
    seconds = []
    for _ in range(steps):
        start = time.perf_counter()
        with tf.GradientTape() as tape:
            outputs = model(image)
            style_score = tf.add_n(
                [
                    tf.reduce_mean(tf.square(gram_matrix(f[0]) - g)) / len(STYLE_LAYERS)
                    for f, g in zip(outputs[: len(STYLE_LAYERS)], grams, strict=True)
                ]
            )
            content_score = tf.reduce_mean(tf.square(outputs[-1] - content_features[0]))
            loss = 1e-2 * style_score + 1e3 * content_score
        optimizer.apply_gradients([(tape.gradient(loss, image), image)])
        image.assign(tf.clip_by_value(image, -MEAN, 255 - MEAN))
        if loss < best_loss:
            best_loss, best = float(loss), image.numpy()
        seconds.append(time.perf_counter() - start)
    picture = (best[0] + MEAN)[..., ::-1]
    return np.clip(picture, 0, 255).astype(np.uint8), seconds
