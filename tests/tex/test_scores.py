"""Scores against tables counted by hand, and the distance against the plain definition."""

import time
from functools import cache

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.tex.scores import Score, among, distance, exact, spelling, token_error_rate, within


def plain_distance(first: tuple, second: tuple) -> int:
    """The recursion that defines it."""

    @cache
    def of(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        same = first[i - 1] == second[j - 1]
        return min(of(i - 1, j) + 1, of(i, j - 1) + 1, of(i - 1, j - 1) + (not same))

    return of(len(first), len(second))


def test_distance_is_the_defined_one_on_random_pairs() -> None:
    rng = np.random.default_rng(0)
    for _ in range(500):
        first, second = (
            tuple("abc"[k] for k in rng.integers(0, 3, rng.integers(0, 9))) for _ in range(2)
        )
        expected = plain_distance(first, second)
        assert distance(first, second) == distance(second, first) == expected


# reference, hypothesis, canonical errors, raw errors: counted by hand
COUNTED = [
    ("x", "x", 0, 0),
    ("x ^ { 2 }", "x _ { 2 }", 1, 1),                      # one replaced
    ("x ^ { 2 }", "x 2", 3, 3),                            # ^ { } lost
    ("x ^ { 2 }", "{ x } ^ { 2 }", 0, 2),                  # redundant braces
    ("a _ { 1 } ^ { 2 }", "a ^ { 2 } _ { 1 }", 0, 4),      # order of scripts
    (r"\frac { a } { b }", r"\frac { a } { b", 1, 1),      # cannot be parsed: compared as it is
    (r"f ^ { \prime }", "f '", 0, 4),
    ("a + b", "", 3, 3),
]


def test_figures_are_those_counted_by_hand() -> None:
    references, hypotheses = ([row[side].split() for row in COUNTED] for side in (0, 1))
    score = Score.of(references, hypotheses)
    assert score.canonical.errors == tuple(row[2] for row in COUNTED)
    assert score.raw.errors == tuple(row[3] for row in COUNTED)
    row = score.as_dict()
    assert row["n"] == 8
    assert (row["exact"], row["within1"], row["within2"]) == (4 / 8, 6 / 8, 6 / 8)
    assert (row["raw_exact"], row["raw_within1"], row["raw_within2"]) == (1 / 8, 3 / 8, 4 / 8)
    tokens = 1 + 5 + 5 + 5 + 9 + 7 + 5 + 3
    assert row["token_error_rate"] == (0 + 1 + 3 + 0 + 0 + 1 + 0 + 3) / tokens
    assert row["raw_token_error_rate"] == (0 + 1 + 3 + 2 + 4 + 1 + 4 + 3) / tokens
    assert exact(references, hypotheses) == row["raw_exact"]
    assert within(references, hypotheses, 2) == row["raw_within2"]
    assert token_error_rate(references, hypotheses) == row["raw_token_error_rate"]


def test_the_right_one_among_candidates_is_found_in_any_spelling() -> None:
    references = [["x", "^", "{", "2", "}"], ["y"]]
    candidates = [[["x"], ["x", "^", "2"]], []]
    assert among(references, candidates, k=1) == 0
    assert among(references, candidates, k=2) == 0.5


def test_a_broken_hypothesis_keeps_its_tokens() -> None:
    assert spelling("} x".split()) == ["}", "x"]


@pytest.mark.parametrize(("references", "hypotheses"), [([], []), ([["x"]], [])])
def test_pairs_that_are_none_are_refused(references: list, hypotheses: list) -> None:
    for measure in (Score.of, exact, token_error_rate):
        with pytest.raises(TegashikiError, match=r"scores: .*; give .* of both, at least one$"):
            measure(references, hypotheses)
    with pytest.raises(TegashikiError, match="scores"):
        among(references, hypotheses, k=1)


def test_a_thousand_pairs_take_seconds_at_most() -> None:
    rng = np.random.default_rng(1)
    pairs = [rng.integers(0, 100, (2, 40)).astype(str).tolist() for _ in range(1000)]
    begin = time.process_time()
    Score.of([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    assert time.process_time() - begin < 10        # about 0.8 s where it was written


@pytest.mark.parametrize(("reference", "hypothesis"), [("X", "x"), ("c ^ { 2 }", "C ^ { 2 }"),
                                                       (r"\Delta", r"\delta")])
def test_letters_that_differ_in_case_only_are_two_formulas(reference, hypothesis) -> None:
    pair = [[reference.split()], [hypothesis.split()]]
    score = Score.of(*pair)
    assert score.canonical.exact == score.raw.exact == 0.0
    assert score.canonical.errors == score.raw.errors == (1,)
    assert among([reference.split()], [[hypothesis.split()]], k=1) == 0.0
    assert spelling(reference.split()) != spelling(hypothesis.split())
