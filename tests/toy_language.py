"""A language for the toy recogniser that knows none: a network with weights by chance."""

import numpy as np

from tegashiki.decoding.language import LanguageNetwork
from tegashiki.tex.tokenizer import by_name

UNITS, WIDTH = 24, 16


def language(weight=0.3, bonus=1.0):
    """It sets another order than the recogniser, the same each time."""
    random = np.random.default_rng(0)
    vocabulary = len(by_name("packed"))
    shapes = {"embedding": (vocabulary, WIDTH), "input": (3 * UNITS, WIDTH),
              "recurrent": (3 * UNITS, UNITS), "down": (WIDTH, UNITS), "input_bias": (3 * UNITS,),
              "recurrent_bias": (3 * UNITS,), "down_bias": (WIDTH,), "output_bias": (vocabulary,)}
    arrays = {name: random.normal(0, 0.5, shape).astype(np.float32)
              for name, shape in shapes.items()}
    return LanguageNetwork(arrays, "packed", weight, bonus, "none")
