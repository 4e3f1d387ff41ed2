"""Small true examples for the tests of training: every token has its own strokes.

    examples = formulas(20)             # learnable: the ink says which tokens they are
    network = tiny("baseline", len(tokenizer))

The networks are small and their buckets short: a test pays for what it asks, not for arithmetic.
"""

import functools
import importlib

import numpy as np

from tegashiki.data.example import Example
from tegashiki.ink.format import Ink

# Canonical, different, 1 to 5 tokens: they fit the smallest bucket of every network.
FORMULAS = (
    "x + 1", "y - 2", "a b", "x ^ { 2 }", "a _ { 1 }", "1 + 2", "y = x", "b", "2 a", "x - y",
    "3 x", "y _ { 2 }", "b ^ { 3 }", "a = 3", "x x", "1 - b", "3 + 3", "y y y", "2 = 2", "a - b",
)
TINY = {
    "baseline": {"filters": 8, "units": 12, "decoder_units": 16, "embedding": 12, "dropout": 0.0},
    "stroke_transformer": {"width": 16, "heads": 2, "encoder_layers": 1, "decoder_layers": 2,
                           "filters": 8, "pair_units": 4, "dropout": 0.0},
}
BUCKETS = {
    "baseline": {"SIZES": (32, 64, 128), "LENGTHS": (10, 20, 40)},   # points
    "stroke_transformer": {"SIZES": (6, 12), "LENGTHS": (10, 20)},   # strokes
}


@functools.cache
def small(name: str) -> type:
    """The class of a network, with buckets for toys."""
    module = importlib.import_module(f"tegashiki.networks.{name}")
    return type("Network", (module.Network,), BUCKETS[name])


def tiny(name: str, size: int, kind: type | None = None, **changes):
    """A network of some thousand parameters for `size` tokens, of class `kind` or the sound one."""
    module = importlib.import_module(f"tegashiki.networks.{name}")
    return (kind or small(name))(module.Config(**{**TINY[name], **changes}), size)


@functools.cache
def glyph(token: str) -> np.ndarray:
    """A stroke of 5 points that only this token has."""
    rng = np.random.default_rng(list(token.encode()))
    return rng.random((5, 2)).astype(np.float32)


def example(tex: str, name: str = "toy") -> Example:
    """The tokens that leave ink, side by side."""
    tokens = tuple(tex.split())
    written = [i for i, token in enumerate(tokens) if token not in "^_{}"]
    strokes = tuple(glyph(tokens[i]) + np.float32([place, 0]) for place, i in enumerate(written))
    return Example(Ink(strokes=strokes, id=name), tokens, np.int16(written))


def formulas(count: int = len(FORMULAS)) -> list[Example]:
    """The first `count` of FORMULAS."""
    return [example(tex, f"toy{number}") for number, tex in enumerate(FORMULAS[:count])]


@functools.cache
def bag() -> type:
    """The class of a network without recurrence: it traces in a second, so that training and its
    checks can be tested many times.

    It has all that a network promises: the ink as a bag of points, the last two tokens, the place.
    """
    import keras
    from keras import layers, ops

    from tegashiki.networks.features import PointFeatures

    class Bag(PointFeatures, keras.Model):
        NAME, SIZES, LENGTHS = "bag", (32, 64, 128), (10, 20, 40)

        def __init__(self, size: int, width: int = 16, dropout: float = 0.3):
            super().__init__()
            self.look, self.look_again = layers.Dense(width, "relu"), layers.Dense(width)
            self.last, self.former = layers.Embedding(size, width), layers.Embedding(size, width)
            self.place = layers.Embedding(self.LENGTHS[-1], width)
            self.mix = layers.Dense(width, "relu")
            self.drop, self.head = layers.Dropout(dropout, seed=3), layers.Dense(size)

        def encode(self, inputs, training=False):
            points = inputs["points"]                                  # (b, p, 6)
            count = ops.sum(points[:, :, 0], axis=1, keepdims=True)    # (b, 1)
            seen = ops.sum(self.look(points) * points[:, :, :1], axis=1) / count
            return {"seen": self.look_again(seen)}                     # (b, w)

        def write(self, seen, last, former, place, training):
            x = seen + self.last(last) + self.former(former) + self.place(place)
            return self.head(self.drop(self.mix(ops.relu(x)), training=training))

        def decode(self, memory, tokens, training=False):
            former = ops.pad(tokens, ((0, 0), (1, 0)))[:, :-1]
            place = ops.arange(tokens.shape[1])[None]
            seen = memory["seen"][:, None]
            return {"tokens": self.write(seen, tokens, former, place, training)}

        def call(self, inputs, training=False):
            return self.decode(self.encode(inputs, training), inputs["tokens"], training)

        def start(self, memory, rows, length=None):
            return {"former": ops.zeros((rows,), "int32"), "place": ops.zeros((rows,), "int32")}

        def step(self, memory, state, tokens):
            logits = self.write(memory["seen"], tokens, state["former"], state["place"], False)
            return logits, {"former": ops.convert_to_tensor(tokens), "place": state["place"] + 1}

    return Bag
