"""Recombination and the stream: new formulas, true labels, and the same ones from the same seed."""

import itertools
import pickle

import numpy as np
import pytest

from tegashiki.data import crohme
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.synthesis import (
    baseline_estimation,
    composition,
    edits,
    formula_corpus,
    formula_grammar,
    hershey,
)
from tegashiki.synthesis.example_stream import Sources, StreamConfig, Weights, stream
from tegashiki.synthesis.recombination import WAYS, Recombiner
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.subexpressions import subexpressions_of
from tegashiki.synthesis.synthesizer import SynthesisConfig, synthesize
from tegashiki.synthesis.truncation import finished, prefix, truncate
from tegashiki.tex.tree import is_valid
from tests.synthesis.test_synthesizer import written_tokens


def written_example(tex, order):
    """An example whose stroke i is the box of token order[i] in a row of unit boxes."""
    tokens = tuple(tex.split())
    strokes = tuple(np.float32([[t, 0], [t + 0.5, 1]]) for t in order)
    return Example(Ink(strokes, writer="w"), tokens, np.int16(order))


@pytest.fixture(scope="module")
def sources():
    rng = np.random.default_rng(5)
    symbols = hershey.glyph_bank("hand")
    examples = [synthesize(tokens, symbols, rng, SynthesisConfig(distort=None), style=style)
                for style in symbols.styles
                for tokens in formula_grammar.formulas(
                    rng, 50, formula_grammar.GrammarConfig(longest=30))]
    text = formula_corpus.weighted(
        [(("x", "+", "y"), 3), ((r"\frac", "{", "a", "}", "{", "b", "}"), 1)])
    return Sources.of(examples, text)


def check(example):
    assert is_valid(example.tokens), " ".join(example.tokens)
    # what has ink is a symbol, and every symbol has ink
    inked = set(example.alignment.tolist()) - {-1}
    assert inked == written_tokens(example.tokens), " ".join(example.tokens)
    for stroke in example.ink.strokes:
        assert stroke.dtype == np.float32 and np.isfinite(stroke).all() and len(stroke)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_gives_a_formula_whose_symbols_all_have_ink(sources, way):
    rng = np.random.default_rng(1)
    for _ in range(60):
        check(sources.recombiner.make(way, rng))


def test_an_unknown_way_is_named(sources):
    with pytest.raises(TegashikiError, match="'fold'"):
        sources.recombiner.make("fold", np.random.default_rng(0))


@pytest.mark.parametrize(
    "tex, order, strokes, expected",
    [
        ("x + y", [0, 1, 2], 2, "x +"),
        ("x ^ { 2 } + y", [0, 3, 5, 6], 2, "x ^ { 2 }"),
        (r"\frac { a } { b }", [2, 0, 5], 1, "a"),
        (r"\frac { a } { b }", [2, 0, 5], 2, "a"),           # the bar means nothing yet
        (r"\frac { a } { b }", [0, 2, 5], 1, "-"),           # as it looks
        (r"\sqrt { x }", [0, 2], 1, None),                   # a root of nothing yet
        (r"\sqrt [ 3 ] { x }", [2, 0, 5], 2, "3"),
        (r"\sum _ { i } ^ { n } x", [0, 3, 7, 9], 2, r"\sum _ { i }"),
        ("x ^ { 2 }", [3, 0], 1, "2"),                       # the script came first
        (r"\int \limits _ { a } x", [0, 4, 6], 2, r"\int \limits _ { a }"),
    ],
)
def test_half_a_formula_is_read_as_it_looks(tex, order, strokes, expected):
    half = prefix(written_example(tex, order), strokes)
    if expected is None:
        assert half is None
    else:
        assert " ".join(half.tokens) == expected and len(half.ink.strokes) == strokes
        kept = [half.tokens[t] for t in half.alignment.tolist() if t >= 0]
        names = [tex.split()[t] for t in order[:strokes]]
        assert set(kept) <= {*names, "-"}


def test_symbols_are_not_cut_in_two():
    assert finished([0, 0, 1]) == [2] and finished([0]) == []
    example = written_example("x = y", [0, 1, 1, 2])
    rng = np.random.default_rng(0)
    assert {truncate(example, rng).tokens for _ in range(30)} == {("x",), ("x", "=")}


def test_subexpressions_are_whole_and_read_well():
    tokens = "( a + b ) ^ { 2 }"
    order = [0, 1, 2, 3, 4, 7]
    measured = baseline_estimation.estimate_lines([written_example(tokens, order)] * 3)
    found = {" ".join(part.tokens) for part in subexpressions_of(measured.formulas[0])}
    assert {"a + b", "( a + b ) ^ { 2 }", "2", "a", "b"} <= found
    assert not found & {"( a", "a +", "+ b ) ^ { 2 }", "( a + b )"}


def test_swapped_symbols_are_of_one_kind(sources):
    recombiner = sources.recombiner
    random = BufferedRng(np.random.default_rng(2))
    changed = 0
    for formula in recombiner.formulas[:60]:
        writer = recombiner.styles.get(formula.style)
        new = edits.swap(formula, recombiner.bank, writer, random)
        for a, b in zip(formula.example.tokens, new.tokens if new else (), strict=False):
            assert a == b or edits.GROUP[a] is edits.GROUP[b]
            changed += a != b
    assert changed > 100


def test_subexpressions_stand_where_the_template_has_them(sources):
    recombiner = sources.recombiner
    rng, random = np.random.default_rng(0), BufferedRng(np.random.default_rng(0))
    style = recombiner.subexpressions.styles[0]
    subexpressions = [recombiner.subexpressions.draw(style, random, 8) for _ in range(2)]
    template = (r"\frac", "{", composition.HOLE, "}", "{", composition.HOLE, "}")
    writer = recombiner.styles.get(style)
    example = composition.compose(template, subexpressions, recombiner.bank, writer, rng)
    upper, lower = (part.tokens for part in subexpressions)
    assert example.tokens == (r"\frac", "{", *upper, "}", "{", *lower, "}")
    points = {name: np.concatenate([
        s for s, t in zip(example.ink.strokes, example.alignment, strict=True) if t in tokens])
        for name, tokens in (("bar", {0}), ("up", range(1, 3 + len(upper))),
                             ("down", range(3 + len(upper), len(example.tokens))))}
    assert points["up"][:, 1].max() < points["bar"][:, 1].mean() < points["down"][:, 1].min()
    with pytest.raises(TegashikiError, match="2 holes for 1"):
        composition.compose(template, subexpressions[:1], recombiner.bank, writer, rng)


def test_the_stream_is_the_same_from_the_same_seed(sources):
    def some(seed, given):
        return list(itertools.islice(stream(np.random.default_rng(seed), given), 60))

    one, again, other = some(1, sources), some(1, sources), some(2, sources)
    sent = some(1, pickle.loads(pickle.dumps(sources)))               # as to a worker
    for copy in (again, sent):
        assert [e.tokens for e in one] == [e.tokens for e in copy]
        for a, b in zip(one, copy, strict=True):
            for s, t in zip(a.ink.strokes, b.ink.strokes, strict=True):
                np.testing.assert_array_equal(s, t)
    assert [e.tokens for e in one] != [e.tokens for e in other]


def test_the_stream_gives_normal_form_and_keeps_its_limits(sources):
    config = StreamConfig(longest=20, most_strokes=15, truncated=0.2)
    for example in itertools.islice(stream(np.random.default_rng(0), sources, config), 100):
        assert len(example.tokens) <= 20 and len(example.ink.strokes) <= 15
        assert is_valid(example.tokens)
        np.testing.assert_allclose(
            np.concatenate(example.ink.strokes).min(axis=0), 0, atol=1e-5)


def test_weights_choose_the_sources(sources):
    only = Weights(**dict.fromkeys(vars(Weights()), 0.0) | {"text": 1.0})
    config = StreamConfig(weights=only, truncated=0.0)
    found = {e.tokens for e in itertools.islice(
        stream(np.random.default_rng(0), sources, config), 40)}
    assert found == set(sources.text.formulas)
    with pytest.raises(TegashikiError, match="no source"):
        next(stream(np.random.default_rng(0), Sources.built_in(), config))


def test_the_built_in_stream_needs_no_data():
    config = StreamConfig(truncated=0.0)
    for example in itertools.islice(
            stream(np.random.default_rng(0), Sources.built_in(), config), 5):
        check(example)


@pytest.mark.slow
def test_real_ink_from_file_to_stream(public_set):
    """The whole way with real writers: CROHME test2012, which is small."""
    examples, _ = crohme.read(public_set("crohme"), "test2012")
    real = Sources.of(examples)
    sizes = [real.bank.boxes[n] for ns in real.bank.index["x"].values() for n in ns]
    assert np.median([b[3] - b[1] for b in sizes]) == pytest.approx(1.0, abs=0.1)
    ratio, drop, gap = real.bank.statistics.find("^ ?").mean
    assert -0.9 < ratio < -0.2 and drop < -0.4 and 0 < gap < 0.6      # scripts: smaller, higher
    for example in itertools.islice(stream(np.random.default_rng(0), real), 60):
        assert is_valid(example.tokens)
    recombiner = Recombiner(baseline_estimation.estimate_lines(examples[:100]), real.bank)
    for way in WAYS:
        assert is_valid(recombiner.make(way, np.random.default_rng(0)).tokens)
