"""Pictures to TeX without strokes: an encoder of the picture, a decoder that looks about in it.

    network = Network(Config(encoder="dense"), vocabulary_size=253)
    outputs = network({"picture": pictures, "valid": valid, "tokens": tokens})
    outputs["tokens"], outputs["attention"]        # logits (b, t, v); (b, t, cells)

It answers to the calls of `tegashiki.networks`, so the learner, the gate and the beam of the ink
line work for it; its features draw the ink. The decoder is that of WAP (Zhang et al. 2017): a GRU
asks, attention with coverage answers from cells of 16 x 16 pixels, a second GRU takes the answer.
"""

import math
import os
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from tegashiki.image2tex.features import STRIDE, PictureFeatures

FAR = -1e9


@dataclass(frozen=True)
class Config:
    """What the encoder is and how the decoder looks about."""

    encoder: str = "dense"        # "mobile": MobileNetV2; "cached": cells that it made once
    tuned: bool = False           # whether MobileNetV2 learns too
    columns: int = 256            # of the pictures that MobileNetV2 is given
    growth: int = 16              # channels that each dense layer adds
    depth: int = 4                # layers of each of the three dense blocks
    channels: int = 576           # of a cached cell
    units: int = 128              # of each decoder GRU
    embedding: int = 64           # of a token
    dropout: float = 0.0          # on memory and on the decoder's output
    coverage: bool = True         # whether attention sees where it has been
    positions: bool = True        # whether a cell knows its place
    begin: str = "mean"           # the decoder starts from the picture's mean, or from "zero"
    context: str = "dense"        # a layer before the context joins, or "pool": means of channels
    guide_loss: float = 0.0       # weight of attending to the cells of the token's ink
    cell_loss: float = 0.0        # weight of naming each cell's symbol


class Network(PictureFeatures, keras.Model):
    """Convolutions, or features made once, and a GRU decoder with coverage attention."""

    NAME = "pictures"

    def __init__(self, config: Config, vocabulary_size: int):
        super().__init__()
        self.config, self.vocabulary_size = config, vocabulary_size
        c = config
        self.base = mobile_net(c.columns) if c.encoder == "mobile" else None
        if self.base is not None:
            self.base.trainable = c.tuned
        self.first = layers.Conv2D(2 * c.growth, 7, 2, padding="same", activation="relu")
        self.blocks = [[DenseLayer(c.growth) for _ in range(c.depth)] for _ in range(3)]
        self.between = [layers.Conv2D((2 + i) * c.growth, 1) for i in (1, 2)]
        self.normal = layers.LayerNormalization(epsilon=1e-5)
        self.memory_in = layers.Dense(c.units)
        self.embed = layers.Embedding(vocabulary_size, c.embedding)
        self.reader, self.writer = layers.GRUCell(c.units), layers.GRUCell(c.units)
        self.query = layers.Dense(c.units, use_bias=False)
        self.key = layers.Dense(c.units)
        self.cover_in = layers.Conv2D(16, 5, padding="same", use_bias=False)
        self.cover_out = layers.Dense(c.units, use_bias=False)
        self.score = layers.Dense(1, use_bias=False)
        self.context_in = layers.Dense(c.units // 2)
        self.start_in = layers.Dense(c.units, activation="tanh")
        self.drop = layers.Dropout(c.dropout)
        self.head = layers.Dense(vocabulary_size)
        self.name_cells = layers.Dense(vocabulary_size) if c.cell_loss else None
        # Built here: the steps of a loop may not make variables.
        for layer, width in ((self.reader, c.embedding + c.units // 2), (self.query, c.units),
                             (self.writer, c.units // 2), (self.cover_out, 16),
                             (self.score, c.units), (self.context_in, c.units),
                             (self.start_in, c.units)):
            layer.build((None, width))
        self.cover_in.build((None, None, None, 1))

    def build(self, input_shape=None):
        """Nothing to do: the other layers are built by the first call."""

    # -- encoder ----------------------------------------------------------------------------

    def cells(self, inputs, training=False):
        """What the picture holds, (b, rows, columns, channels) of cells."""
        if self.config.encoder == "cached":
            return inputs["cells"]
        if self.base is not None:      # its norms keep what they measured on photographs
            return self.base(as_photograph(inputs["picture"]), training=False)
        x = layers.MaxPooling2D(2)(self.first(inputs["picture"]))         # (b, 24, w / 4, f)
        for i, block in enumerate(self.blocks):
            for layer in block:
                x = ops.concatenate([x, layer(x)], -1)
            if i < 2:
                x = layers.AveragePooling2D(2)(self.between[i](x))
        return x                                                          # (b, 6, w / 16, f)

    def encode(self, inputs, training=False):
        """{"picture" or "cells", "valid" (b, columns)} -> memory, keys, which cells are real."""
        x = self.memory_in(self.normal(self.cells(inputs, training)))
        rows, columns = x.shape[1], ops.shape(x)[2]
        if self.config.positions:
            x = x + places(rows, columns, self.config.units)[None]
        valid = ops.repeat(inputs["valid"][:, None, :], rows, axis=1)     # (b, rows, columns)
        memory = ops.reshape(x, (-1, rows * columns, self.config.units))
        memory = self.drop(memory, training=training)
        flat = ops.reshape(valid, (-1, rows * columns))
        mean = ops.sum(memory * flat[..., None], 1) / ops.maximum(
            ops.sum(flat, 1, keepdims=True), 1.0)
        first = self.start_in(mean) if self.config.begin == "mean" else 0.0 * mean
        return {"memory": memory, "keys": self.key(memory), "valid": flat, "first": first}

    # -- decoder ----------------------------------------------------------------------------

    def start(self, memory, rows: int, length: int | None = None):
        """The state before the first token, all zeros: an exported file begins with these."""
        zeros = ops.zeros((rows, self.config.units), "float32")
        return {"reader": zeros, "writer": zeros, "begun": zeros[:, :1], "cover": ops.zeros(
            (rows, memory["valid"].shape[1] or ops.shape(memory["valid"])[1]), "float32")}

    def advance(self, memory, state, embedded):
        """One token: (rows, embedding) -> output (rows, units), attention (rows, cells), state."""
        # What the decoder begins with comes from the memory, in its first step.
        former = state["writer"] + (1.0 - state["begun"]) * memory["first"]
        context = self.narrow(former)
        asked, _ = self.reader(ops.concatenate([embedded, context], -1), [state["reader"]])
        keys = memory["keys"]
        if self.config.coverage:
            seen = ops.reshape(state["cover"], (ops.shape(state["cover"])[0], self.ROWS // STRIDE,
                                                -1, 1))
            seen = self.cover_out(self.cover_in(seen))                     # (rows, r, c, units)
            keys = keys + ops.reshape(seen, (ops.shape(seen)[0], -1, self.config.units))
        scores = self.score(ops.tanh(self.query(asked)[:, None] + keys))[..., 0]
        weights = ops.softmax(scores + FAR * (1.0 - memory["valid"]))      # (rows, cells)
        found = ops.sum(weights[..., None] * memory["memory"], axis=1)     # (rows, units)
        output, _ = self.writer(self.narrow(found), [asked])
        return output, weights, {"reader": asked, "writer": output,
                                 "begun": ops.ones_like(state["begun"]),
                                 "cover": state["cover"] + weights}

    def narrow(self, found):
        """What attention found, (rows, units), at half its width: it must not drown the token."""
        if self.config.context == "dense":
            return self.context_in(found)
        return ops.mean(ops.reshape(found, (-1, self.config.units // 2, 2)), axis=-1)

    def decode(self, memory, tokens, training=False):
        """Tokens int32 (b, t) -> {"tokens": logits (b, t, v), "attention": (b, t, cells)}."""
        state = self.start(memory, ops.shape(tokens)[0])
        embedded, outputs, attention = self.embed(tokens), [], []
        for place in range(tokens.shape[1]):     # laid out at length: buckets are few and short
            output, weights, state = self.advance(memory, state, embedded[:, place])
            outputs.append(output)
            attention.append(weights)
        outputs = self.drop(ops.stack(outputs, axis=1), training=training)
        return {"tokens": self.head(outputs), "attention": ops.stack(attention, axis=1)}

    def call(self, inputs, training=False):
        """What `decode` returns; with a loss on cells their logits too, "cells" (b, cells, v)."""
        memory = self.encode(inputs, training)
        outputs = self.decode(memory, inputs["tokens"], training)
        if self.name_cells is not None:
            outputs["cells"] = self.name_cells(memory["memory"])
        return outputs

    @staticmethod
    def total(count):  # noqa: ANN205 - a tensor of the backend
        """A count over all rows of the batch; a learner on several devices replaces it."""
        return count

    def auxiliary_loss(self, targets, outputs):
        """Attend to the ink of the token being written; name each cell's symbol.

        Attention that has to be found from the formula alone takes a hundred thousand pictures to
        appear. Pictures drawn from ink know where each token lies, so it is taught, as the strokes'
        network is.
        """
        loss = 0.0
        if self.config.guide_loss:
            mine = targets["guide_weights"]                                # (b, t, cells)
            drawn = ops.max(mine, axis=2)                                  # (b, t) has ink
            mass = ops.sum(outputs["attention"] * mine, axis=2)
            guide = ops.sum(-ops.log(mass + 1e-4) * drawn)
            loss += self.config.guide_loss * guide / ops.maximum(self.total(ops.sum(drawn)), 1.0)
        if self.config.cell_loss:
            known = targets["cell_weights"]                                # (b, cells)
            log_p = ops.log_softmax(outputs["cells"], axis=-1)
            label = targets["cell_label"][:, :, None]
            said = ops.sum(ops.take_along_axis(log_p, label, axis=-1)[..., 0] * known)
            loss -= self.config.cell_loss * said / ops.maximum(self.total(ops.sum(known)), 1.0)
        return loss

    def step(self, memory, state, tokens):
        """int32 (rows,) -> logits (rows, v) and the next state; the same numbers as `decode`."""
        output, _, new = self.advance(memory, state, self.embed(tokens))
        return self.head(output), new


def mobile_net(columns: int, weights: str | os.PathLike | None = None) -> keras.Model:
    """MobileNetV2 up to its last layer with cells of 16 x 16 pixels: (b, 6, columns / 16, 576).

    `weights`: a file for Keras' MobileNetV2 without its top, "imagenet" where there is a network to
    fetch them by, or None for numbers that nobody trained.
    """
    base = keras.applications.MobileNetV2(input_shape=(PictureFeatures.ROWS, columns, 3),
                                          include_top=False,
                                          weights=None if weights is None else str(weights))
    return keras.Model(base.input, base.get_layer("block_13_expand_relu").output)


def as_photograph(picture):
    """Ink (b, rows, columns, 1) as MobileNetV2 expects it: paper 1, ink -1, three colours."""
    return ops.repeat(1.0 - 2.0 * picture, 3, axis=-1)


class DenseLayer(layers.Layer):
    """Norm, relu and 3 x 3 convolution of all that came before (Huang et al. 2017)."""

    def __init__(self, growth: int) -> None:
        super().__init__()
        # Of each place alone: a batch must say the same in training and after it, and a formula
        # the same in a picture with more paper beside it.
        self.norm = layers.LayerNormalization(epsilon=1e-3)
        self.conv = layers.Conv2D(growth, 3, padding="same")

    def call(self, x):
        """(b, rows, columns, f) -> (b, rows, columns, growth)."""
        return self.conv(ops.relu(self.norm(x)))


def places(rows: int, columns, width: int):
    """Sinusoidal places (rows, columns, width): half for the row, half for the column."""
    rate = np.exp(-math.log(1000) * np.arange(0, width // 2, 2) / (width // 2)).astype(np.float32)
    down = ops.arange(rows, dtype="float32")[:, None, None] * rate         # (rows, 1, width / 4)
    along = ops.arange(columns, dtype="float32")[None, :, None] * rate
    flat = ops.zeros((rows, columns, 1), "float32")
    return ops.concatenate([ops.sin(down + flat), ops.cos(down + flat),
                            ops.sin(along + flat), ops.cos(along + flat)], axis=-1)
