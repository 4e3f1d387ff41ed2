"""The door for people: hypotheses of the beam, and candidates made of them."""

import pytest

from tegashiki.decoding.candidates import distinct
from tegashiki.decoding.recognizer import Recognizer
from tests.toy_recognizer import FOLDER, examples


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load(FOLDER)


def test_candidates_are_made_of_the_hypotheses_of_the_beam(recognizer):
    for example in examples(4, seed=5):
        found, strokes = recognizer.hypotheses(example.ink)
        assert strokes == len(example.ink.strokes)
        assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
        assert recognizer.candidates(example.ink, 3) == distinct(
            found, recognizer.tokenizer, 3, strokes, recognizer.temperature)


def test_hypotheses_say_what_each_token_attended_to(recognizer):
    example = examples(1, seed=6)[0]
    found, strokes = recognizer.hypotheses(example.ink)
    for hypothesis in found:
        assert len(hypothesis.attention) == len(hypothesis.ids)
        for attention in hypothesis.attention:
            assert attention[:strokes].sum() == pytest.approx(1, abs=1e-3)     # of real strokes
            assert attention.min() >= 0
