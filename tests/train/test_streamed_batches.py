"""The stream of made examples, and what is looked at after an epoch."""

import itertools

import numpy as np
import pytest

from tegashiki.networks.features import PointFeatures, StrokeFeatures
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train import batches
from tegashiki.train.streamed_batches import Stream
from tegashiki.train.validation import decodable
from tests.toys import FORMULAS, example, formulas

pytestmark = [pytest.mark.training, pytest.mark.process, pytest.mark.timeout(400)]

TOKENIZER = PlainTokenizer()


class Points(PointFeatures):
    SIZES, LENGTHS = (12, 24), (4, 8)


class Draw:
    """Toys in random order, and now and then one that fits no bucket."""

    def start(self):
        def make(rng):
            while True:
                tex = FORMULAS[rng.integers(len(FORMULAS))]
                yield example(tex if rng.random() < 0.9 else "x + y + x + y + x")
        return make


class Broken:
    def start(self):
        def make(rng):
            raise ValueError("no pen")
            yield
        return make


def stream(workers=1, recipe=None, backward=0.0):
    return Stream(recipe or Draw(), Points, "plain", 8, seed=5, workers=workers, backward=backward)


def arrays(found):
    return [{**inputs, **{f"target {k}": v for k, v in targets.items()}}
            for inputs, targets in found]


def same(one, other):
    return len(one) == len(other) and all(
        a.keys() == b.keys() and all(np.array_equal(a[k], b[k]) for k in a)
        for a, b in zip(one, other, strict=True))


def test_stream_depends_on_seed_and_epoch_alone():
    """Not on the number of workers, nor on what was asked before: that is what a resume needs."""
    with stream(workers=1) as one:
        first, second = (arrays(one.epoch(epoch, 40)) for epoch in (0, 1))
    assert len(first) == 40 and not same(first, second)
    with stream(workers=2) as two:
        half = arrays(itertools.islice(two.epoch(0, 40), 5))        # left in the middle
        assert same(half, first[:5])
        assert same(arrays(two.epoch(1, 40)), second)
    for batch in first + second:
        assert batch["target weights"].any(axis=1).all()            # full, nothing filled up
        assert batch["points"].shape[1] in Points.SIZES
        assert batch["points"][:, :, 0].sum(axis=1).max() <= 24     # what fits no bucket is not in


def test_backward_turns_some_formulas_round_and_leaves_the_ink_alone():
    with stream() as forward, stream(backward=0.5) as mixed:
        one, other = (arrays(s.epoch(0, 6)) for s in (forward, mixed))
    turned = 0
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(a["points"], b["points"])
        for x, y in zip(a["target tokens"], b["target tokens"], strict=True):
            length = int((x != 0).sum())
            if y[length - 1] == batches.END:
                assert np.array_equal(x, y)
            else:
                turned += 1
                assert y[length - 1] == batches.START
                assert y[: length - 1].tolist() == x[: length - 1][::-1].tolist()
    assert 12 <= turned <= 36                                        # of 48


def test_backward_keeps_each_stroke_with_its_symbol():
    toy = example("x ^ { 2 } + y")
    ids, places = batches.spell(toy, TOKENIZER)
    for backward in (False, True):
        inputs, targets = batches.row(toy.ink.strokes, ids, places, StrokeFeatures, 16, 12,
                                      backward)
        for place, label in zip(targets["stroke_position"], targets["stroke_label"], strict=True):
            assert place == -1 or targets["tokens"][place] == label
        assert targets["stroke_label"][: len(places)].tolist() == [
            ids[p] if p >= 0 else 0 for p in places]
        assert inputs["tokens"][0] == (batches.END if backward else batches.START)


def test_worker_that_fails_is_heard():
    with stream(recipe=Broken()) as broken, pytest.raises(ValueError, match="no pen"):
        next(broken.epoch(0, 1))


def test_decodable_asks_by_the_ink_alone():
    toys = [*formulas(7), example("x ^ { 2 } + y ^ { 2 }")]
    seen = []
    for indices, inputs, length in decodable(toys, Points, 3):
        assert "tokens" not in inputs and length == Points.LENGTHS[-1]
        assert len(inputs["points"]) == 3
        for place, index in enumerate(indices):
            size = inputs["points"].shape[1]
            expected = Points.featurize(toys[index].ink.strokes, size)["points"]
            assert np.array_equal(inputs["points"][place], expected)
            needed = Points.measure(toys[index].ink.strokes)
            assert size == Points.SIZES[batches.bucket_of(needed, 0, Points)]
        seen += indices
    assert sorted(seen) == list(range(8))
