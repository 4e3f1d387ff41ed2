"""A memory of one writer's symbols changes the order of candidates, and no more than it may."""

import numpy as np
import pytest

from tegashiki.decoding.recognizer import Recognizer
from tegashiki.evaluation.personal import (
    Observed,
    Samples,
    Settings,
    Written,
    centred,
    observe,
    reranked,
    taught,
)
from tests.pad.browser import TOY
from tests.toy_recognizer import examples

SETTINGS = Settings(share=0.9, width=0.1, near=0.5)


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load(TOY)


@pytest.fixture(scope="module")
def written():
    return examples(6, seed=5)


def test_a_formula_written_again_has_the_score_of_the_beam(recognizer, written):
    one = observe(recognizer, written[0])
    found, _ = recognizer.hypotheses(written[0].ink)
    assert [tuple(w.ids) for w in one.found] == [h.ids for h in found]
    assert [w.score for w in one.found] == pytest.approx([h.score for h in found], abs=1e-4)
    assert np.linalg.norm(one.found[0].keys, axis=1) == pytest.approx(1, abs=1e-4)


def test_a_formula_that_was_taught_is_read_if_the_beam_has_it(recognizer, written):
    observed = centred([observe(recognizer, example) for example in written])
    wrong = [one for one in observed if one.right.any() and not one.right[0]]
    for one in observed:
        place = reranked(one, taught([one]), SETTINGS)
        assert one.right[place] or not one.right.any()
    assert observed and len(wrong) < len(observed)


def test_nothing_taught_changes_nothing(recognizer, written):
    one = observe(recognizer, written[0])
    assert reranked(one, taught([], "all"), SETTINGS) == 0
    assert len(taught([one], "misread").ids) <= one.truth.misread.sum()


def test_one_sample_costs_a_formula_no_more_than_its_share():
    def letter(number, score, key):
        return Written(ids=np.array([number]), score=score, log_p=np.array([score]),
                       keys=np.eye(2)[[key]], misread=np.array([False]), drawn=np.array([True]))

    one = Observed("me", "1", (letter(5, -0.5, 0), letter(6, -1.5, 1)), np.array([True, False]),
                   None)
    other = Samples(np.eye(2)[[0]], np.array([7]))           # looks as the best, means neither
    places = [reranked(one, other, Settings(share, 0.1, 0.5)) for share in (0.0, 0.5, 0.9)]
    assert places == [0, 0, 1]                               # log(1 - 0.5) = -0.7, log(0.1) = -2.3
