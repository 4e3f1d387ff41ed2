"""Made characters: as asked for, never empty, the same from the same seed."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.kanji import fonts
from tegashiki.kanji.synthetic import InkConfig, Maker, draw_strokes, resample, warped

FLAT, UPRIGHT = np.float32([[0.2, 1.5], [2.8, 1.5]]), np.float32([[1.5, 0.2], [1.5, 2.8]])
STROKES = {0: [resample(FLAT)], 1: [resample(FLAT), resample(UPRIGHT)]}
GLYPHS = {1: [np.full((50, 8), 255, np.uint8)]}


@pytest.fixture
def maker():
    return Maker("一十", STROKES, GLYPHS)


def test_a_batch_is_what_was_asked_for(maker):
    pictures, labels = maker.batch(40, np.random.default_rng(0))
    assert pictures.shape == (40, 48, 48) and pictures.dtype == np.uint8
    assert set(labels) == {0, 1}
    assert (pictures.reshape(40, -1).max(1) == 255).all()
    _, chosen = maker.batch(0, np.random.default_rng(0), labels=np.array([1, 1, 0]))
    assert chosen.tolist() == [1, 1, 0]


def test_the_same_seed_draws_the_same(maker):
    first, _ = maker.batch(10, np.random.default_rng(4))
    second, _ = maker.batch(10, np.random.default_rng(4))
    other, _ = maker.batch(10, np.random.default_rng(5))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


def test_no_distortion_draws_the_strokes_where_they_are():
    config = InkConfig(joined=0, shortened=0, rounded=0, pen=(3, 3)).scaled(0)
    picture = draw_strokes(STROKES[1], np.random.default_rng(0), config)
    assert picture.shape == (96, 96)
    rows, columns = (picture > 128).any(1), (picture > 128).any(0)
    assert rows.sum() == pytest.approx(88, abs=8) and columns.sum() == pytest.approx(88, abs=8)


def test_a_character_without_a_source_is_said():
    with pytest.raises(
        TegashikiError, match=r"no source for 1 characters \(字\).*matplotlib-fontja"
    ):
        Maker("一十字", STROKES, GLYPHS)


def test_a_stroke_is_resampled_along_its_length():
    stroke = resample(np.float32([[0, 0], [0.1, 0], [1.3, 0]]), step=0.13)
    steps = np.diff(stroke[:, 0])
    assert len(stroke) == 10 and np.ptp(steps) < 1e-5
    assert len(resample(np.float32([[0, 0], [0.01, 0]]))) == 3


def test_a_warped_picture_is_still_the_character(maker):
    form = maker.batch(1, np.random.default_rng(0), np.array([1]))[0][0]
    bent = warped(form, np.random.default_rng(1))
    assert bent.shape == form.shape and bent.max() == 255
    assert 0.5 < bent.sum() / form.sum() < 2


def test_every_known_font_has_a_licence_and_draws():
    assert all(licence and package for _, licence, package, _ in fonts.KNOWN.values())
    found = fonts.here()
    if not found:
        pytest.skip("NO FONT: install matplotlib-fontja or Debian's fonts-ipaexfont-gothic")
    picture = fonts.glyph(found[0], "字")
    assert picture is not None and picture.max() > 200
    assert fonts.glyph(found[0], "\U0010ffff") is None
