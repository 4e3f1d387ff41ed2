"""Greedy decoding: the best token each time, every row for itself."""

import pytest

from tegashiki.decoding.beam_search import beam_search
from tegashiki.decoding.greedy import greedy
from tegashiki.tex.tokens import END, PAD, START
from tests.decoding.table import LENGTH, Table, inputs
from tests.helpers import assert_close


def test_greedy_takes_the_best_token_each_time():
    table = Table(7)
    for which, found in enumerate(greedy(table, inputs(0, 1, 2, 3, 4), LENGTH)):
        prefix, score = (START,), 0.0
        for _ in range(LENGTH):
            log_p = table.log_p(which, prefix)
            score += log_p.max()
            if log_p.argmax() == END:
                break
            prefix = (*prefix, int(log_p.argmax()))
        assert found.ids == prefix[1:]
        assert_close(found.score, score, "float64")


def test_greedy_rows_do_not_depend_on_each_other():
    table = Table(7)
    together = greedy(table, inputs(*range(6)), LENGTH)
    assert together == [greedy(table, inputs(i), LENGTH)[0] for i in range(6)]


def test_greedy_never_writes_padding_or_start():
    table = Table(5, never=())      # a network that would
    assert {int(table.log_p(i, (START,)).argmax()) for i in range(30)} & {PAD, START}
    for found in greedy(table, inputs(*range(30)), LENGTH):
        assert not {PAD, START} & set(found.ids)


@pytest.mark.parametrize("seed", range(8))
def test_greedy_is_a_beam_of_one(seed):
    table = Table(6, seed, never=())
    [found] = greedy(table, inputs(3), LENGTH)
    best = beam_search(table, inputs(3), 1, LENGTH)[0]
    assert best.ids == found.ids
    assert_close(best.score, found.score, "float64")


def test_formula_that_never_ends_is_cut():
    table = Table(5, never=(PAD, START, END))
    [found] = greedy(table, inputs(0), LENGTH)
    assert len(found.ids) == LENGTH
    assert all(len(h.ids) <= LENGTH for h in beam_search(table, inputs(0), 3, LENGTH))
