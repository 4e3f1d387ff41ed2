"""One word of sign language from landmarks: the source's pooled features, and a network that sees.

    network = SignClassifier(SignConfig(width=96), classes=10)
    scores = network(packed)                       # (b, frames, 67, 4) -> (b, classes)

`PooledSigns` is the faithful system: a linear layer and a mean over time. `SignClassifier`
describes each frame by what does not depend on the signer's place and size (frame_features), then
uses convolutions and attention over time. keras.ops only: the same file runs on TensorFlow and JAX.
"""

from dataclasses import dataclass

import keras
from keras import layers, ops

from tegashiki.signs.frame_features import Describe
from tegashiki.signs.geometry import Geometry


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
    geometry: bool = False     # frames are described by geometry.Geometry, else by Describe


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


class SignClassifier(keras.Model):
    """Describe -> convolutions over time and attention -> attention-weighted mean -> head."""

    def __init__(self, config: SignConfig, classes: int, **more) -> None:
        super().__init__(**more)
        self.config, self.classes = config, classes
        self.describe = (Geometry(config.velocity) if config.geometry
                         else Describe(config.velocity, config.depth))
        self.reader = SignReader(config, classes)

    def call(self, packed, training=False):
        """(b, frames, 67, 4) -> logits (b, classes)."""
        return self.reader(self.describe(packed), training=training)

    def judge(self, packed):
        """Logits (b, classes) and how much each frame counted, (b, frames), summing to 1."""
        logits, weight = self.reader.judge(self.describe(packed))
        return logits, ops.repeat(weight, 2, axis=1) / 2


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
        self.attend = layers.Dense(1, name="attend")
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
        weight = ops.softmax(self.attend(x), axis=1)                           # (b, frames / 2, 1)
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

    def build(self, x_shape):
        for norm, widen, narrow in self.convolutions:
            norm.build(x_shape)
            widen.build((*x_shape[:-1], self.kernel * x_shape[-1]))
            narrow.build(x_shape)
        self.norm.build(x_shape)
        if isinstance(self.mix, layers.MultiHeadAttention):
            self.mix.build(x_shape, x_shape)
        elif self.mix is not None:
            self.mix.build(x_shape)
        self.built = True

    def call(self, x, training=False):
        for norm, widen, narrow in self.convolutions:
            x = x + self.drop(narrow(widen(self._around(norm(x)))), training=training)
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
