"""One word of sign language from landmarks: the source's pooled features, and a network that sees.

    network = SignClassifier(SignConfig(width=96), classes=10)
    scores = network(packed)                       # (b, frames, 67, 4) -> (b, classes)

`PooledSigns` is the faithful system: a linear layer and a mean over time. `SignClassifier` derives
what does not depend on the signer's place and size (`Describe`), then convolutions and attention
over time. keras.ops only: the same file runs on TensorFlow and JAX.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

# Joints and hands of the normal form (tegashiki.data.landmark_body).
LEFT, RIGHT = 25, 46
ARM_JOINTS = (0, 9, 10, 13, 14, 15, 16)      # nose, mouth, elbows, wrists
TIPS, ROOTS = np.array((4, 8, 12, 16, 20)), np.array((2, 5, 9, 13, 17))
PLACES = (0, 9, 10, 11, 12)                  # where a hand can be: nose, mouth, shoulders


@dataclass(frozen=True)
class SignConfig:
    """Sizes of the network."""

    frames: int = 32           # the sequence's length after resampling
    width: int = 64            # features of a moment (two frames) inside the network
    kernel: int = 3            # moments that a convolution sees
    convolutions: int = 2      # before each attention
    blocks: int = 1            # of convolutions and one attention
    heads: int = 4
    recurrent: bool = False    # a bidirectional GRU in the place of the attention
    dropout: float = 0.3       # before the head; half of it inside
    velocity: bool = True      # differences between frames are features too
    depth: bool = False        # z of the hands is a feature too


@keras.saving.register_keras_serializable("tegashiki")
class PooledSigns(keras.Model):
    """The source's system: Dense(64) and ReLU on each frame, mean over time, a linear head.

    `masked`: the mean counts real frames only; else padding counts as frames full of zeros.
    """

    def __init__(self, classes: int, width: int = 64, masked: bool = True, **more) -> None:
        super().__init__(**more)
        self.masked = masked
        self.feature = layers.Dense(width, activation="relu", name="feature")
        self.head = layers.Dense(classes, name="head")

    def call(self, inputs):
        """{"feature": (b, T, J * C), "present": (b, T) 1 on real frames} -> logits (b, classes)."""
        hidden = self.feature(inputs["feature"])                             # (b, T, width)
        if not self.masked:
            return self.head(ops.mean(hidden, axis=1))
        present = inputs["present"][:, :, None]
        count = ops.maximum(ops.sum(present, axis=1), 1.0)
        return self.head(ops.sum(hidden * present, axis=1) / count)


@keras.saving.register_keras_serializable("tegashiki")
class Describe(layers.Layer):
    """Joints -> features of each frame that a hand's place in the picture does not change.

    For each hand: its joints around its wrist in units of the hand, distances between finger tips
    and of each tip to its root, where it is against nose, mouth and shoulders, whether it is seen.
    For the body: where the arms are. With `velocity`, the change of all that since the last frame.
    """

    def __init__(self, velocity: bool = True, depth: bool = False, **more) -> None:
        super().__init__(**more)
        self.velocity, self.depth = velocity, depth

    def call(self, packed):
        """(b, T, 67, 4) -> (b, T, features)."""
        seen = packed[..., 3:]                                               # (b, T, 67, 1)
        flat = packed[..., :2]
        shoulders = (flat[:, :, 11:12] + flat[:, :, 12:13]) / 2
        arms = ops.take(flat - shoulders, ARM_JOINTS, axis=2)
        parts = [arms * ops.take(seen, ARM_JOINTS, axis=2)]
        for start in (LEFT, RIGHT):
            parts += self._hand(packed, start)
        features = ops.concatenate([_merged(part) for part in parts], axis=-1)
        features = ops.clip(features, -4.0, 4.0)
        if not self.velocity:
            return features
        change = features[:, 2:] - features[:, :-2]                          # over two frames
        change = ops.pad(change, ((0, 0), (1, 1), (0, 0)))
        return ops.concatenate([features, 2 * change], axis=-1)

    def _hand(self, packed, start):
        """Parts (b, T, ..., channels), 0 where the hand is not seen."""
        hand = packed[:, :, start : start + 21, :]                           # (b, T, 21, 4)
        seen = hand[..., 3:]
        there = ops.max(seen, axis=2, keepdims=True)                         # (b, T, 1, 1)
        flat = hand[..., : 3 if self.depth else 2]
        shape = (flat - flat[:, :, :1]) * seen                               # around the wrist
        palm = ops.take(shape, ROOTS[1:], axis=2)[..., :2]
        size = ops.sqrt(ops.mean(ops.sum(palm ** 2, -1, keepdims=True), 2, keepdims=True) + 1e-4)
        shape = shape / size * there
        tips, roots = ops.take(shape, TIPS, axis=2), ops.take(shape, ROOTS, axis=2)
        pairs = tips[:, :, :, None, :2] - tips[:, :, None, :, :2]            # (b, T, 5, 5, 2)
        apart = ops.sqrt(ops.sum(pairs ** 2, -1) + 1e-4)
        apart = ops.stack([apart[:, :, i, j] for i in range(5) for j in range(i)], axis=-1)
        bent = ops.sqrt(ops.sum((tips - roots)[..., :2] ** 2, -1) + 1e-4)    # (b, T, 5)
        places = ops.take(packed, PLACES, axis=2)
        centre = (hand[:, :, :1, :2] + hand[:, :, 9:10, :2]) / 2
        where = (centre - places[..., :2]) * there * places[..., 3:]
        return [shape, apart * there[..., 0], bent * there[..., 0], where, size * there, there]


def _merged(part):
    """(b, T, ...) -> (b, T, product of the rest)."""
    rest = int(np.prod(part.shape[2:]))
    return ops.reshape(part, (-1, part.shape[1], rest))


@keras.saving.register_keras_serializable("tegashiki")
class SignClassifier(keras.Model):
    """Describe -> convolutions over time and attention -> attention-weighted mean -> head."""

    def __init__(self, config: SignConfig, classes: int, **more) -> None:
        super().__init__(**more)
        self.config, self.classes = config, classes
        self.describe = Describe(config.velocity, config.depth)
        self.reader = SignReader(config, classes)

    def call(self, packed, training=False):
        """(b, frames, 67, 4) -> logits (b, classes)."""
        return self.reader(self.describe(packed), training=training)

    def judge(self, packed):
        """Logits (b, classes) and how much each frame counted, (b, frames), summing to 1."""
        logits, weight = self.reader.judge(self.describe(packed))
        return logits, ops.repeat(weight, 2, axis=1) / 2


@keras.saving.register_keras_serializable("tegashiki")
class SignReader(keras.Model):
    """The part with weights: features (b, frames, features) -> logits (b, classes).

    On its own it trains on features that were described once an epoch.
    """

    def __init__(self, config: SignConfig, classes: int, **more) -> None:
        super().__init__(**more)
        c = self.config = config
        self.norm = layers.BatchNormalization(name="scale")
        self.first = layers.Dropout(c.dropout / 2)
        self.stem = layers.Dense(c.width, name="stem")
        self.blocks = [_Block(c, name=f"block{i}") for i in range(c.blocks)]
        self.last = layers.LayerNormalization(name="last")
        self.look = layers.Dense(1, name="look")
        self.drop = layers.Dropout(c.dropout)
        self.head = layers.Dense(classes, name="head")

    def call(self, features, training=False):
        """(b, frames, features) -> logits (b, classes)."""
        return self.judge(features, training)[0]

    def judge(self, features, training=False):
        """Logits, and the weight of each pair of frames (b, frames / 2)."""
        x = self.first(self.norm(features, training=training), training=training)
        frames, width = x.shape[1:]
        x = self.stem(ops.reshape(x, (-1, frames // 2, 2 * width)))          # pairs of frames
        for block in self.blocks:
            x = block(x, training=training)
        x = self.last(x)
        weight = ops.softmax(self.look(x), axis=1)                           # (b, frames / 2, 1)
        pooled = ops.sum(x * weight, axis=1)
        return self.head(self.drop(pooled, training=training)), weight[:, :, 0]


class _Block(layers.Layer):
    """Convolutions over time, then attention or a GRU; residual throughout."""

    def __init__(self, config: SignConfig, **more) -> None:
        super().__init__(**more)
        c = config
        self.kernel = c.kernel
        self.convolutions = [(layers.LayerNormalization(), layers.Dense(c.width, "silu"),
                              layers.Dense(c.width)) for _ in range(c.convolutions)]
        self.norm = layers.LayerNormalization()
        if c.recurrent:
            self.mix = layers.Bidirectional(layers.GRU(c.width // 2, return_sequences=True))
        elif c.heads:
            self.mix = layers.MultiHeadAttention(c.heads, max(c.width // c.heads, 1))
        else:
            self.mix = None
        self.drop = layers.Dropout(c.dropout / 2)

    def call(self, x, training=False):
        for norm, look, narrow in self.convolutions:
            x = x + self.drop(narrow(look(self._around(norm(x)))), training=training)
        if self.mix is None:
            return x
        y = self.norm(x)
        y = self.mix(y) if isinstance(self.mix, layers.Bidirectional) else self.mix(y, y)
        return x + self.drop(y, training=training)

    def _around(self, x):
        """(b, T, c) -> (b, T, kernel * c): each moment with its neighbours.

        A Dense after it is a convolution, and a matrix product is what CPUs do best.
        """
        side, frames = self.kernel // 2, x.shape[1]
        wide = ops.pad(x, ((0, 0), (side, side), (0, 0)))
        return ops.concatenate([wide[:, i : i + frames] for i in range(self.kernel)], axis=-1)
