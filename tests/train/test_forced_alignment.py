"""Forced alignment: the released network finds which token a stroke writes, told the formula."""

from dataclasses import replace

import numpy as np
import pytest

from tegashiki import networks
from tegashiki.data.example import Example
from tegashiki.decoding.released import RELEASED
from tegashiki.ink.format import Ink
from tegashiki.synthesis import formula_grammar, hershey
from tegashiki.synthesis.synthesizer import synthesize
from tegashiki.tex.tokenizer import by_name
from tegashiki.train import forced_alignment
from tegashiki.train.batches import epoch
from tegashiki.train.loop import load_weights

TOKENIZER = by_name("packed-wide")


@pytest.fixture(scope="module")
def written():
    """Twenty formulas of the built-in grammar in the built-in hand, whose alignment is known."""
    rng = np.random.default_rng(0)
    grammar = formula_grammar.GrammarConfig(longest=24)
    return [synthesize(tokens, hershey.glyph_bank("hand"), rng)
            for tokens in formula_grammar.formulas(rng, 20, grammar)]


@pytest.fixture(scope="module")
def network(written):
    built = networks.build("stroke_transformer", {"dropout": 0.0}, len(TOKENIZER))
    built(next(iter(epoch(written[:4], built, TOKENIZER, 4)))[0])
    load_weights(RELEASED / "weights.npz", built)
    return built


def without(example):
    return replace(example, alignment=np.full(len(example.ink.strokes), -1))


def test_strokes_are_given_to_the_tokens_that_they_write(network, written):
    found = forced_alignment.align(network, TOKENIZER, [without(one) for one in written])
    assert forced_alignment.agreement(found, written) > 0.93       # 0.966; by chance under 0.2
    assert [one.tokens for one in found] == [one.tokens for one in written]
    assert all(one.alignment.min() >= 0 for one in found)


def test_ink_beyond_the_network_keeps_what_it_has(network):
    count = network.SIZES[-1] + 1
    strokes = tuple(np.float32([[i, 0], [i + 0.5, 1]]) for i in range(count))
    long = Example(Ink(strokes), ("x",), np.full(count, -1))
    assert forced_alignment.align(network, TOKENIZER, [long]) == [long]


def test_agreement_counts_known_strokes_only():
    strokes = tuple(np.float32([[i, 0], [i + 0.5, 1]]) for i in range(4))
    known = Example(Ink(strokes), ("x", "+", "y"), np.int16([0, 1, -1, 2]))
    found = replace(known, alignment=np.int16([0, 1, 1, 0]))
    assert forced_alignment.agreement([found], [known]) == 2 / 3
