"""Lines, statistics and banks: what was put into ink is measured back out of it."""

import numpy as np
import pytest

from tegashiki.data.example import Example
from tegashiki.data.splits import writer_key
from tegashiki.data.symbols import IsolatedSymbol
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.synthesis import (
    baseline_estimation,
    formula_grammar,
    glyph_extraction,
    hershey,
    stroke_order,
)
from tegashiki.synthesis.glyph_extraction import extract
from tegashiki.synthesis.layout_priors import ORDER_PRIORS, PRIORS
from tegashiki.synthesis.layout_statistics import LayoutStatistics, pooled
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.synthesizer import SynthesisConfig, synthesize
from tegashiki.synthesis.writer_style import StyleBank
from tegashiki.tex.tree import parse

STILL = SynthesisConfig(borrowed=0, distort=None)


@pytest.fixture(scope="module")
def examples():
    """Aligned ink of four styles, 60 formulas each."""
    rng = np.random.default_rng(11)
    symbols = hershey.glyph_bank("hand")
    return [synthesize(tokens, symbols, rng, STILL, style=style)
            for style in symbols.styles
            for tokens in formula_grammar.formulas(
                rng, 60, formula_grammar.GrammarConfig(longest=30))]


@pytest.fixture(scope="module")
def measured(examples):
    return baseline_estimation.estimate_lines(examples)


@pytest.fixture(scope="module")
def cut(measured):
    return extract(measured)


def glyph(token, left, baseline, size, symbols):
    sample = symbols.sample(token, np.random.default_rng(0), "plain")
    return [(s * size + (left, baseline)).astype(np.float32) for s in sample.strokes]


def test_lines_are_found_where_they_were_ruled():
    # x on y = 10 with x-height 2, its exponent on y = 7 with 1.3; all letters as Hershey has them.
    symbols = hershey.glyph_bank()
    tokens = ("x", "^", "{", "a", "b", "}", "+", "n", "p")
    places = {0: (0, 10, 2), 3: (3, 7, 1.3), 4: (5, 7, 1.3), 6: (7, 10, 2), 7: (10, 10, 2),
              8: (13, 10, 2)}
    strokes, alignment = [], []
    for token, place in places.items():
        ink = glyph(tokens[token], *place, symbols)
        strokes += ink
        alignment += [token] * len(ink)
    example = Example(Ink(tuple(strokes)), tokens, np.int16(alignment))
    rows = baseline_estimation.estimate_lines([example] * 30).formulas[0].rows
    tree = parse(tokens)
    baseline, unit = rows[tree.span]
    assert baseline == pytest.approx(10, abs=0.3) and unit == pytest.approx(2, rel=0.15)
    baseline, unit = rows[tree.items[0].scripts[0].row.span]
    assert baseline == pytest.approx(7, abs=0.3) and unit == pytest.approx(1.3, rel=0.2)


def test_a_letter_comes_back_as_tall_as_it_was(measured, cut):
    tops = measured.reach
    assert tops["x"][0] == pytest.approx(-1, abs=0.15) and abs(tops["x"][1]) < 0.15
    assert tops["b"][0] < -1.3 and tops["p"][1] > 0.3 and tops["-"][0] < -0.3
    # Hershey's script letters are smaller than his roman ones, and stay so.
    roman, script = (np.median([cut.boxes[n][3] - cut.boxes[n][1] for n in cut.index["x"][style]])
                     for style in ("roman", "script"))
    assert 0.5 < script < 0.85 * roman and 0.8 < roman < 1.4


def test_every_aligned_symbol_becomes_a_sample(examples, cut):
    symbols = sum(len(set(e.alignment.tolist()) - {-1}) for e in examples)
    assert 0.98 * symbols < len(cut) <= symbols
    assert set(cut.styles) == {"plain", "roman", "script", "cursive"}
    sample = cut.sample("x", np.random.default_rng(0), "cursive")
    assert sample.style == "cursive" and sample.box[0] == pytest.approx(0, abs=1e-5)


def test_a_style_writes_with_its_own_symbols_and_borrows_what_it_lacks(cut):
    styles = StyleBank(cut)
    random = BufferedRng(np.random.default_rng(0))
    writer = styles.get("script")
    own = {cut.writers[writer.number("x", False, random)] for _ in range(50)}
    assert own == {"script"}
    rare = next(t for t in cut.tokens if "script" not in cut.index[t])
    assert cut.names[writer.number(rare, False, random)] == rare
    scripts = {cut.scripts[writer.number("2", True, random)] for _ in range(30)}
    assert scripts == {True}
    with pytest.raises(TegashikiError, match="no sample"):
        writer.number(r"\nothing", False, random)


def test_measured_habits_are_those_that_wrote(cut):
    # The ink was laid out with typical statistics, so these come back.
    for key in ("^ mid", "_ mid", "fraction ?", "gap ?"):
        mean = np.array(cut.statistics.find(key).mean)
        expected, spread = map(np.array, PRIORS[key])
        assert (np.abs(mean - expected) < 0.35 * spread + 0.2).all(), key


def test_shrinkage_and_moods():
    rng = np.random.default_rng(0)
    # Writer b is measured twice, a often; one formula of a is written wide.
    data = [("gap ll", "a", i // 10, (0.3 + 0.01 * rng.normal() + (i < 10),)) for i in range(200)]
    data += [("gap ll", "b", 20 + i, (5.0,)) for i in range(2)]
    statistics = pooled(data)
    assert statistics.mean("gap ll", "a")[0] == pytest.approx(0.35, abs=0.05)
    assert statistics.mean("gap ll", "b")[0] < 2.0                    # two measurements are few
    assert statistics.mean("gap ll", "nobody") == statistics.find("gap ll").mean
    assert max(effect[0] for effect in statistics.formula_effects["gap"]) > 0.5     # the wide one
    assert np.std(statistics.find("gap ll").residuals) < 0.3


def test_what_was_never_measured_is_typical():
    statistics = LayoutStatistics({}, {})
    sampler = statistics.sampler("anybody", BufferedRng(np.random.default_rng(0)))
    assert len(sampler.draw("fraction long")) == 7 and len(sampler.draw("gap BB")) == 1
    assert sampler.mean("order root") == ORDER_PRIORS["order root"]
    with pytest.raises(KeyError):
        statistics.find("no such key")


def test_orders_are_measured_as_they_were_written():
    tokens = parse(r"\frac { a } { b }".split())
    late_bar = dict(stroke_order.measure_orders(tokens, [2, 5, 0]))
    assert late_bar["order fraction"][4] == 1.0
    early_bar = dict(stroke_order.measure_orders(tokens, [0, 2, 5]))
    assert early_bar["order fraction"][1] == 1.0
    late = dict(stroke_order.measure_orders(parse(["i", "x"]), [0, 1, 0]))
    assert late["order late"] == (0.0, 1.0)


def test_late_strokes_move_back_and_nothing_is_lost():
    entries = [(0, np.zeros((1, 2))), (0, np.ones((1, 2))), (1, np.zeros((2, 2))),
               (2, np.zeros((3, 2)))]
    random = BufferedRng(np.random.default_rng(0))
    statistic = {"order late": (0.0, 1.0)}.__getitem__
    moved = stroke_order.late(entries, ["i", "x", "y"], random, statistic)
    assert [token for token, _ in moved] in ([0, 1, 0, 2], [0, 1, 2, 0])
    same = stroke_order.late(entries, ["i", "x", "y"], random,
                             {"order late": (1.0, 0.0)}.__getitem__)
    assert same is entries


def test_isolated_symbols_help_out_where_a_token_is_rare(measured):
    drawing = IsolatedSymbol(r"\exists", (np.float32([[0, 0], [40, 0], [40, 80]]),), "somebody")
    helped = extract(measured, [drawing] * 100)
    plain = extract(measured)
    added = len(helped) - len(plain)
    assert 0 < added <= glyph_extraction.RARE
    left, top, right, bottom = helped.boxes[-1]
    assert (top, bottom) == pytest.approx(measured.reach[r"\exists"], abs=0.01)
    assert right - left == pytest.approx((bottom - top) / 2, rel=0.01)


def test_who_wrote_it_is_the_writer_or_the_session():
    ink = Ink((np.zeros((1, 2), np.float32),), id="2009210-947-3", writer="")
    example = Example(ink, ("x",), np.int16([0]))
    assert writer_key(example.ink) == "2009210-947"


def test_nothing_aligned_is_one_line():
    ink = Ink((np.zeros((1, 2), np.float32),))
    with pytest.raises(TegashikiError, match="no aligned symbols"):
        extract([Example(ink, ("x",), np.int16([-1]))])
