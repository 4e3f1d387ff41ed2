"""How much of the best candidate each new stroke leaves standing."""

import numpy as np

from tegashiki.evaluation.stability import rewritten, steadiness, written
from tegashiki.ink.format import Ink
from tests.pad.browser import TOY
from tests.toy_recognizer import examples


def test_what_a_stroke_rewrites():
    assert rewritten("a + b".split(), "a + b c".split()) == 0
    assert rewritten("a + b".split(), "a + c".split()) == 1
    assert rewritten("a + b".split(), "x".split()) == 3
    assert rewritten("a + b".split(), []) == 3
    assert rewritten([], "x".split()) == 0


def test_shares_by_hand():
    one = [("a",), ("a", "b"), ("a", "c"), ("x", "y", "z", "a")]      # rewrites 0, 1, 2
    two = [("a", "b", "c"), ("x",)]                                   # rewrites 3
    found = steadiness([one, two])
    assert found["strokes"] == 4 and found["steady"] == 3 / 4 and found["same_start"] == 1 / 4
    assert found["by_strokes"]["2"] == {"n": 2, "steady": 0.5, "same_start": 0.5}
    assert steadiness([])["strokes"] == 0


def test_written_is_asked_after_each_stroke():
    from tegashiki.decoding.recognizer import Recognizer

    recognizer = Recognizer.load(TOY)
    ink = examples(1, seed=3)[0].ink
    found = written(recognizer, ink)
    assert len(found) == len(ink.strokes)
    assert found[-1] == recognizer.candidates(ink, 1)[0].tokens
    many = Ink(tuple(np.float32([[i, 0], [i, 1]]) for i in range(70)))
    assert len(written(recognizer, many)) == recognizer.buckets[-1].size
