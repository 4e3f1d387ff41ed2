"""Distinct candidates: equal formulas add up, what does not parse comes last."""

import numpy as np

from tegashiki.decoding.beam_search import beam_search
from tegashiki.decoding.candidates import distinct
from tegashiki.decoding.hypothesis import Hypothesis
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import Vocabulary
from tests.decoding.table import LENGTH, Table, inputs
from tests.helpers import assert_close

TOKENIZER = PlainTokenizer()


def hypothesis(tex, p):
    return Hypothesis(tuple(TOKENIZER.encode(tex.split())[0]), float(np.log(p)))


def test_equal_formulas_add_their_probabilities():
    found = distinct([hypothesis("x ^ { 2 } _ { 1 }", 0.3), hypothesis("y", 0.4),
                             hypothesis("x _ { 1 } ^ { 2 }", 0.2)], TOKENIZER, 5)
    assert [c.tex for c in found] == ["x _ { 1 } ^ { 2 }", "y"]
    assert_close([c.score for c in found], np.log([0.5, 0.4]))
    assert_close([c.probability for c in found], [5 / 9, 4 / 9])


def test_what_does_not_parse_comes_last_and_empty_not_at_all():
    found = distinct([hypothesis("x ^ {", 0.6), hypothesis("y", 0.1), hypothesis("", 0.2),
                             hypothesis("z", 0.1)], TOKENIZER, 5)
    assert [c.tex for c in found] == ["y", "z", "x ^ {"]


def test_temperature_humbles_claims_and_keeps_order_and_scores():
    found = [hypothesis("x", 0.6), hypothesis("y", 0.3), hypothesis("z", 0.1)]
    sharp, humble = (distinct(found, TOKENIZER, 3, temperature=t) for t in (1.0, 2.0))
    assert [c.tex for c in sharp] == [c.tex for c in humble] == ["x", "y", "z"]
    assert [c.score for c in sharp] == [c.score for c in humble]
    roots = np.sqrt([0.6, 0.3, 0.1])
    assert_close([c.probability for c in humble], roots / roots.sum(), "model")


def test_at_most_k_and_none_of_nothing():
    many = [hypothesis(letter, 0.1) for letter in "abcdef"]
    assert [c.tex for c in distinct(many, TOKENIZER, 2)] == ["a", "b"]
    assert distinct([], TOKENIZER, 5) == []


def test_tiny_vocabulary_can_be_enumerated_to_its_candidates():
    """From table to candidates: the probabilities are those of the formulas, shared out."""
    tokenizer = PlainTokenizer(Vocabulary(("<pad>", "<s>", "</s>", "x", "y", "+")))
    table = Table(len(tokenizer), 11)
    truth = [h for h in table.all_formulas(0) if h.ids]
    found = distinct(beam_search(table, inputs(0), 40, LENGTH), tokenizer, 3)
    best = {tuple(tokenizer.decode(h.ids)): h.score for h in truth}
    assert all(np.isclose(c.score, best[c.tokens]) for c in found)
    assert found[0].score == max(c.score for c in found)
