"""Lines, habits and banks: what was put into ink is measured back out of it."""

import numpy as np
import pytest

from tegashiki.data.example import Example
from tegashiki.data.symbols import IsolatedSymbol
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.synthesis import (
    baseline_estimation,
    formula_grammar,
    glyph_bank,
    line_metrics,
    stroke_order,
)
from tegashiki.synthesis.layout_priors import DEFAULT_SHARES, TYPICAL
from tegashiki.synthesis.layout_statistics import Habits, pooled
from tegashiki.synthesis.rng import Dice
from tegashiki.synthesis.synthesizer import SynthesisConfig, synthesize
from tegashiki.synthesis.writer_style import Hands
from tegashiki.tex.tree import parse

STILL = SynthesisConfig(borrowed=0, distort=None)


@pytest.fixture(scope="module")
def examples():
    """Aligned ink of four hands, 60 formulas each."""
    rng = np.random.default_rng(11)
    symbols = glyph_bank.hershey("hand")
    return [synthesize(tokens, symbols, rng, STILL, style=style)
            for style in symbols.styles
            for tokens in formula_grammar.formulas(
                rng, 60, formula_grammar.GrammarConfig(longest=30))]


@pytest.fixture(scope="module")
def ruled(examples):
    return baseline_estimation.rule(examples)


@pytest.fixture(scope="module")
def cut(ruled):
    return glyph_bank.cut(ruled)


def glyph(token, left, baseline, size, symbols):
    sample = symbols.sample(token, np.random.default_rng(0), "plain")
    return [(s * size + (left, baseline)).astype(np.float32) for s in sample.strokes]


def test_lines_are_found_where_they_were_ruled():
    # x on y = 10 with x-height 2, its exponent on y = 7 with 1.3; all letters as Hershey has them.
    symbols = glyph_bank.hershey()
    tokens = ("x", "^", "{", "a", "b", "}", "+", "n", "p")
    places = {0: (0, 10, 2), 3: (3, 7, 1.3), 4: (5, 7, 1.3), 6: (7, 10, 2), 7: (10, 10, 2),
              8: (13, 10, 2)}
    strokes, alignment = [], []
    for token, place in places.items():
        ink = glyph(tokens[token], *place, symbols)
        strokes += ink
        alignment += [token] * len(ink)
    example = Example(Ink(tuple(strokes)), tokens, np.int16(alignment))
    rows = baseline_estimation.rule([example] * 30).written[0].rows
    tree = parse(tokens)
    baseline, unit = rows[tree.span]
    assert baseline == pytest.approx(10, abs=0.3) and unit == pytest.approx(2, rel=0.15)
    baseline, unit = rows[tree.items[0].scripts[0].row.span]
    assert baseline == pytest.approx(7, abs=0.3) and unit == pytest.approx(1.3, rel=0.2)


def test_a_letter_comes_back_as_tall_as_it_was(ruled, cut):
    tops = ruled.tops
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


def test_a_hand_writes_with_its_own_symbols_and_borrows_what_it_lacks(cut):
    hands = Hands(cut)
    dice = Dice(np.random.default_rng(0))
    hand = hands.hand("script")
    own = {cut.writers[hand.number("x", False, dice)] for _ in range(50)}
    assert own == {"script"}
    rare = next(t for t in cut.tokens if "script" not in cut.index[t])
    assert cut.names[hand.number(rare, False, dice)] == rare
    scripts = {cut.scripts[hand.number("2", True, dice)] for _ in range(30)}
    assert scripts == {True}
    with pytest.raises(TegashikiError, match="no sample"):
        hand.number(r"\nothing", False, dice)


def test_measured_habits_are_those_that_wrote(cut):
    # The ink was laid out with typical habits, so these come back.
    for key in ("^ mid", "_ mid", "fraction ?", "gap ?"):
        mean = np.array(cut.habits.find(key).mean)
        expected, spread = map(np.array, TYPICAL[key])
        assert (np.abs(mean - expected) < 0.35 * spread + 0.2).all(), key


def test_shrinkage_and_moods():
    rng = np.random.default_rng(0)
    # Writer b is measured twice, a often; one formula of a is written wide.
    data = [("gap ll", "a", i // 10, (0.3 + 0.01 * rng.normal() + (i < 10),)) for i in range(200)]
    data += [("gap ll", "b", 20 + i, (5.0,)) for i in range(2)]
    habits = pooled(data)
    assert habits.mean("gap ll", "a")[0] == pytest.approx(0.35, abs=0.05)
    assert habits.mean("gap ll", "b")[0] < 2.0                    # two measurements are few
    assert habits.mean("gap ll", "nobody") == habits.find("gap ll").mean
    assert max(mood[0] for mood in habits.moods["gap"]) > 0.5     # the wide formula
    assert np.std(habits.find("gap ll").rest) < 0.3


def test_what_was_never_measured_is_typical():
    habits = Habits({}, {})
    manner = habits.manner("anybody", Dice(np.random.default_rng(0)))
    assert len(manner.draw("fraction long")) == 7 and len(manner.draw("gap BB")) == 1
    assert manner.mean("order root") == DEFAULT_SHARES["order root"]
    with pytest.raises(KeyError):
        habits.find("no such key")


def test_orders_are_measured_as_they_were_written():
    tokens = parse(r"\frac { a } { b }".split())
    assert dict(stroke_order.measured(tokens, [2, 5, 0]))["order fraction"][4] == 1.0  # bar last
    assert dict(stroke_order.measured(tokens, [0, 2, 5]))["order fraction"][1] == 1.0  # bar first
    late = dict(stroke_order.measured(parse(["i", "x"]), [0, 1, 0]))
    assert late["order late"] == (0.0, 1.0)


def test_late_strokes_move_back_and_nothing_is_lost():
    entries = [(0, np.zeros((1, 2))), (0, np.ones((1, 2))), (1, np.zeros((2, 2))),
               (2, np.zeros((3, 2)))]
    dice = Dice(np.random.default_rng(0))
    habit = {"order late": (0.0, 1.0)}.__getitem__
    moved = stroke_order.late(entries, ["i", "x", "y"], dice, habit)
    assert [token for token, _ in moved] in ([0, 1, 0, 2], [0, 1, 2, 0])
    same = stroke_order.late(entries, ["i", "x", "y"], dice, {"order late": (1.0, 0.0)}.__getitem__)
    assert same is entries


def test_isolated_symbols_help_out_where_a_token_is_rare(ruled):
    drawing = IsolatedSymbol(r"\exists", (np.float32([[0, 0], [40, 0], [40, 80]]),), "somebody")
    helped = glyph_bank.cut(ruled, [drawing] * 100)
    plain = glyph_bank.cut(ruled)
    added = len(helped) - len(plain)
    assert 0 < added <= glyph_bank.RARE
    left, top, right, bottom = helped.boxes[-1]
    assert (top, bottom) == pytest.approx(ruled.tops[r"\exists"], abs=0.01)
    assert right - left == pytest.approx((bottom - top) / 2, rel=0.01)


def test_who_wrote_it_is_the_writer_or_the_session():
    ink = Ink((np.zeros((1, 2), np.float32),), id="2009210-947-3", writer="")
    example = Example(ink, ("x",), np.int16([0]))
    assert line_metrics.style_of(example) == "2009210-947"


def test_nothing_aligned_is_one_line():
    ink = Ink((np.zeros((1, 2), np.float32),))
    with pytest.raises(TegashikiError, match="no aligned symbols"):
        glyph_bank.cut([Example(ink, ("x",), np.int16([-1]))])
