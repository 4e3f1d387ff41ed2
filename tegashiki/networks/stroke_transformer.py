"""A transformer over strokes: one position a stroke, attention that knows how strokes lie.

    network = Network(Config(), vocabulary_size=120)
    outputs = network({"points": points, "boxes": boxes, "tokens": tokens})
    outputs["tokens"], outputs["strokes"]     # logits (b, t, 120), (b, s, 120)

Encoder: each stroke is embedded from its points by two small convolutions; self-attention
(Vaswani et al. 2017, pre-norm) adds to every score a bias computed from the relative place, size
and order of the pair of strokes. Decoder: autoregressive, with the attention refined by what it
has attended to already (coverage, after CoMER, Zhao & Gao 2022): the scores of the last layer get a
bias from the attention accumulated over earlier tokens. Two losses use the known stroke-symbol
alignment: every stroke names its symbol, and one head of each decoder layer attends to the
strokes of the token that is being written.
"""

import math
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from tegashiki.networks.features import StrokeFeatures

FAR = -1e9
TOUCH = (0, 5, 10, 14, 19)   # points that stand for a stroke where the gap of two is measured


@dataclass(frozen=True)
class Config:
    """Sizes and losses of the stroke transformer."""

    width: int = 160             # of every position; 2.6 M parameters with the depths below
    heads: int = 5               # of 32 each
    encoder_layers: int = 5      # most of the work is in the encoder
    decoder_layers: int = 2      # the last one attends with coverage
    expansion: int = 4           # hidden units of a feed-forward block, times width
    filters: int = 64            # of the first convolution over a stroke's points
    pair_units: int = 32         # hidden units of the pair bias
    dropout: float = 0.1
    stroke_loss: float = 0.3     # weight of naming each stroke's symbol
    guide_loss: float = 0.2      # weight of attending to the strokes of the token
    max_length: int = 96         # tokens that the cache of `step` holds


def pair_geometry(points, boxes):
    """Relations of every pair of strokes -> (b, s, s, 12); [i, j] describes j as seen from i."""
    x, y, w, h = (boxes[:, :, c] for c in range(1, 5))   # (b, s)
    number = boxes[:, :, 7]

    def differ(v):
        return v[:, None, :] - v[:, :, None]

    def total(v):
        return v[:, None, :] + v[:, :, None]

    def squash(v):
        return ops.sign(v) * ops.log(1.0 + 2.0 * ops.abs(v))

    dx, dy, order = differ(x), differ(y), differ(number)
    apart_x = ops.abs(dx) - total(w) / 2      # negative where the boxes overlap
    apart_y = ops.abs(dy) - total(h) / 2
    gap = _gaps(points, x, y)
    return ops.stack([
        squash(dx), squash(dy), squash(apart_x), squash(apart_y),
        differ(ops.log(w + 0.1)), differ(ops.log(h + 0.1)),
        ops.tanh(dx / (total(w) + 0.2)), ops.tanh(dy / (total(h) + 0.2)),
        ops.log(gap + 0.05), squash(order),
        ops.cast(ops.abs(order) < 1.5, "float32"), ops.cast(order > 0, "float32"),
    ], axis=-1)


def _gaps(points, x, y):
    """Smallest distance between the points of every pair of strokes, (b, s, s)."""
    size, few = ops.shape(points)[1], len(TOUCH)
    square = 0.0
    for axis, centre in enumerate((x, y)):
        at = ops.stack([points[:, :, p, axis] for p in TOUCH], axis=2) + centre[:, :, None]
        at = ops.reshape(at, (-1, size * few))
        square = square + ops.square(at[:, :, None] - at[:, None, :])      # (b, 5 s, 5 s)
    square = ops.min(ops.reshape(square, (-1, size * few, size, few)), axis=3)
    return ops.sqrt(ops.min(ops.reshape(square, (-1, size, few, size)), axis=2) + 1e-6)


class FeedForward(layers.Layer):
    """Pre-norm two-layer perceptron with a residual."""

    def __init__(self, config: Config):
        super().__init__()
        self.norm = layers.LayerNormalization(epsilon=1e-5)
        self.wide = layers.Dense(config.expansion * config.width, activation="relu")
        self.narrow = layers.Dense(config.width)
        self.drop = layers.Dropout(config.dropout)

    def call(self, x, training=False):
        return x + self.drop(self.narrow(self.wide(self.norm(x))), training=training)


class Attention(layers.Layer):
    """Multi-head attention with its scores open to a bias; keys and values can be kept."""

    def __init__(self, config: Config):
        super().__init__()
        self.heads, self.width = config.heads, config.width
        self.norm = layers.LayerNormalization(epsilon=1e-5)
        self.q, self.v = layers.Dense(config.width), layers.Dense(config.width)
        self.k = layers.Dense(config.width, use_bias=False)   # a bias would shift all scores alike
        self.out = layers.Dense(config.width)
        self.drop = layers.Dropout(config.dropout)

    def split(self, x):
        """(b, n, width) -> (b, heads, n, width / heads), float32: what softmax sees is exact."""
        x = ops.reshape(x, (-1, ops.shape(x)[1], self.heads, self.width // self.heads))
        return ops.transpose(ops.cast(x, "float32"), (0, 2, 1, 3))

    def project(self, x):
        """Queries, keys and values of x (b, n, width), each (b, heads, n, width / heads)."""
        y = self.norm(x)
        return tuple(self.split(part(y)) for part in (self.q, self.k, self.v))

    def scores(self, query, key):
        """Split queries (b, heads, t, d) and keys (b, heads, s, d) -> (b, heads, t, s)."""
        size = self.width // self.heads
        return ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / math.sqrt(size)

    def mix(self, weights, value, training=False):
        """Weights (b, heads, t, s), split values (b, heads, s, d) -> (b, t, width)."""
        mixed = ops.transpose(ops.matmul(weights, value), (0, 2, 1, 3))
        mixed = ops.reshape(mixed, (-1, ops.shape(weights)[2], self.width))
        return self.drop(self.out(mixed), training=training)


class Network(StrokeFeatures, keras.Model):
    """Stroke transformer. See `tegashiki.networks` for its calls."""

    NAME = "stroke_transformer"

    def __init__(self, config: Config, vocabulary_size: int):
        super().__init__(autocast=False)      # geometry stays float32; layers cast for themselves
        self.config, self.vocabulary_size = config, vocabulary_size
        c = config
        self.conv1 = layers.Conv1D(c.filters, 4, strides=2, padding="same", activation="relu")
        self.conv2 = layers.Conv1D(c.filters * 3 // 2, 3, strides=2, padding="same",
                                   activation="relu")
        self.shape_in, self.box_in = layers.Dense(c.width), layers.Dense(c.width)
        self.pair_hidden = layers.Dense(c.pair_units, activation="relu")
        self.pair_bias = [layers.Dense(c.heads) for _ in range(c.encoder_layers)]
        # Weights are saved by the order of these lines and by what the classes are called, so the
        # order stays, and so do the names of the classes; attributes may be renamed.
        self.encoder_attention = [Attention(c) for _ in range(c.encoder_layers)]
        self.encoder_feed_forward = [FeedForward(c) for _ in range(c.encoder_layers)]
        self.encoder_norm = layers.LayerNormalization(epsilon=1e-5)
        self.stroke_head = layers.Dense(vocabulary_size)
        self.embed = layers.Embedding(vocabulary_size, c.width)
        self.scale = math.sqrt(c.width) / 10   # Keras draws embeddings small; positions are near 1
        self.self_attention = [Attention(c) for _ in range(c.decoder_layers)]
        self.cross_attention = [Attention(c) for _ in range(c.decoder_layers)]
        self.feed_forward = [FeedForward(c) for _ in range(c.decoder_layers)]
        self.coverage_hidden = layers.Dense(16, activation="relu")
        self.coverage_bias = layers.Dense(c.heads)
        self.decoder_norm = layers.LayerNormalization(epsilon=1e-5)
        self.drop = layers.Dropout(c.dropout)
        self.head = layers.Dense(vocabulary_size)

    def build(self, input_shape=None):
        """Nothing to do: the layers are built by the first call."""

    # -- encoder ----------------------------------------------------------------------------

    def encode_strokes(self, inputs, training=False):
        """Strokes -> one vector each: (b, s, width)."""
        points, boxes = inputs["points"], inputs["boxes"]
        size = ops.shape(points)[1]
        valid = boxes[:, :, 0]                                             # (b, s)
        flat = ops.reshape(points, (-1, self.POINTS, 2))                   # (b s, p, 2)
        steps = ops.pad(flat[:, 1:] - flat[:, :-1], ((0, 0), (0, 1), (0, 0)))
        shape = self.conv2(self.conv1(ops.concatenate([flat, 4.0 * steps], -1)))   # (b s, p / 4, f)
        shape = ops.reshape(shape, (-1, size, self.POINTS // 4 * shape.shape[-1]))
        sizes = boxes[:, :, 3:7]
        box = ops.concatenate([boxes[:, :, 2:3], sizes, ops.log(sizes + 0.05)], -1)
        x = self.drop(self.shape_in(shape) + self.box_in(box), training=training)
        pair = self.pair_hidden(pair_geometry(points, boxes))              # (b, s, s, u)
        far = FAR * (1.0 - valid)[:, None, None, :]
        for bias, attention, feed_forward in zip(
                self.pair_bias, self.encoder_attention, self.encoder_feed_forward, strict=True):
            q, k, v = attention.project(x)
            scores = attention.scores(q, k) + ops.cast(ops.transpose(bias(pair), (0, 3, 1, 2)),
                                                    "float32")
            x = x + attention.mix(ops.softmax(scores + far), v, training)
            x = feed_forward(x, training=training)
        return self.encoder_norm(x)

    def cache(self, inputs, x):
        """Encoded strokes -> memory: keys and values of each decoder layer, and which are real."""
        memory = {"valid": inputs["boxes"][:, :, 0]}
        for i, cross in enumerate(self.cross_attention):
            memory[f"k{i}"] = cross.split(cross.k(x))                      # (b, heads, s, d)
            memory[f"v{i}"] = cross.split(cross.v(x))
        return memory

    def encode(self, inputs, training=False):
        """{"points": (b, s, p, 2), "boxes": (b, s, 8)} -> memory."""
        return self.cache(inputs, self.encode_strokes(inputs, training))

    # -- decoder ----------------------------------------------------------------------------

    def decoder_layers(self):
        """(self-attention, cross-attention, feed-forward) of each decoder layer."""
        return zip(self.self_attention, self.cross_attention, self.feed_forward, strict=True)

    def positions(self, places):
        """Sinusoidal positions (n, width) of places (n,), Vaswani et al. 2017.

        Computed, because a table would stand in the exported file once for each signature.
        """
        rate = np.exp(-math.log(10_000) * np.arange(0, self.config.width, 2) / self.config.width)
        angle = ops.cast(places, "float32")[:, None] * rate.astype(np.float32)
        return ops.concatenate([ops.sin(angle), ops.cos(angle)], axis=1)

    def placed(self, tokens, places):
        """Tokens with their places, (..., n, width): in the type that layers compute in."""
        x = self.scale * self.embed(tokens)
        return x + ops.cast(self.positions(places), x.dtype)

    def coverage(self, *accumulated):
        """Attention so far, each (b, heads, t, s) -> bias on the scores (b, heads, t, s)."""
        features = ops.transpose(ops.concatenate(accumulated, axis=1), (0, 2, 3, 1))
        bias = self.coverage_bias(self.coverage_hidden(features))
        return ops.cast(ops.transpose(bias, (0, 3, 1, 2)), "float32")

    def decode(self, memory, tokens, training=False):
        """Tokens int32 (b, t) -> {"tokens": logits (b, t, v), "attention": (b, layers, t, s)}."""
        places = ops.arange(ops.shape(tokens)[1])
        far = FAR * (1.0 - memory["valid"])[:, None, None, :]
        later = FAR * ops.cast(places[None, :] > places[:, None], "float32")
        x = self.placed(tokens, places)
        x = self.drop(x, training=training)
        attention, former = [], None
        for i, (own, cross, feed_forward) in enumerate(self.decoder_layers()):
            q, k, v = own.project(x)
            x = x + own.mix(ops.softmax(own.scores(q, k) + later), v, training)
            scores = cross.scores(cross.split(cross.q(cross.norm(x))), memory[f"k{i}"]) + far
            weights = ops.softmax(scores)
            if former is not None:
                # Exclusive sums: a token must not see its own attention.
                so_far = [ops.cumsum(w, axis=2) - w for w in (former, weights)]
                weights = ops.softmax(scores + self.coverage(*so_far))
            former = weights
            attention.append(weights[:, 0])
            x = x + cross.mix(weights, memory[f"v{i}"], training)
            x = feed_forward(x, training=training)
        return {"tokens": self.head(self.decoder_norm(x)),
                "attention": ops.stack(attention, axis=1)}

    def call(self, inputs, training=False):
        """What `decode` returns, and "strokes": logits (b, s, v) of each stroke's symbol."""
        x = self.encode_strokes(inputs, training)
        out = self.decode(self.cache(inputs, x), inputs["tokens"], training)
        return out | {"strokes": self.stroke_head(x)}

    @staticmethod
    def total(count):  # noqa: ANN205 - a tensor of the backend
        """A count over all rows of the batch; a learner on several devices replaces it."""
        return count

    def auxiliary_loss(self, targets, outputs):
        """Name each stroke's symbol; attend to the strokes of the token being written."""
        known = targets["stroke_weights"]                                  # (b, s)
        count = ops.maximum(self.total(ops.sum(known)), 1.0)
        log_p = ops.log_softmax(ops.cast(outputs["strokes"], "float32"))
        label = targets["stroke_label"][:, :, None]
        name = -ops.sum(ops.take_along_axis(log_p, label, axis=-1)[..., 0] * known) / count
        attention = outputs["attention"]                                   # (b, l, t, s)
        places = ops.arange(ops.shape(attention)[2])[None, :, None]
        mine = ops.cast(ops.equal(targets["stroke_position"][:, None, :], places), "float32")
        mine = mine * known[:, None, :]            # rows that fill a batch up have no say
        drawn = ops.max(mine, axis=2)                                      # (b, t) has strokes
        mass = ops.sum(attention * mine[:, None], axis=3)                  # (b, l, t)
        guide = -ops.log(mass + 1e-4) * drawn[:, None]
        guide = ops.sum(guide) / (ops.maximum(self.total(ops.sum(drawn)), 1.0)
                                  * self.config.decoder_layers)
        return self.config.stroke_loss * name + self.config.guide_loss * guide

    # -- one token at a time ----------------------------------------------------------------

    def start(self, memory, rows: int, length: int | None = None):
        """Empty caches for `length` tokens. `cover`: attention so far, former layer and, raw, last.

        `look` (rows, s) only comes out of `step`: how much of each stroke is in the scores. Both
        names stand in exported files, so they stay.
        """
        c, size = self.config, memory["valid"].shape[1]
        kept = ops.zeros((rows, c.heads, length or c.max_length, c.width // c.heads), "float32")
        caches = {f"{part}{i}": kept for i in range(c.decoder_layers) for part in ("k", "v")}
        return caches | {"cover": ops.zeros((rows, 2 * c.heads, size), "float32"),
                         "look": ops.zeros((rows, size), "float32"),
                         "place": ops.zeros((rows,), "int32")}

    def step(self, memory, state, tokens):
        """int32 (rows,) -> logits (rows, v) and the next state; the same numbers as `decode`."""
        length = state["k0"].shape[2]
        here = ops.one_hot(state["place"], length)                         # (rows, n)
        future = ops.cast(ops.arange(length)[None, :] > state["place"][:, None], "float32")
        later, far = FAR * future[:, None, None, :], FAR * (1.0 - memory["valid"])[:, None, None, :]
        x = self.placed(tokens, state["place"])
        x = x[:, None, :]                                                  # (rows, 1, width)
        new, former = {"place": state["place"] + 1, "cover": state["cover"]}, None
        for i, (own, cross, feed_forward) in enumerate(self.decoder_layers()):
            q, k, v = own.project(x)
            new[f"k{i}"] = state[f"k{i}"] + here[:, None, :, None] * k     # (rows, heads, n, d)
            new[f"v{i}"] = state[f"v{i}"] + here[:, None, :, None] * v
            weights = ops.softmax(own.scores(q, new[f"k{i}"]) + later)
            x = x + own.mix(weights, new[f"v{i}"])
            scores = cross.scores(cross.split(cross.q(cross.norm(x))), memory[f"k{i}"]) + far
            weights = ops.softmax(scores)                                  # (rows, heads, 1, s)
            if former is not None:
                fresh = ops.concatenate([former, weights], axis=1)[:, :, 0]
                weights = ops.softmax(scores + self.coverage(state["cover"][:, :, None]))
                new["cover"] = state["cover"] + fresh                      # (rows, 2 heads, s)
            former = weights
            x = x + cross.mix(weights, memory[f"v{i}"])
            x = feed_forward(x)
        return self.head(self.decoder_norm(x))[:, 0], new | {"look": former[:, 0, 0]}
