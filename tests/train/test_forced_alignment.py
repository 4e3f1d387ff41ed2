"""Forced alignment: strokes go to the tokens that a network looks from and names."""

import numpy as np

from tegashiki.data.example import Example
from tegashiki.ink.format import Ink
from tegashiki.networks.features import StrokeFeatures
from tegashiki.tex.tokenizer import by_name
from tegashiki.train import forced_alignment

TOKENS = ("x", "^", "{", "2", "}", "+", "y")
TRUTH = np.int16([0, 0, 3, 5, 5, 6])
TOKENIZER = by_name("packed")


class Knowing(StrokeFeatures):
    """Looks at and names the strokes of TRUTH; in doubt it looks everywhere alike."""

    def __init__(self, looks=1.0, names=8.0):
        self.looks, self.names = looks, names

    def __call__(self, inputs):
        ids, places = TOKENIZER.encode(TOKENS)
        length, size = inputs["tokens"].shape[1], inputs["boxes"].shape[1]
        attention = np.full((1, 2, length, size), 1 / size, np.float32)
        names = np.zeros((1, size, len(TOKENIZER)), np.float32)
        for stroke, token in enumerate(TRUTH):
            attention[0, :, places[token], stroke] += self.looks
            names[0, stroke, ids[places[token]]] = self.names
        return {"attention": attention, "strokes": names}


def example(count=6):
    strokes = tuple(np.float32([[i, 0], [i + 0.5, 1]]) for i in range(count))
    return Example(Ink(strokes), TOKENS, np.full(count, -1))


def test_looks_and_names_each_find_the_token():
    for network in (Knowing(), Knowing(names=0.0), Knowing(looks=0.0)):
        found, = forced_alignment.align(network, TOKENIZER, [example()])
        assert found.alignment.tolist() == TRUTH.tolist()


def test_ink_beyond_the_network_keeps_what_it_has():
    long = example(StrokeFeatures.SIZES[-1] + 1)
    assert forced_alignment.align(Knowing(), TOKENIZER, [long]) == [long]


def test_agreement_counts_known_strokes_only():
    known = Example(example().ink, TOKENS, np.where(TRUTH == 5, -1, TRUTH))
    wrong = Example(example().ink, TOKENS, np.where(TRUTH == 6, 0, TRUTH))
    assert forced_alignment.agreement([wrong], [known]) == 3 / 4
