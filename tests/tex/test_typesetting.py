"""Layout: every glyph knows its token, and stands where a reader expects it."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.synthesis import formula_grammar
from tegashiki.tex.typesetting import RULE, layout


def boxes(tex):
    return {(g.token, g.text): g.box for g in layout(tex.split())}


def test_scripts_stand_right_above_and_below_and_are_smaller():
    found = boxes("x _ { 1 } ^ { 2 }")
    x, one, two = found[0, "x"], found[3, "1"], found[7, "2"]
    assert min(one[0], two[0]) > x[0] and two[3] < one[1]
    assert two[3] - two[1] < 0.75 * (boxes("2")[0, "2"][3] - boxes("2")[0, "2"][1])
    assert [g.size for g in layout(["x"])] == [1.0]


def test_a_fraction_has_its_bar_between_its_rows():
    found = boxes(r"\frac { a + b } { c }")
    bar, a, c = found[0, RULE], found[2, "a"], found[7, "c"]
    assert a[3] <= bar[1] <= bar[3] <= c[1]
    assert bar[0] <= a[0] and bar[2] >= found[4, "b"][2]


def test_a_root_covers_its_radicand():
    found = boxes(r"\sqrt [ 3 ] { x y }")
    symbol, bar, x, y = found[0, "√"], found[0, RULE], found[5, "x"], found[6, "y"]
    assert symbol[2] <= x[0] and bar[2] >= y[2] and bar[3] <= min(x[1], y[1])
    assert found[2, "3"][0] < x[0]


def test_limits_of_a_sum_stand_over_and_under_and_those_of_an_integral_beside():
    found = boxes(r"\sum _ { i } ^ { n } \int _ { a } ^ { b }")
    total, i, n = found[0, "∑"], found[3, "i"], found[7, "n"]
    assert n[3] < total[1] and i[1] > total[3]
    assert found[12, "a"][0] > found[9, "∫"][0] and found[16, "b"][3] < found[12, "a"][1]


def test_a_name_is_one_token_of_several_glyphs():
    glyphs = layout([r"\sin", "x"])
    assert [(g.token, g.text) for g in glyphs] == [(0, "s"), (0, "i"), (0, "n"), (1, "x")]


def test_brackets_grow_with_what_they_hold():
    low, high = boxes("( x )"), boxes(r"( \frac { x } { \frac { y } { z } } )")
    assert high[0, "("][3] - high[0, "("][1] > 1.3 * (low[0, "("][3] - low[0, "("][1])


def test_every_formula_of_the_grammar_can_be_set():
    for tokens in formula_grammar.formulas(np.random.default_rng(2), 60):
        glyphs = layout(tokens)
        inked = {i for i, t in enumerate(tokens) if t not in ("{", "}", "_", "^")}
        degree = {i for i, t in enumerate(tokens) if t in "[]"}
        assert inked - degree <= {g.token for g in glyphs} <= inked
        values = np.array([g.box for g in glyphs])
        assert np.isfinite(values).all() and (values[:, 2:] >= values[:, :2]).all()


@pytest.mark.parametrize("tex", ["x ^", r"\frac { 1 }", r"x \unknown y", r"\hat { x }"])
def test_what_is_no_formula_is_refused_in_one_line(tex):
    with pytest.raises(TegashikiError) as caught:
        layout(tex.split())
    assert "\n" not in str(caught.value)
