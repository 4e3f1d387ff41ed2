"""Heads on features that were computed once: several seeds at once, each as if alone.

    features = base_features(pictures, TransferConfig(weights=path), seed=0)  # (n, places, 576)
    heads = Heads(576, 46, HeadConfig(optimizer="adam"), seeds=[0, 1, 2])
    heads.epoch(x, labels, order)             # x (seeds, n, 576), order (updates, seeds, batch)
    heads.right(judged, truth)                # share of right answers of each seed, (seeds,)

While the base is frozen its answers to a picture never change, so they are computed once, and what
is trained is small. Heads of several seeds are one Keras network whose matrices have an axis more;
batch normalisation and the optimisers work on each number or column alone, so the heads share
nothing but the compiled step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from tegashiki.kanji.networks import TransferConfig, base_of, seen_by_base


@dataclass(frozen=True)
class HeadConfig:
    """What stands on the features, and how it learns."""

    hidden: int = 0  # a layer with ReLU before the classes; 0: none
    dropout: float = 0.0  # before the classes
    normalisation: bool = False  # batch normalisation before the classes
    optimizer: str = "adam"  # any of Keras's, by its name
    learning_rate: float = 0.001


def base_features(pictures: np.ndarray, config: TransferConfig, seed: int = 0,
                  batch_size: int = 256) -> np.ndarray:  # fmt: skip
    """What the base answers to uint8 (n, 48, 48): float16 (n, places, channels).

    `seed`: of a base that starts at random. Nothing is augmented.
    """
    import keras

    keras.utils.set_random_seed(seed)
    base = base_of(config)
    inputs = keras.Input((*pictures.shape[1:], 1))
    whole = keras.Model(inputs, base(seen_by_base(inputs, config), training=False))
    maps = whole.predict(pictures[..., None] / np.float32(255), batch_size, verbose=0)
    return maps.reshape(len(maps), -1, maps.shape[-1]).astype(np.float16)


def changed(pictures: np.ndarray, layer: Any, batch_size: int = 512) -> np.ndarray:
    """Pictures uint8 (n, rows, columns) as an augmenting layer makes them in training."""
    made = []
    for start in range(0, len(pictures), batch_size):
        batch = pictures[start : start + batch_size, ..., None].astype(np.float32)
        made.append(np.asarray(layer(batch, training=True))[..., 0])
    return np.clip(np.round(np.concatenate(made)), 0, 255).astype(np.uint8)


class Heads:
    """One head for each seed, with weights of its own; `model`: all of them as one network.

    `model` takes float32 (batch, seeds, features) and gives logits (batch, seeds, classes).
    """

    def __init__(self, features: int, classes: int, config: HeadConfig,
                 seeds: Sequence[int]) -> None:  # fmt: skip
        import keras
        from keras import layers

        widths = [features, *([config.hidden] if config.hidden else []), classes]
        *hidden, last = [_dense(*pair, seeds) for pair in pairwise(widths)]
        stack = [keras.Input((len(seeds), features))]
        for layer in hidden:
            stack += [layer, layers.ReLU()]
        if config.normalisation:  # of every column of every head
            stack += [layers.Reshape((-1,)), layers.BatchNormalization(),
                      layers.Reshape((len(seeds), widths[-2]))]  # fmt: skip
        if config.dropout:
            stack.append(layers.Dropout(config.dropout, seed=seeds[0]))
        self.model = keras.Sequential([*stack, last])
        rule = {"class_name": config.optimizer, "config": {"learning_rate": config.learning_rate}}
        self.model.compile(keras.optimizers.get(rule), loss=_sum_of_losses, jit_compile=False)

    def epoch(self, x: np.ndarray, labels: np.ndarray, order: np.ndarray) -> None:
        """One update for each row of `order` (updates, seeds, batch).

        x (seeds, n, features); labels int (n,).
        """
        each = np.arange(len(x))[:, None]
        for rows in order:
            batch = x[each, rows].astype(np.float32).swapaxes(0, 1)
            self.model.train_on_batch(batch, labels[rows].T)

    def right(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Share of right answers of each head, float (seeds,); x (seeds, n, features)."""
        logits = np.asarray(self.model(x.astype(np.float32).swapaxes(0, 1), training=False))
        return (logits.argmax(-1) == labels[:, None]).mean(axis=0)


def _dense(rows: int, columns: int, seeds: Sequence[int]) -> Any:
    """A dense layer for each seed, side by side; each begins as it would alone."""
    from keras import initializers, layers

    def kernel(shape: tuple[int, ...], dtype: str | None = None) -> np.ndarray:
        return np.stack([initializers.GlorotUniform(seed)((rows, columns), dtype)
                         for seed in seeds])  # fmt: skip

    return layers.EinsumDense("bsi,sio->bso", (len(seeds), columns), bias_axes="so",
                              kernel_initializer=kernel)


def _sum_of_losses(labels: Any, logits: Any) -> Any:
    """Cross-entropy summed over heads, so that each head's slope is what it would be alone."""
    from keras import ops

    return ops.sum(ops.sparse_categorical_crossentropy(labels, logits, from_logits=True), axis=-1)
