"""Beam search against enumeration, and under a grammar."""

import numpy as np
import pytest

from tegashiki.decoding.beam_search import beam_search
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.tokenizer import PackedTokenizer
from tegashiki.tex.tokens import END
from tests.decoding.table import LENGTH, Table, inputs
from tests.helpers import assert_close


@pytest.mark.parametrize("seed", range(6))
def test_wide_beam_finds_what_counting_finds(seed):
    table = Table(6, seed)
    truth = table.all_formulas(0)
    found = beam_search(table, inputs(0), 40, LENGTH)       # 39 prefixes of up to 3 letters
    assert [h.ids for h in found[:10]] == [h.ids for h in truth[:10]]
    assert_close([h.score for h in found[:10]], [h.score for h in truth[:10]], "float64")


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_narrow_beam_scores_truly_and_in_order(width):
    table = Table(7, 5)
    truth = {h.ids: h.score for h in table.all_formulas(2)}
    found = beam_search(table, inputs(2), width, LENGTH)
    assert len({h.ids for h in found}) == len(found)
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
    ended = [h for h in found if len(h.ids) < LENGTH]      # a beam of one may never end
    assert_close([h.score for h in ended], [truth[h.ids] for h in ended], "float64")
    assert ended or width == 1


def test_wider_beam_is_no_worse():
    for seed in range(20):
        table = Table(8, seed, sharpness=1.0)
        best = [beam_search(table, inputs(0), width, LENGTH)[0].score for width in (1, 8, 64)]
        assert best[2] >= max(best[:2]) - 1e-12


def test_beam_stops_once_nothing_better_can_come():
    class Counting(Table):
        steps = 0

        def log_p(self, expression, prefix):
            p = np.full(self.size, 1e-6)
            p[END] = 1 - 1e-6 * (self.size - 1)
            return np.log(p)

        def step(self, memory, state, tokens):
            self.steps += 1
            return super().step(memory, state, tokens)

    table = Counting(6)
    assert beam_search(table, inputs(0), 1, LENGTH)[0].ids == () and table.steps == 1


def test_grammar_keeps_every_hypothesis_a_formula():
    packed = PackedTokenizer()
    free = fixed = 0
    for seed in range(10):
        table = Table(len(packed), seed, sharpness=3.0)
        for found in beam_search(table, inputs(0), 4, LENGTH, packed.grammar):
            assert accepts(packed.grammar, found.ids)
            fixed += 1
        free += sum(not accepts(packed.grammar, h.ids) for h in
                    beam_search(table, inputs(0), 4, LENGTH))
    assert fixed >= 10 and free > 0      # without it the same tables write what does not parse


def accepts(grammar: Grammar, ids):
    state = grammar.start
    for token in (*ids, END):
        if not grammar.allowed(state)[token]:
            return False
        state = grammar.step(state, token)
    return state == ()
