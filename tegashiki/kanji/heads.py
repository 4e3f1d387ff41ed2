"""Heads on features that were computed once: several seeds at once, each as if alone.

    features = base_features(pictures, TransferConfig(weights=path), seed=0)  # (n, places, 576)
    heads = Heads(576, 46, HeadConfig(optimizer="adam"), seeds=[0, 1, 2])
    heads.epoch(x, labels, order)             # x (seeds, n, 576), order (updates, seeds, batch)
    heads.right(judged, truth)                # share of right answers of each seed, (seeds,)

While the base is frozen its answers to a picture never change, so a training of a hundred epochs
takes a second where the whole network takes minutes. Dropout, batch normalisation and Keras's
optimisers work on each number or column alone: heads of several seeds share one matrix product
and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from tegashiki.kanji.networks import TransferConfig, base_of, seen_by_base

MOMENTUM, EPSILON = 0.99, 1e-3  # of batch normalisation, as Keras has them


@dataclass(frozen=True)
class HeadConfig:
    """What stands on the features, and how it learns."""

    hidden: int = 0  # a layer with ReLU before the classes; 0: none
    dropout: float = 0.0  # before the classes
    normalisation: bool = False  # batch normalisation before the classes
    optimizer: str = "adam"  # what keras.optimizers.get knows
    learning_rate: float = 0.001


def base_features(pictures: np.ndarray, config: TransferConfig, seed: int = 0,
                  batch_size: int = 256) -> np.ndarray:  # fmt: skip
    """What the base answers to uint8 (n, 48, 48): float16 (n, places, channels).

    `seed`: of a base that starts at random. Nothing is augmented.
    """
    keras.utils.set_random_seed(seed)
    base = base_of(config)
    inputs = keras.Input((*pictures.shape[1:], 1))
    whole = keras.Model(inputs, base(seen_by_base(inputs, config), training=False))
    answer = tf.function(lambda x: whole(x, training=False))
    found = []
    for start in range(0, len(pictures), batch_size):
        batch = pictures[start : start + batch_size]
        filled = np.zeros((batch_size, *pictures.shape[1:], 1), np.float32)  # one trace for all
        filled[: len(batch), ..., 0] = batch / np.float32(255)
        maps = answer(filled).numpy()[: len(batch)]  # (b, rows, columns, channels)
        found.append(maps.reshape(len(batch), -1, maps.shape[-1]).astype(np.float16))
    return np.concatenate(found)


def changed(pictures: np.ndarray, layer: layers.Layer, batch_size: int = 512) -> np.ndarray:
    """Pictures uint8 (n, rows, columns) as an augmenting layer makes them in training."""
    made = []
    for start in range(0, len(pictures), batch_size):
        batch = pictures[start : start + batch_size, ..., None].astype(np.float32)
        made.append(np.asarray(layer(batch, training=True))[..., 0])
    return np.clip(np.round(np.concatenate(made)), 0, 255).astype(np.uint8)


class Heads:
    """One head for each seed, with weights of its own."""

    def __init__(self, features: int, classes: int, config: HeadConfig,
                 seeds: Sequence[int]) -> None:  # fmt: skip
        self.config, self.count = config, len(seeds)
        widths = [features, *([config.hidden] if config.hidden else []), classes]
        start = [[keras.initializers.GlorotUniform(seed + 97 * k)(pair) for seed in seeds]
                 for k, pair in enumerate(pairwise(widths))]  # fmt: skip
        self._matrices = [keras.Variable(np.stack(several)) for several in start]
        self._biases = [keras.Variable(np.zeros((self.count, 1, w), "float32"))
                        for w in widths[1:]]  # fmt: skip
        shape = (self.count, 1, widths[-2])
        self._scale, self._shift = (keras.Variable(np.full(shape, v, "float32")) for v in (1, 0))
        self._mean, self._spread = (tf.Variable(np.full(shape, v, "float32")) for v in (0, 1))
        self._trained = [*self._matrices, *self._biases]
        if config.normalisation:
            self._trained += [self._scale, self._shift]
        self._optimizer = keras.optimizers.get(
            {"class_name": config.optimizer, "config": {"learning_rate": config.learning_rate}})
        self._optimizer.build(self._trained)
        self._noise = tf.Variable(np.int32([seeds[0], 0]))

    def epoch(self, x: tf.Tensor, labels: np.ndarray, order: np.ndarray) -> np.ndarray:
        """One update for each row of `order` (updates, seeds, batch); mean loss of each head.

        x (seeds, n, features); labels int (n,).
        """
        return self._epoch(x, tf.constant(labels, tf.int32), tf.constant(order, tf.int32)).numpy()

    def right(self, x: tf.Tensor, labels: np.ndarray, batch_size: int = 512) -> np.ndarray:
        """Share of right answers of each head, float (seeds,); x (seeds, n, features)."""
        answers = [self._answer(x[:, i : i + batch_size]).numpy()
                   for i in range(0, x.shape[1], batch_size)]  # fmt: skip
        return (np.concatenate(answers, axis=1) == labels).mean(axis=1)

    @tf.function
    def _epoch(self, x: tf.Tensor, labels: tf.Tensor, order: tf.Tensor) -> tf.Tensor:
        total = tf.zeros(self.count)
        for update in tf.range(tf.shape(order)[0]):
            rows = order[update]  # (seeds, batch)
            given = tf.cast(tf.gather(x, rows, batch_dims=1), tf.float32)
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
                    tf.gather(labels, rows), self._logits(given, training=True)), axis=1)
                whole = tf.reduce_sum(loss)  # each head's slope is that of its own loss
            slopes = tape.gradient(whole, [v.value for v in self._trained])
            self._optimizer.apply(slopes, self._trained)
            total += loss
        return total / tf.cast(tf.shape(order)[0], tf.float32)

    @tf.function
    def _answer(self, x: tf.Tensor) -> tf.Tensor:
        return tf.argmax(self._logits(tf.cast(x, tf.float32), training=False), axis=-1)

    def _logits(self, x: tf.Tensor, training: bool) -> tf.Tensor:
        """(seeds, b, features) -> (seeds, b, classes)."""
        for matrix, bias in zip(self._matrices[:-1], self._biases[:-1], strict=True):
            x = tf.nn.relu(x @ matrix + bias)
        if self.config.normalisation:
            x = self._normalised(x, training)
        if self.config.dropout and training:
            self._noise.assign_add([0, 1])
            kept = tf.random.stateless_uniform(tf.shape(x), self._noise) > self.config.dropout
            x = x * tf.cast(kept, x.dtype) / (1 - self.config.dropout)
        return x @ self._matrices[-1] + self._biases[-1]

    def _normalised(self, x: tf.Tensor, training: bool) -> tf.Tensor:
        mean, spread = self._mean.read_value(), self._spread.read_value()
        if training:
            mean, spread = tf.nn.moments(x, axes=1, keepdims=True)  # (seeds, 1, features)
            for kept, now in ((self._mean, mean), (self._spread, spread)):
                kept.assign(MOMENTUM * kept + (1 - MOMENTUM) * now)
        return (x - mean) * tf.math.rsqrt(spread + EPSILON) * self._scale + self._shift
