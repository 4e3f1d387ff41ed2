"""Shapes between two hands: where they lie, what stays as it was, and the door of the stream."""

from dataclasses import replace

import numpy as np
import pytest

from tegashiki.data.example import Example
from tegashiki.ink.format import Ink
from tegashiki.synthesis.example_stream import Sources, StreamConfig, stream
from tegashiki.synthesis.glyph import Glyph
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.interpolation import POINTS, Interpolator
from tegashiki.synthesis.rng import BufferedRng

LINE = np.linspace(0, 1, 9, dtype=np.float32)


def arc(height):
    """From left to right over `height`: one stroke, (9, 2)."""
    return np.stack([LINE, -height * np.sin(np.pi * LINE)], axis=1)


def example(*strokes, tokens=("x",), alignment=None):
    places = np.zeros(len(strokes)) if alignment is None else alignment
    return Example(Ink(strokes), tokens, np.int16(places))


def mixed(bank, given, seeds=range(30)):
    between = Interpolator(GlyphBank(bank))
    return [between(given, BufferedRng(np.random.default_rng(seed)), 1.0) for seed in seeds]


def test_a_shape_lies_between_its_own_and_the_lent_one():
    lent = Glyph("x", (arc(0.3) * 5 + 7,), style="b")       # larger and elsewhere
    found = mixed([lent], example(arc(0.6)))
    heights = [np.ptp(one.ink.strokes[0][:, 1]) for one in found]
    assert min(heights) > 0.59 and max(heights) < 0.61      # its own box is kept
    flat = mixed([Glyph("x", (arc(0.1),), style="b")], example(arc(0.2)))
    middles = np.array([-one.ink.strokes[0][:, 1].min() for one in flat])
    assert middles.min() < 0.17 < middles.max() <= 0.201    # towards the flatter one, not past it
    assert all(len(one.ink.strokes[0]) == POINTS for one in flat)


@pytest.mark.parametrize("lent", [
    Glyph("x", (arc(0.6)[::-1],), style="b"),               # drawn the other way
    Glyph("x", (arc(0.6), arc(0.1)), style="b"),            # two strokes
    Glyph("y", (arc(0.6),), style="b"),                     # another symbol
    Glyph("x", (np.float32([[0, 0]]),), style="b"),         # a dot
])
def test_what_is_not_drawn_alike_is_not_mixed(lent):
    given = example(arc(0.6))
    assert all(one.ink.strokes[0] is given.ink.strokes[0] for one in mixed([lent], given))


def test_strokes_of_unknown_symbols_stay_and_labels_with_them():
    given = example(arc(0.6), arc(0.5), tokens=("x", "y"), alignment=[-1, 0])
    found = mixed([Glyph("x", (arc(0.3),), style="b")], given, [1])[0]
    assert found.ink.strokes[0] is given.ink.strokes[0]
    assert found.ink.strokes[1] is not given.ink.strokes[1]
    assert found.tokens == given.tokens and found.alignment.tolist() == [-1, 0]


def test_the_stream_mixes_when_asked_and_is_the_same_from_the_same_seed():
    sources, config = Sources.built_in(), StreamConfig(distort=None, truncated=0)

    def first(setting):
        return next(stream(np.random.default_rng(3), sources, setting))

    plain, between = first(config), first(replace(config, interpolated=1.0))
    again = first(replace(config, interpolated=1.0))
    assert plain.tokens == between.tokens
    assert any(len(a) != len(b) or np.abs(a - b).max() > 1e-3
               for a, b in zip(plain.ink.strokes, between.ink.strokes, strict=True))
    assert all(np.array_equal(a, b)
               for a, b in zip(between.ink.strokes, again.ink.strokes, strict=True))
