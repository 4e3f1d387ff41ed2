"""What a frame of signing is described by, as a layer: shapes of hands, and where they are.

    features, seen = Describe().with_presence(packed)     # (b, T, 67, 4) -> (b, T, f) twice
    answers = SignStatistics(classes=10)(packed)          # (b, classes); see tegashiki.signs.ridge

In the network, so that the exported file takes plain joints.
"""

import keras
import numpy as np
from keras import layers, ops

# Joints and hands of the normal form (tegashiki.signs.normal_form).
LEFT, RIGHT = 25, 46
ARMS = (0, 9, 10, 13, 14, 15, 16)            # nose, mouth, elbows, wrists
TIPS, ROOTS = np.array((4, 8, 12, 16, 20)), np.array((2, 5, 9, 13, 17))
PLACES = (0, 9, 10, 11, 12)                  # where a hand can be: nose, mouth, shoulders
PAIRS = np.array([5 * i + j for i in range(5) for j in range(i)])     # of finger tips, in 5 x 5


class FrameFeatures(layers.Layer):
    """Joints -> features of each frame: where the arms are, and what `of_hands` says.

    With `velocity`, the change of all that over two frames, too.
    """

    def __init__(self, velocity: bool = False, **more) -> None:
        super().__init__(**more)
        self.velocity = velocity

    def of_hands(self, packed):
        """(b, T, 67, 4) -> pairs of a part (b, T, n, channels), 0 where unknown, and its presence.

        A presence has one channel, and n or 1 rows.
        """
        raise NotImplementedError

    def call(self, packed):
        """(b, T, 67, 4) -> (b, T, features), 0 where nothing is known."""
        features = self.with_presence(packed)[0]
        if not self.velocity:
            return features
        change = features[:, 2:] - features[:, :-2]
        return ops.concatenate([features, 2 * ops.pad(change, ((0, 0), (1, 1), (0, 0)))], axis=-1)

    def with_presence(self, packed):
        """Features without velocities, and 1 where they are known, else 0: (b, T, f) each."""
        flat, seen = packed[..., :2], packed[..., 3:]
        shoulders = (flat[:, :, 11:12] + flat[:, :, 12:13]) / 2
        known = ops.take(seen, ARMS, axis=2)
        parts = [(ops.take(flat - shoulders, ARMS, axis=2) * known, known), *self.of_hands(packed)]
        features = ops.concatenate([_merged(part) for part, _ in parts], axis=-1)
        presence = ops.concatenate(
            [_merged(ops.broadcast_to(known, ops.shape(part))) if part.shape != known.shape
             else _merged(known) for part, known in parts], axis=-1)
        return ops.clip(features, -4.0, 4.0), presence


class Describe(FrameFeatures):
    """Features of each frame that a hand's place in the picture does not change.

    For each hand: its joints around its wrist in units of the hand, distances between finger tips
    and of each tip to its root, where it is against nose, mouth and shoulders, whether it is seen.
    """

    def __init__(self, velocity: bool = True, depth: bool = False, **more) -> None:
        super().__init__(velocity, **more)
        self.depth = depth

    def of_hands(self, packed):
        """See `FrameFeatures`."""
        return [*self._hand(packed, LEFT), *self._hand(packed, RIGHT)]

    def _hand(self, packed, start):
        """Pairs of a part (b, T, n, channels), 0 where the hand is not seen, and its presence."""
        hand = packed[:, :, start : start + 21, :]                           # (b, T, 21, 4)
        seen = hand[..., 3:]
        there = ops.max(seen, axis=2, keepdims=True)                         # (b, T, 1, 1)
        flat = hand[..., : 3 if self.depth else 2]
        shape = (flat - flat[:, :, :1]) * seen                               # around the wrist
        palm = ops.take(shape, ROOTS[1:], axis=2)[..., :2]
        size = ops.sqrt(ops.mean(ops.sum(palm ** 2, -1, keepdims=True), 2, keepdims=True) + 1e-4)
        shape = shape / size * there
        tips, roots = (ops.take(shape, joints, axis=2)[..., :2] for joints in (TIPS, ROOTS))
        pairs = tips[:, :, :, None] - tips[:, :, None]                       # (b, T, 5, 5, 2)
        pairs = ops.reshape(pairs, (-1, pairs.shape[1], 25, 2))
        apart = _length(ops.take(pairs, PAIRS, axis=2))
        places = ops.take(packed, PLACES, axis=2)
        centre = (hand[:, :, :1, :2] + hand[:, :, 9:10, :2]) / 2
        near = there * places[..., 3:]
        return [(shape, seen), (apart * there, there), (_length(tips - roots) * there, there),
                ((centre - places[..., :2]) * near, near), (size * there, there),
                (there, ops.ones_like(there))]


class SignStatistics(keras.Model):
    """Means and spreads over time of what was seen, then one linear layer; no training loop.

    Of each feature: mean, standard deviation, that of its change, and the mean in each third.
    """

    def __init__(self, classes: int, **more) -> None:
        super().__init__(**more)
        self.describe = Describe(velocity=False)
        self.scale = layers.BatchNormalization(center=False, scale=False, epsilon=0.0,
                                               name="scale")
        self.head = layers.Dense(classes, name="head")

    def build(self, packed_shape):
        found = self.statistics(ops.zeros((1, *packed_shape[1:])))
        self.scale.build(found.shape)
        self.head.build(found.shape)
        self.built = True

    def call(self, packed, training=False):
        """(b, frames, 67, 4) -> logits (b, classes)."""
        return self.read(self.statistics(packed))

    def read(self, statistics):
        """(b, 6 f) -> logits (b, classes)."""
        scaled = self.scale(statistics, training=False)
        return self.head(ops.clip(scaled, -4.0, 4.0))

    def statistics(self, packed):
        """See the function of the same name."""
        return statistics(self.describe, packed)


def statistics(describe, packed):
    """Of each feature of `describe`, over time: (b, frames, 67, 4) -> (b, 6 f)."""
    features, seen = describe.with_presence(packed)
    frames = features.shape[1]
    thirds = [slice(frames * i // 3, frames * (i + 1) // 3) for i in range(3)]
    both = seen[:, 2:] * seen[:, :-2]
    change = (features[:, 2:] - features[:, :-2]) * both
    return ops.concatenate([
        _mean(features, seen), _spread(features, seen), _spread(change, both),
        *[_mean(features[:, part], seen[:, part]) for part in thirds]], axis=-1)


def _mean(values, seen):
    """Over time of what was seen, 0 where nothing was: (b, T, f) -> (b, f)."""
    return ops.sum(values * seen, axis=1) / ops.maximum(ops.sum(seen, axis=1), 1.0)


def _spread(values, seen):
    apart = (values - _mean(values, seen)[:, None]) * seen
    return ops.sqrt(_mean(apart ** 2, seen) + 1e-6)


def _length(vectors):
    """(..., 2) -> (..., 1), with a gradient at 0."""
    return ops.sqrt(ops.sum(vectors ** 2, axis=-1, keepdims=True) + 1e-4)


def _merged(part):
    """(b, T, n, channels) -> (b, T, n * channels)."""
    return ops.reshape(part, (-1, part.shape[1], part.shape[2] * part.shape[3]))
