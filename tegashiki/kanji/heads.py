"""Heads on features that were computed once: several seeds at once, each as if alone.

    features = base_features(pictures, TransferConfig(weights=path), seed=0)  # (n, places, 576)
    heads = Heads(576, 46, HeadConfig(optimizer="adam"), seeds=[0, 1, 2])
    heads.epoch(x, labels, order)             # x (seeds, n, 576), order (updates, seeds, batch)
    heads.right(judged, truth)                # share of right answers of each seed, (seeds,)

While the base is frozen its answers to a picture never change, so a training of a hundred epochs
takes a second where the whole network takes minutes. A head is small enough for NumPy, which needs
no compiling: that is most of the time of hundreds of settings. Dropout, batch normalisation and the
optimisers are Keras's to the digit (tests/kanji/test_heads.py); they work on each number or column
alone, so heads of several seeds share the matrix products and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from tegashiki.kanji.networks import TransferConfig, base_of, seen_by_base

MOMENTUM, EPSILON = 0.99, 1e-3  # of batch normalisation, as Keras has them


@dataclass(frozen=True)
class HeadConfig:
    """What stands on the features, and how it learns."""

    hidden: int = 0  # a layer with ReLU before the classes; 0: none
    dropout: float = 0.0  # before the classes
    normalisation: bool = False  # batch normalisation before the classes
    optimizer: str = "adam"  # or "adamax", "adagrad", "adadelta"
    learning_rate: float = 0.001


def base_features(pictures: np.ndarray, config: TransferConfig, seed: int = 0,
                  batch_size: int = 256) -> np.ndarray:  # fmt: skip
    """What the base answers to uint8 (n, 48, 48): float16 (n, places, channels).

    `seed`: of a base that starts at random. Nothing is augmented.
    """
    import keras
    import tensorflow as tf

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


def changed(pictures: np.ndarray, layer: Any, batch_size: int = 512) -> np.ndarray:
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
        self._rngs = [np.random.default_rng(seed) for seed in seeds]
        self._weights = []  # matrix and bias of each layer, then scale and shift
        for rows, columns in pairwise(widths):
            limit = np.sqrt(6 / (rows + columns))  # Glorot's uniform, as Keras begins
            self._weights += [np.stack([rng.uniform(-limit, limit, (rows, columns)) for rng in
                                        self._rngs]).astype(np.float32),
                              np.zeros((self.count, 1, columns), np.float32)]  # fmt: skip
        shape = (self.count, 1, widths[-2])
        self._mean, self._spread = np.zeros(shape, np.float32), np.ones(shape, np.float32)
        if config.normalisation:
            self._weights += [np.ones(shape, np.float32), np.zeros(shape, np.float32)]
        self._steps = [STEPS[config.optimizer](weight) for weight in self._weights]

    def epoch(self, x: np.ndarray, labels: np.ndarray, order: np.ndarray) -> np.ndarray:
        """One update for each row of `order` (updates, seeds, batch); mean loss of each head.

        x (seeds, n, features); labels int (n,).
        """
        each = np.arange(self.count)[:, None]
        losses = [self._update(x[each, rows].astype(np.float32), labels[rows]) for rows in order]
        return np.mean(losses, axis=0)

    def right(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Share of right answers of each head, float (seeds,); x (seeds, n, features)."""
        hidden = self._hidden(x.astype(np.float32))
        if self.config.normalisation:
            hidden = self._normalised(hidden, self._mean, self._spread)[0]
        matrix, bias = self._last()
        return ((hidden @ matrix + bias).argmax(-1) == labels).mean(axis=1)

    def _hidden(self, x: np.ndarray) -> np.ndarray:
        return np.maximum(x @ self._weights[0] + self._weights[1], 0) if self.config.hidden else x

    def _last(self) -> list[np.ndarray]:
        """Matrix and bias before the classes."""
        at = 2 if self.config.hidden else 0
        return self._weights[at : at + 2]

    def _normalised(self, x: np.ndarray, mean: np.ndarray, spread: np.ndarray
                    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
        """Batch normalisation's answer, what it scales, and one over the deviation."""
        one_over = 1 / np.sqrt(spread + EPSILON)
        scaled = (x - mean) * one_over
        return scaled * self._weights[-2] + self._weights[-1], scaled, one_over

    def _update(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """One step on x (seeds, b, features); the losses before it, (seeds,)."""
        config, batch = self.config, x.shape[1]
        hidden = last = self._hidden(x)
        if config.normalisation:
            mean, spread = hidden.mean(1, keepdims=True), hidden.var(1, keepdims=True)
            self._mean = MOMENTUM * self._mean + (1 - MOMENTUM) * mean
            self._spread = MOMENTUM * self._spread + (1 - MOMENTUM) * spread
            last, scaled, one_over = self._normalised(hidden, mean, spread)
        if config.dropout:
            kept = np.stack([rng.random(last.shape[1:], np.float32) for rng in self._rngs])
            kept = (kept > config.dropout) / np.float32(1 - config.dropout)
            last = last * kept
        matrix, bias = self._last()
        logits = last @ matrix + bias  # (seeds, b, classes)
        logits -= logits.max(-1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(-1, keepdims=True)
        place = (*np.ogrid[: self.count, :batch], labels)
        loss = -np.log(np.maximum(p[place], 1e-30)).mean(1)
        p[place] -= 1
        slope = p / batch  # of each head's loss by its logits
        slopes = [np.swapaxes(last, 1, 2) @ slope, slope.sum(1, keepdims=True)]
        back = slope @ np.swapaxes(matrix, 1, 2)
        if config.dropout:
            back = back * kept
        if config.normalisation:
            slopes += [(back * scaled).sum(1, keepdims=True), back.sum(1, keepdims=True)]
            inner = back * self._weights[-2]
            back = one_over * (inner - inner.mean(1, keepdims=True)
                               - scaled * (inner * scaled).mean(1, keepdims=True))  # fmt: skip
        if config.hidden:
            back = back * (hidden > 0)
            slopes = [np.swapaxes(x, 1, 2) @ back, back.sum(1, keepdims=True), *slopes]
        for weight, slope_of, step in zip(self._weights, slopes, self._steps, strict=True):
            weight -= np.float32(config.learning_rate) * step(slope_of)
        return loss


class _Adam:
    """Kingma and Ba 2015, as Keras has it: what times the learning rate is taken away."""

    def __init__(self, weight: np.ndarray) -> None:
        self._mean, self._square = np.zeros_like(weight), np.zeros_like(weight)
        self._time = 0

    def __call__(self, slope: np.ndarray) -> np.ndarray:
        self._time += 1
        self._mean += 0.1 * (slope - self._mean)
        self._square += 0.001 * (slope * slope - self._square)
        rate = np.float32(np.sqrt(1 - 0.999**self._time) / (1 - 0.9**self._time))
        return rate * self._mean / (np.sqrt(self._square) + np.float32(1e-7))


class _Adamax(_Adam):
    """The same with the largest slope of late in place of the mean square."""

    def __call__(self, slope: np.ndarray) -> np.ndarray:
        self._time += 1
        self._mean += 0.1 * (slope - self._mean)
        self._square = np.maximum(np.float32(0.999) * self._square, np.abs(slope))
        return self._mean / (np.float32(1 - 0.9**self._time) * (self._square + np.float32(1e-7)))


class _Adagrad:
    """Duchi, Hazan and Singer 2011."""

    def __init__(self, weight: np.ndarray) -> None:
        self._square = np.full_like(weight, 0.1)

    def __call__(self, slope: np.ndarray) -> np.ndarray:
        self._square += slope * slope
        return slope / np.sqrt(self._square + np.float32(1e-7))


class _Adadelta:
    """Zeiler 2012."""

    def __init__(self, weight: np.ndarray) -> None:
        self._square, self._moved = np.zeros_like(weight), np.zeros_like(weight)

    def __call__(self, slope: np.ndarray) -> np.ndarray:
        small = np.float32(1e-7)
        self._square += np.float32(0.05) * (slope * slope - self._square)
        move = np.sqrt(self._moved + small) * slope / np.sqrt(self._square + small)
        self._moved += np.float32(0.05) * (move * move - self._moved)
        return move


STEPS = {"adam": _Adam, "adamax": _Adamax, "adagrad": _Adagrad, "adadelta": _Adadelta}
