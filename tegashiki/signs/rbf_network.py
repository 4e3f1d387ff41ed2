"""Kernel ridge regression squeezed into a small file: a network of radial basis functions.

    fitted = fit([features, of_copies], labels, signers, classes=10, config=RbfConfig(), seed=0)
    log_p = read(fitted, features)                       # (n, f) -> (n, classes)
    network = RbfNetwork(fitted)                         # (b, frames, 67, 4) -> (b, classes)

Pooled geometry, standardised; its principal components; Gaussian units at examples of the
training part drawn by chance; a linear head in closed form (the Nystroem approximation of kernel
ridge, Williams & Seeger 2001):

    min_b sum_i w_i |k_i b - y_i|^2 + strength tr(b^T K_cc b),   k_i = exp(-width |z_i - c_j|^2)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops
from sklearn.utils.extmath import randomized_svd

from tegashiki.signs import kernel_ridge
from tegashiki.signs.forest import take_weights
from tegashiki.signs.geometry import Geometry, pooled_geometry


@dataclass(frozen=True)
class RbfConfig:
    """Sizes and penalties."""

    components: int = 128                       # principal components of pooled geometry
    centres: int = 600                          # Gaussian units
    width: float = kernel_ridge.WIDTH
    strength: float = kernel_ridge.STRENGTH
    sharpness: float = kernel_ridge.SHARPNESS   # of the logits


@dataclass(frozen=True)
class RbfWeights:
    """What the network knows; float32."""

    mean: np.ndarray          # (f,)
    variance: np.ndarray      # (f,)
    projection: np.ndarray    # (f, components)
    shift: np.ndarray         # (components,), of the mean row
    centres: np.ndarray       # (centres, components)
    head: np.ndarray          # (centres, classes), logits
    bias: np.ndarray          # (classes,)
    width: float              # of exp(-width d^2)


def fit(copies: Sequence[np.ndarray], labels: np.ndarray, signers: np.ndarray, classes: int,
        config: RbfConfig, seed: int = 0) -> RbfWeights:
    """Solve for features (n, f), and for augmented copies of them, if any, after the first."""
    rng = np.random.default_rng(seed)
    mean, variance = copies[0].mean(axis=0), copies[0].var(axis=0)
    rows = [kernel_ridge.standardised(features, mean, variance) for features in copies]
    centre = rows[0].mean(axis=0)
    components = min(config.components, len(labels) - 1)
    _, _, axes = randomized_svd(rows[0] - centre, components, n_iter=2, random_state=seed)
    projection, shift = axes.T, centre @ axes.T
    places = [one @ projection - shift for one in rows]
    chosen = rng.choice(len(labels), min(config.centres, len(labels)), replace=False)
    centres = places[0][chosen]
    base = 1 / classes
    weights = take_weights(labels, signers)[:, None] / len(copies)
    targets = np.eye(classes)[labels] - base
    gram = config.strength * (_units(centres, centres, config.width)
                              + 1e-4 * np.eye(len(centres)))
    moment = np.zeros((len(centres), classes))
    for one in places:
        units = _units(one, centres, config.width)
        gram += units.T @ (weights * units)
        moment += units.T @ (weights * targets)
    head = np.linalg.solve(gram, moment)
    single = np.float32
    return RbfWeights(mean.astype(single), np.maximum(variance, kernel_ridge.FLOOR).astype(single),
                      projection.astype(single), shift.astype(single), centres.astype(single),
                      (config.sharpness * head).astype(single),
                      np.full(classes, config.sharpness * base, single),
                      config.width / kernel_ridge.TYPICAL)


def embedded(fitted: RbfWeights, features: np.ndarray) -> np.ndarray:
    """Principal components of pooled geometry: (n, f) -> (n, components)."""
    rows = kernel_ridge.standardised(features, fitted.mean, fitted.variance)
    return rows @ fitted.projection - fitted.shift


def read(fitted: RbfWeights, features: np.ndarray) -> np.ndarray:
    """Pooled geometry (n, f) -> log probabilities float32 (n, classes), without Keras."""
    units = _units(embedded(fitted, features), fitted.centres, fitted.width * kernel_ridge.TYPICAL)
    logits = units @ fitted.head + fitted.bias
    return (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))).astype(np.float32)


def _units(places: np.ndarray, centres: np.ndarray, width: float) -> np.ndarray:
    """Gaussian units of (n, d) at (m, d): float64 (n, m); the solve needs all its digits."""
    return kernel_ridge.kernel(places.astype(np.float64), centres.astype(np.float64), width)


class RbfNetwork(keras.Model):
    """The whole reader, from joints to logits; its weights are fixed."""

    def __init__(self, fitted: RbfWeights, **more) -> None:
        super().__init__(**more)
        self.describe = Geometry()
        self.width = fitted.width
        scale = 1 / (np.sqrt(fitted.variance) * np.sqrt(len(fitted.mean)))
        tables = {"mean": fitted.mean, "scale": scale, "projection": fitted.projection,
                  "shift": fitted.shift, "centres": fitted.centres.T, "head": fitted.head,
                  "bias": fitted.bias}
        for name, table in tables.items():
            variable = self.add_weight(shape=table.shape, trainable=False, name=name)
            variable.assign(table)
            setattr(self, f"_{name}", variable)
        self.limit = kernel_ridge.CLIP / len(fitted.mean) ** 0.5

    def build(self, packed_shape=None):
        """Nothing to do: the tables are made at once."""
        self.built = True

    def call(self, packed, training=False):
        """(b, frames, 67, 4) -> logits (b, classes)."""
        rows = (pooled_geometry(self.describe, packed) - self._mean) * self._scale
        rows = ops.clip(rows, -self.limit, self.limit)
        places = ops.matmul(rows, self._projection) - self._shift
        # |z - c|^2 = |z|^2 + |c|^2 - 2 z c
        squares = (ops.sum(places ** 2, axis=1, keepdims=True)
                   + ops.sum(self._centres ** 2, axis=0) - 2 * ops.matmul(places, self._centres))
        units = ops.exp(-self.width * ops.maximum(squares, 0.0))
        return ops.matmul(units, self._head) + self._bias
