"""Decoding, asked through a runtime that is a table of probabilities, so that truth can be counted.

The table knows all: the best formulas by enumeration are what a wide enough beam must find.
"""

import itertools

import numpy as np
import pytest

from tegashiki.decoding import decode
from tegashiki.decoding.decode import Hypothesis
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.tokenizer import PackedTokenizer, PlainTokenizer
from tegashiki.tex.tokens import Vocabulary
from tests.helpers import assert_close

PAD, START, END = 0, 1, 2
LENGTH = 4


class Table(decode.Runtime):
    """P(next | what was written): its own distribution for each prefix and each expression.

    The state carries what was written, so a beam that mixes up its rows' states is found out.
    """

    def __init__(self, size, seed=0, sharpness=1.5, never=(PAD, START)):
        self.size, self.seed, self.sharpness, self.never = size, seed, sharpness, list(never)

    def log_p(self, expression, prefix):
        """log P(. | prefix), float64 (size,)."""
        rng = np.random.default_rng([self.seed, expression, *prefix])
        scores = rng.normal(0, self.sharpness, self.size)
        scores[self.never] = -50
        return scores - np.logaddexp.reduce(scores)

    def encode(self, inputs):
        return {"which": inputs["which"]}

    def start(self, memory, rows):
        return {"written": np.zeros((rows, LENGTH + 2), np.int32), "count": np.zeros(rows, int)}

    def step(self, memory, state, tokens):
        written, count = state["written"].copy(), state["count"]
        written[np.arange(len(tokens)), count] = tokens
        count = count + 1
        which = np.broadcast_to(memory["which"], len(tokens))
        log_p = np.stack([self.log_p(w, row[:n]) for w, row, n in
                          zip(which, written, count, strict=True)])
        return log_p, {"written": written, "count": count}

    def all_formulas(self, expression, length=LENGTH):
        """Every formula that ends within `length` steps, the most probable first."""
        letters = [t for t in range(self.size) if t not in (PAD, START, END)]
        found = []
        for count in range(length):
            for ids in itertools.product(letters, repeat=count):
                score = sum(self.log_p(expression, (START, *ids[:i]))[token]
                            for i, token in enumerate((*ids, END)))
                found.append(Hypothesis(ids, float(score)))
        return sorted(found, key=lambda h: -h.score)


def inputs(*which):
    return {"which": np.array(which)}


# -- greedy -----------------------------------------------------------------------------------


def test_greedy_takes_the_best_token_each_time():
    table = Table(7)
    for which, found in enumerate(decode.greedy(table, inputs(0, 1, 2, 3, 4), LENGTH)):
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
    together = decode.greedy(table, inputs(*range(6)), LENGTH)
    assert together == [decode.greedy(table, inputs(i), LENGTH)[0] for i in range(6)]


def test_greedy_never_writes_padding_or_start():
    table = Table(5, never=())      # a network that would
    assert {int(table.log_p(i, (START,)).argmax()) for i in range(30)} & {PAD, START}
    for found in decode.greedy(table, inputs(*range(30)), LENGTH):
        assert not {PAD, START} & set(found.ids)


@pytest.mark.parametrize("seed", range(8))
def test_greedy_is_a_beam_of_one(seed):
    table = Table(6, seed, never=())
    [greedy] = decode.greedy(table, inputs(3), LENGTH)
    best = decode.beam(table, inputs(3), 1, LENGTH)[0]
    assert best.ids == greedy.ids
    assert_close(best.score, greedy.score, "float64")


def test_formula_that_never_ends_is_cut():
    table = Table(5, never=(PAD, START, END))
    [found] = decode.greedy(table, inputs(0), LENGTH)
    assert len(found.ids) == LENGTH
    assert all(len(h.ids) <= LENGTH for h in decode.beam(table, inputs(0), 3, LENGTH))


# -- beam -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_wide_beam_finds_what_counting_finds(seed):
    table = Table(6, seed)
    truth = table.all_formulas(0)
    found = decode.beam(table, inputs(0), 40, LENGTH)       # 39 prefixes of up to 3 letters
    assert [h.ids for h in found[:10]] == [h.ids for h in truth[:10]]
    assert_close([h.score for h in found[:10]], [h.score for h in truth[:10]], "float64")


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_narrow_beam_scores_truly_and_in_order(width):
    table = Table(7, 5)
    truth = {h.ids: h.score for h in table.all_formulas(2)}
    found = decode.beam(table, inputs(2), width, LENGTH)
    assert len({h.ids for h in found}) == len(found)
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
    ended = [h for h in found if len(h.ids) < LENGTH]      # a beam of one may never end
    assert_close([h.score for h in ended], [truth[h.ids] for h in ended], "float64")
    assert ended or width == 1


def test_wider_beam_is_no_worse():
    for seed in range(20):
        table = Table(8, seed, sharpness=1.0)
        best = [decode.beam(table, inputs(0), width, LENGTH)[0].score for width in (1, 8, 64)]
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
    assert decode.beam(table, inputs(0), 1, LENGTH)[0].ids == () and table.steps == 1


# -- beam under a grammar ---------------------------------------------------------------------


def test_grammar_keeps_every_hypothesis_a_formula():
    packed = PackedTokenizer()
    free = fixed = 0
    for seed in range(10):
        table = Table(len(packed), seed, sharpness=3.0)
        for found in decode.beam(table, inputs(0), 4, LENGTH, packed.grammar):
            assert accepts(packed.grammar, found.ids)
            fixed += 1
        free += sum(not accepts(packed.grammar, h.ids) for h in
                    decode.beam(table, inputs(0), 4, LENGTH))
    assert fixed >= 10 and free > 0      # without it the same tables write what does not parse


def accepts(grammar: Grammar, ids):
    state = grammar.start
    for token in (*ids, END):
        if not grammar.allowed(state)[token]:
            return False
        state = grammar.step(state, token)
    return state == ()


# -- distinct candidates ----------------------------------------------------------------------


TOKENIZER = PlainTokenizer()


def hypothesis(tex, p):
    return Hypothesis(tuple(TOKENIZER.encode(tex.split())[0]), float(np.log(p)))


def test_equal_formulas_add_their_probabilities():
    found = decode.distinct([hypothesis("x ^ { 2 } _ { 1 }", 0.3), hypothesis("y", 0.4),
                             hypothesis("x _ { 1 } ^ { 2 }", 0.2)], TOKENIZER, 5)
    assert [c.tex for c in found] == ["x _ { 1 } ^ { 2 }", "y"]
    assert_close([c.score for c in found], np.log([0.5, 0.4]))
    assert_close([c.probability for c in found], [5 / 9, 4 / 9])


def test_what_does_not_parse_comes_last_and_empty_not_at_all():
    found = decode.distinct([hypothesis("x ^ {", 0.6), hypothesis("y", 0.1), hypothesis("", 0.2),
                             hypothesis("z", 0.1)], TOKENIZER, 5)
    assert [c.tex for c in found] == ["y", "z", "x ^ {"]


def test_temperature_humbles_claims_and_keeps_order_and_scores():
    found = [hypothesis("x", 0.6), hypothesis("y", 0.3), hypothesis("z", 0.1)]
    sharp, humble = (decode.distinct(found, TOKENIZER, 3, temperature=t) for t in (1.0, 2.0))
    assert [c.tex for c in sharp] == [c.tex for c in humble] == ["x", "y", "z"]
    assert [c.score for c in sharp] == [c.score for c in humble]
    roots = np.sqrt([0.6, 0.3, 0.1])
    assert_close([c.probability for c in humble], roots / roots.sum(), "model")


def test_at_most_k_and_none_of_nothing():
    many = [hypothesis(letter, 0.1) for letter in "abcdef"]
    assert [c.tex for c in decode.distinct(many, TOKENIZER, 2)] == ["a", "b"]
    assert decode.distinct([], TOKENIZER, 5) == []


def test_tiny_vocabulary_can_be_enumerated_to_its_candidates():
    """From table to candidates: the probabilities are those of the formulas, shared out."""
    tokenizer = PlainTokenizer(Vocabulary(("<pad>", "<s>", "</s>", "x", "y", "+")))
    table = Table(len(tokenizer), 11)
    truth = [h for h in table.all_formulas(0) if h.ids]
    found = decode.distinct(decode.beam(table, inputs(0), 40, LENGTH), tokenizer, 3)
    best = {tuple(tokenizer.decode(h.ids)): h.score for h in truth}
    assert all(np.isclose(c.score, best[c.tokens]) for c in found)
    assert found[0].score == max(c.score for c in found)
