"""The first vector model of the diary, honestly rebuilt: the baseline of all later runs.

    network = Network(Config(units=64), vocabulary_size=113)
    outputs = network({"points": points, "tokens": tokens})   # (b, 256, 6), (b, 40)
    outputs["tokens"]                                         # logits (b, 40, 113)

Points -> two Conv1D with pooling -> bidirectional GRU -> GRU decoder with additive attention
(Bahdanau et al. 2015), whose context feeds a second GRU so that the decoder remembers what it has
already read. Everything works on points: strokes are only a pen-down flag.
"""

from dataclasses import dataclass

import keras
from keras import layers, ops

from tegashiki.networks.features import PointFeatures


@dataclass(frozen=True)
class Config:
    """Sizes of the baseline."""

    filters: int = 64          # of the first convolution; the second has twice as many
    units: int = 128           # of each direction of the encoder GRU; 192 for real data
    decoder_units: int = 192   # of each decoder GRU
    embedding: int = 64        # of a token
    dropout: float = 0.2       # on memory and on the last decoder layer


def _softmax_over_valid(scores, valid):
    """Softmax over the last axis where `valid` is 1. Shapes: (..., s) and broadcastable."""
    return ops.softmax(scores - 1e9 * (1.0 - valid), axis=-1)


class Network(PointFeatures, keras.Model):
    """Conv1D + GRU encoder, GRU decoder with attention. See `tegashiki.networks`."""

    NAME = "baseline"

    def __init__(self, config: Config, vocabulary_size: int):
        super().__init__()
        self.config, self.vocabulary_size = config, vocabulary_size
        c = config
        self.conv1 = layers.Conv1D(c.filters, 5, padding="same", activation="relu")
        self.conv2 = layers.Conv1D(2 * c.filters, 5, padding="same", activation="relu")
        self.pool = layers.MaxPooling1D(2)
        self.encoder = layers.Bidirectional(layers.GRU(c.units, return_sequences=True))
        self.embed = layers.Embedding(vocabulary_size, c.embedding)
        self.token_gru = layers.GRU(c.decoder_units, return_sequences=True)
        self.query = layers.Dense(c.decoder_units, use_bias=False)
        self.key = layers.Dense(c.decoder_units)
        self.score = layers.Dense(1, use_bias=False)
        self.context_gru = layers.GRU(c.decoder_units, return_sequences=True)
        self.drop = layers.Dropout(c.dropout)
        self.head = layers.Dense(vocabulary_size)

    def encode(self, inputs, training=False):
        """{"points": (b, p, 6)} -> {"memory": (b, p / 4, d), "keys": (b, p / 4, k), "valid"}."""
        points = inputs["points"]
        valid = points[:, :, :1]                                       # (b, p, 1)
        x = self.pool(self.conv1(points) * valid)                      # (b, p / 2, f)
        x = self.pool(self.conv2(x))                                   # (b, p / 4, 2 f)
        valid = self.pool(self.pool(valid))[:, :, 0]                   # (b, p / 4)
        x = self.encoder(x * valid[:, :, None], mask=ops.cast(valid, "bool"), training=training)
        memory = self.drop(x, training=training) * valid[:, :, None]   # (b, p / 4, 2 u)
        return {"memory": memory, "keys": self.key(memory), "valid": valid}

    def attend(self, memory, query):
        """Queries (b, t, u) -> contexts (b, t, 2 u): v . tanh(W q + U k), Bahdanau et al. 2015."""
        q = self.query(query)[:, :, None, :]                           # (b, t, 1, k)
        scores = self.score(ops.tanh(q + memory["keys"][:, None]))[..., 0]   # (b, t, s)
        weights = _softmax_over_valid(scores, memory["valid"][:, None, :])
        return ops.matmul(weights, memory["memory"])

    def decode(self, memory, tokens, training=False):
        """Teacher forcing: tokens int32 (b, t) -> {"tokens": logits (b, t, vocabulary)}."""
        asked = self.token_gru(self.embed(tokens), training=training)  # (b, t, u)
        context = self.attend(memory, asked)                           # (b, t, 2 u)
        output = self.context_gru(ops.concatenate([asked, context], -1), training=training)
        output = self.drop(output, training=training)
        return {"tokens": self.head(output)}

    def call(self, inputs, training=False):
        """{"points", "tokens"} -> what `decode` returns."""
        return self.decode(self.encode(inputs, training), inputs["tokens"], training)

    def start(self, memory, rows: int, length: int | None = None):
        """The state before the first token, for `rows` beams and a formula of any `length`."""
        zeros = ops.zeros((rows, self.config.decoder_units), "float32")
        return {"reader": zeros, "writer": zeros}      # names in exported files

    def step(self, memory, state, tokens):
        """One token for each row: int32 (rows,) -> logits (rows, vocabulary) and the next state."""
        asked, _ = self.token_gru.cell(self.embed(tokens), [state["reader"]])   # (rows, u)
        context = self.attend(memory, asked[:, None, :])[:, 0]                  # (rows, 2 u)
        output, _ = self.context_gru.cell(
            ops.concatenate([asked, context], -1), [state["writer"]])
        return self.head(output), {"reader": asked, "writer": output}
