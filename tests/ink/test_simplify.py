"""Simplification: the line rule equals the `rdp` package, the segment rule keeps its promise."""

import numpy as np
import pytest

from tegashiki.ink.rdp_reference import rdp
from tegashiki.ink.simplify import simplify, simplify_line


def strokes():
    rng = np.random.default_rng(3)
    for length in (1, 2, 3, 5, 30, 120):
        for _ in range(8):
            yield np.cumsum(rng.normal(size=(length, 2)), axis=0).astype(np.float32)
    angle = np.linspace(0, 2 * np.pi, 50)
    loop = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    loop[-1] = loop[0]                   # closed: the chord has no length
    yield loop
    yield np.repeat(loop[:3], 4, axis=0)
    yield np.float32([[5, 5]] * 6)
    yield np.round(20 * loop)            # many points at the same distance


@pytest.mark.parametrize("epsilon", [0.0, 0.02, 0.5, 3.0])
def test_the_line_rule_is_that_of_the_rdp_package(epsilon):
    for stroke in strokes():
        expected = rdp(stroke.astype(np.float64), epsilon)
        np.testing.assert_array_equal(simplify_line(stroke, epsilon), expected)


def to_segments(points, kept):
    """The distance of each point to the polyline through the kept ones."""
    a, b = kept[:-1], kept[1:]
    along = np.einsum("psc,sc->ps", points[:, None] - a, b - a)
    along /= np.maximum(((b - a) ** 2).sum(axis=1), 1e-30)
    nearest = a + np.clip(along, 0, 1)[..., None] * (b - a)
    return np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1)


@pytest.mark.parametrize("epsilon", [0.02, 0.5, 3.0])
def test_the_segment_rule_leaves_nothing_farther_than_epsilon(epsilon):
    for stroke in strokes():
        kept = simplify(stroke, epsilon)
        assert kept.dtype == np.float32 and len(kept) <= len(stroke)
        np.testing.assert_array_equal(kept[[0, -1]], stroke[[0, -1]])
        if len(kept) > 1:
            assert to_segments(stroke.astype(float), kept.astype(float)).max() <= epsilon + 1e-5


def test_where_the_two_rules_differ():
    hook = np.float32([[0, 0], [5, 0.1], [9, 0], [6, 0.05]])
    assert len(simplify(hook, 0.5)) == 3, "the turn is kept"
    assert len(simplify_line(hook, 0.5)) == 2, "the turn lies on the line through the ends"
