"""Normal form and resampling against slow, obvious versions of themselves."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.ink.geometry import bounds, normalize, resample, resample_strokes, unit
from tests.helpers import assert_close


def random_strokes(rng, count=7):
    return [np.cumsum(rng.normal(size=(int(rng.integers(1, 60)), 2)), axis=0).astype(np.float32)
            for _ in range(count)]


def test_normal_form_does_not_depend_on_the_device():
    rng = np.random.default_rng(1)
    strokes = random_strokes(rng)
    one = normalize(Ink(strokes=tuple(strokes)))
    other = normalize(Ink(strokes=tuple(stroke * np.float32(37) + 1000 for stroke in strokes)))
    for a, b in zip(one.strokes, other.strokes, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-3)
    left, top, _, _ = bounds(one.strokes)
    assert (left, top) == (0, 0) and unit(one.strokes) == pytest.approx(1)
    again = normalize(one)
    for a, b in zip(one.strokes, again.strokes, strict=True):
        assert_close(a, b)


def test_flat_strokes_and_dots_do_not_set_the_unit():
    letter = np.float32([[0, 0], [3, 10]])
    bar, dot = np.float32([[0, 5], [40, 5.5]]), np.float32([[1, 1]])
    assert unit([letter, bar, bar, dot, dot]) == 10
    assert unit([bar]) == 40 and unit([dot]) == 1
    normal = normalize(Ink(strokes=(dot,)))
    assert normal.strokes[0].tolist() == [[0, 0]]


def test_normalize_keeps_everything_else():
    ink = Ink(strokes=(np.float32([[1, 2]]),), times=(np.float32([0]),), truth="x", id="i")
    assert normalize(ink).times is ink.times and normalize(ink).truth == "x"


def slowly(stroke, n):
    """One stroke, by interpolation over its own length."""
    stroke = stroke.astype(np.float64)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    wanted = np.linspace(0, along[-1], n)
    return np.stack([np.interp(wanted, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


@pytest.mark.parametrize("n", [1, 2, 16, 200])
def test_all_strokes_at_once_are_each_stroke_alone(n):
    rng = np.random.default_rng(2)
    strokes = [*random_strokes(rng, 40), np.float32([[3, 4]] * 5), np.float32([[1, 1], [1, 1]])]
    together = resample_strokes(strokes, n)
    assert together.shape == (len(strokes), n, 2) and together.dtype == np.float32
    for stroke, result in zip(strokes, together, strict=True):
        np.testing.assert_array_equal(result[0], stroke[0])
        if n > 1:
            np.testing.assert_array_equal(result[-1], stroke[-1])
            assert_close(result, slowly(stroke, n), "text")
        np.testing.assert_array_equal(resample(stroke, n=n), result)


def test_repeated_points_change_nothing():
    stroke = np.float32([[0, 0], [1, 0], [1, 2]])
    assert_close(resample(np.repeat(stroke, 3, axis=0), n=9), resample(stroke, n=9))


def test_spacing():
    stroke = np.float32([[0, 0], [10, 0]])
    assert len(resample(stroke, spacing=1)) == 11
    assert len(resample(stroke, spacing=100)) == 2, "both ends stay"
    assert len(resample(stroke[:1], spacing=1)) == 1


@pytest.mark.parametrize("wrong", [{}, {"n": 3, "spacing": 1.0}, {"n": 0}, {"spacing": 0.0},
                                   {"spacing": -1.0},
                                   {"spacing": 1e-9}])
def test_wrong_arguments(wrong):
    with pytest.raises(TegashikiError, match="resample"):
        resample(np.float32([[0, 0], [1, 1]]), **wrong)
