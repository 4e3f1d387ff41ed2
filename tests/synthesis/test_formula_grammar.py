"""Formulas: the built-in grammar and text files."""

import lzma

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.synthesis import formula_corpus, formula_grammar
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.tex.tokens import Vocabulary
from tegashiki.tex.tree import canonical, is_valid


def test_the_grammar_writes_formulas_in_normal_form():
    made = formula_grammar.formulas(np.random.default_rng(0), 3000)
    for tokens in made:
        assert is_valid(tokens) and list(tokens) == canonical(tokens), " ".join(tokens)
    lengths = np.array([len(tokens) for tokens in made])
    assert lengths.min() >= 2 and lengths.max() <= 60 and 9 <= np.median(lengths) <= 18
    assert len(set(made)) > 2500


def test_the_grammar_uses_the_whole_vocabulary():
    formulas = formula_grammar.formulas(np.random.default_rng(0), 6000)
    made = {t for tokens in formulas for t in tokens}
    assert set(Vocabulary.load().tokens[3:]) - made == {r"\limits", "'"}   # never in normal form


def test_the_same_seed_gives_the_same_formulas():
    one, two = (formula_grammar.formulas(np.random.default_rng(4), 50) for _ in range(2))
    assert one == two != formula_grammar.formulas(np.random.default_rng(5), 50)


def test_text_is_read_filtered_and_flattened(tmp_path):
    path = tmp_path / "formulas.txt.xz"
    path.write_bytes(lzma.compress(
        b"32\tx + y\n1\ta - b\n9\tx\n5\tunknown + y\n7\ta = b\n"))
    config = formula_corpus.FormulaConfig(lengthen=0)
    text = formula_corpus.read(path, config, without={("a", "=", "b")})
    assert text.formulas == [("x", "+", "y"), ("a", "-", "b")]
    assert text.weights.tolist() == [2.0, 1.0]
    dice = BufferedRng(np.random.default_rng(0))
    drawn = [text.draw(dice) for _ in range(600)]
    assert 350 < drawn.count(("x", "+", "y")) < 450


@pytest.mark.parametrize("content, message", [
    (b"x + y\n", "line 1"), (b"3\tx + y\nmany\tx\n", "line 2"), (b"1\tunknown\n", "no formula"),
])
def test_a_file_that_is_no_list_of_formulas(tmp_path, content, message):
    path = tmp_path / "formulas.txt"
    path.write_bytes(content)
    with pytest.raises(TegashikiError, match=message):
        formula_corpus.read(path)
