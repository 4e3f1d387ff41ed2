"""Variants of formulas: the same structure, other symbols, and only such as can be written."""

import numpy as np
import pytest

from tegashiki.synthesis import formula_corpus
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.variation import Variation, VariationConfig
from tegashiki.tex.nodes import ACCENTS
from tegashiki.tex.tokens import SPECIAL, wide
from tegashiki.tex.tree import canonical

FORMULA = r"\frac { x _ { i } - 2 } { ( K - \alpha ) } \leq \hat { f } \sqrt [ 3 ] { y }".split()
ALWAYS = VariationConfig(formula=1.0, symbol=1.0, word=0.5, brackets=1.0)


@pytest.fixture(scope="module")
def variants():
    vary = Variation(wide().tokens[len(SPECIAL):], ALWAYS)
    random = BufferedRng(np.random.default_rng(0))
    return [vary(FORMULA, random) for _ in range(300)]


def test_structure_stays_and_symbols_change(variants):
    kept = (r"\frac", r"\sqrt", "{", "}", "_", "-")
    for tokens in variants:
        assert canonical(tokens)      # still a formula
        assert [t for t in tokens if t in kept] == [t for t in FORMULA if t in kept]
    assert len({tuple(tokens) for tokens in variants}) == len(variants)
    assert any(r"\langle" in tokens and r"\rangle" in tokens for tokens in variants)


def test_a_script_becomes_a_word(variants):
    lengths = {tokens.index("}") - tokens.index("_") - 2 for tokens in variants}
    assert lengths == {1, 2, 3, 4, 5}


def test_one_letter_gets_an_accent():
    vary = Variation(wide().tokens[len(SPECIAL):],
                     VariationConfig(formula=1.0, symbol=0.0, word=0.0, brackets=0.0, accent=1.0))
    random = BufferedRng(np.random.default_rng(2))
    made = [vary(FORMULA, random) for _ in range(200)]
    assert all(len(tokens) == len(FORMULA) + 3 and canonical(tokens) for tokens in made)
    before = sum(token in ACCENTS for token in FORMULA)
    assert all(sum(token in ACCENTS for token in tokens) == before + 1 for tokens in made)
    assert {r"\underline", r"\hat", r"\vec"} <= {token for tokens in made for token in tokens}
    assert not any(r"\hat { f" not in " ".join(tokens) for tokens in made)     # it had its own


def test_nothing_is_written_that_has_no_ink():
    known = set(FORMULA) | {"z", "9"}
    vary = Variation(known, VariationConfig(formula=1.0, symbol=1.0, word=0.0, brackets=1.0))
    random = BufferedRng(np.random.default_rng(1))
    assert {token for _ in range(50) for token in vary(FORMULA, random)} <= known


def test_formulas_with_rare_tokens_are_drawn_more_often():
    common = [(("a", "b", *map(str, divmod(n, 10))), 1) for n in range(99)] * 9
    config = formula_corpus.FormulaConfig(lengthen=0.0, rare=0.5)
    text = formula_corpus.weighted([((r"\alpha", "x"), 1), *common], config)
    assert text.weights[0] == pytest.approx((0.01 * (len(common) + 1)) ** 0.5)
    assert set(text.weights[1:].tolist()) == {1.0}
