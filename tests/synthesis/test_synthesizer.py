"""Synthesis: any formula becomes ink whose every stroke knows what it writes."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.synthesis import formula_grammar, glyph_bank, hershey
from tegashiki.synthesis.synthesizer import SynthesisConfig, synthesize
from tegashiki.tex.tokens import Vocabulary
from tegashiki.tex.tree import parse, rows

SYMBOLS = hershey.glyph_bank()


def written_tokens(tokens):
    """Indices of the tokens that must have ink: all but structure and the degree's brackets."""
    from tegashiki.tex.nodes import Fraction, Root, Symbol

    found = set()
    for row in rows(parse(tokens)):
        for item in row.items:
            if isinstance(item.base, Symbol | Fraction | Root):
                found.add(item.base.span[0])
    return found


def check(example, tokens):
    assert example.tokens == tuple(tokens)
    assert set(example.alignment.tolist()) == written_tokens(tokens)
    for stroke in example.ink.strokes:
        assert stroke.dtype == np.float32 and stroke.ndim == 2 and stroke.shape[1] == 2
        assert len(stroke) >= 1 and np.isfinite(stroke).all()


def test_every_formula_of_the_grammar_is_written_whole():
    rng = np.random.default_rng(3)
    for tokens in formula_grammar.formulas(rng, 40):
        check(synthesize(tokens, SYMBOLS, rng), tokens)


def test_the_same_seed_writes_the_same_ink():
    tokens = r"\frac { x ^ { 2 } } { \sqrt { y } }".split()
    one, two, other = (
        synthesize(tokens, SYMBOLS, np.random.default_rng(seed)) for seed in (1, 1, 2))
    for a, b in zip(one.ink.strokes, two.ink.strokes, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any(a.shape != b.shape or not np.allclose(a, b)
               for a, b in zip(one.ink.strokes, other.ink.strokes, strict=False))


def test_ink_is_in_normal_form():
    example = synthesize(["x", "+", "y"], SYMBOLS, np.random.default_rng(0))
    points = np.concatenate(example.ink.strokes)
    np.testing.assert_allclose(points.min(axis=0), 0, atol=1e-5)


def test_a_style_is_one_writer():
    for style in SYMBOLS.styles:
        example = synthesize(["x"], SYMBOLS, np.random.default_rng(0), style=style)
        assert example.ink.writer == style


def test_without_disturbance_the_ink_stands_where_print_has_it():
    from tegashiki.ink.distort import DistortConfig

    still = SynthesisConfig(jitter=0, distort=DistortConfig().scaled(0))
    tokens = r"\frac { a } { b }".split()
    example = synthesize(tokens, SYMBOLS, np.random.default_rng(0), still, style="plain")
    tops = {int(token): min(s[:, 1].min() for s, t in zip(
        example.ink.strokes, example.alignment, strict=True) if t == token) for token in (0, 2, 5)}
    assert tops[2] < tops[0] < tops[5]


def test_a_symbol_that_nobody_wrote_is_named():
    only_x = glyph_bank.GlyphBank([SYMBOLS.sample("x", np.random.default_rng(0))])
    with pytest.raises(TegashikiError, match="'y'"):
        synthesize(["x", "y"], only_x, np.random.default_rng(0))


def test_the_built_in_bank_draws_the_whole_vocabulary():
    drawable = [t for t in Vocabulary.load().tokens[3:] if t != r"\limits"]
    assert SYMBOLS.missing(drawable) == []
    for token in drawable:
        for style in SYMBOLS.styles:
            if token in SYMBOLS.index:
                left, top, right, bottom = SYMBOLS.sample(
                    token, np.random.default_rng(0), style).box
                assert left == pytest.approx(0, abs=1e-6) and right - left + bottom - top > 0.03
                assert -3 < top <= bottom < 2
