"""A few steps of the last layers: they learn, they forget, and the encoder stays."""

import numpy as np
import pytest

from tegashiki.evaluation.adaptation import Adaptable
from tegashiki.tex.tokenizer import by_name
from tegashiki.train import batches
from tegashiki.train.checkpoint import values
from tests.toys import formulas, tiny

pytestmark = pytest.mark.training


def test_last_layers_learn_and_forget():
    tokenizer, examples = by_name("packed"), formulas(4)
    network = tiny("stroke_transformer", len(tokenizer))
    network(next(iter(batches.epoch(examples, network, tokenizer, 4)))[0])
    adaptable = Adaptable(network, tokenizer, bucket=0)
    assert all(adaptable.fits(example) for example in examples)
    strokes, ids = examples[0].ink.strokes, tokenizer.encode(examples[0].tokens)[0]
    before, encoder = adaptable.scores(strokes, [tuple(ids)]), values([network.conv1.kernel])[0]
    adaptable.adapt(examples, steps=10, rate=1e-2, rng=np.random.default_rng(0))
    assert adaptable.scores(strokes, [tuple(ids)])[0] > before[0] + 1
    np.testing.assert_array_equal(values([network.conv1.kernel])[0], encoder)
    adaptable.reset()
    np.testing.assert_allclose(adaptable.scores(strokes, [tuple(ids)]), before, atol=1e-5)
