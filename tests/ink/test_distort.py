"""Distortion: still handwriting, repeatable, within its amplitudes, and cheap."""

import time
from dataclasses import fields, replace

import numpy as np
import pytest

from tegashiki.ink.distort import DEFAULT, DistortConfig, distort
from tests.helpers import assert_close


def ink(rng, strokes=14, points=31):
    """As large as an expression of CROHME is on average; unit 1, in a row."""
    walks = np.cumsum(rng.normal(scale=0.05, size=(strokes, points, 2)), axis=1)
    walks[..., 0] += 0.8 * np.arange(strokes)[:, None]
    return list(walks.astype(np.float32))


def test_shapes_stay_and_the_seed_decides():
    strokes = [*ink(np.random.default_rng(0)), np.float32([[1, 1]])]
    one, same, other = (distort(strokes, np.random.default_rng(seed)) for seed in (1, 1, 2))
    for before, a, b, c in zip(strokes, one, same, other, strict=True):
        assert a.shape == before.shape and a.dtype == np.float32 and np.isfinite(a).all()
        np.testing.assert_array_equal(a, b)
        assert not np.array_equal(a, c)


def test_nothing_asked_nothing_done():
    strokes = ink(np.random.default_rng(0))
    for before, after in zip(strokes, distort(strokes, np.random.default_rng(1),
                                              DEFAULT.scaled(0)), strict=True):
        np.testing.assert_allclose(after, before, atol=2e-6)


@pytest.mark.parametrize("name", [field.name for field in fields(DistortConfig)
                                  if field.name != "warp_length"])
def test_every_amplitude_does_something(name):
    strokes = ink(np.random.default_rng(0))
    config = replace(DEFAULT.scaled(0), **{name: getattr(DEFAULT, name)})
    rng = np.random.default_rng(1)
    moved = [np.abs(np.concatenate(distort(strokes, rng, config)) - np.concatenate(strokes)).max()
             for _ in range(5)]
    assert max(moved) > 2e-3


def test_input_is_left_alone():
    strokes = ink(np.random.default_rng(0))
    copies = [stroke.copy() for stroke in strokes]
    distort(strokes, np.random.default_rng(1))
    for before, after in zip(copies, strokes, strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_sign_stays_itself():
    """With the defaults a minus never turns into a slash and an equals sign keeps its two bars."""
    line = np.stack([np.linspace(0, 1, 20), np.zeros(20)], axis=1).astype(np.float32)
    row = [line, line + np.float32([0, 0.3]), line + np.float32([10, 0])]
    rng = np.random.default_rng(5)
    for _ in range(300):
        upper, lower, _ = distort(row, rng)
        for bar in (upper, lower):
            direction = bar[-1] - bar[0]
            assert abs(direction[1]) < 0.5 * direction[0]
        assert lower[:, 1].mean() > upper[:, 1].mean() + 0.05


def test_one_point_and_many():
    dot = distort([np.float32([[2, 3]])], np.random.default_rng(0))
    assert dot[0].shape == (1, 2)
    assert_close(dot[0], [[2, 3]], "int8")
    long = distort([np.float32(np.ones((50_000, 2)))], np.random.default_rng(0))
    assert np.isfinite(long[0]).all()


def test_fast_enough_to_do_it_anew_in_every_epoch():
    strokes, rng = ink(np.random.default_rng(0)), np.random.default_rng(1)
    best = float("inf")
    for _ in range(20):                  # the fastest of several: other work shares the machine
        start = time.perf_counter()
        for _ in range(10):
            distort(strokes, rng)
        best = min(best, (time.perf_counter() - start) / 10)
    assert best < 1.5e-3, f"{1e3 * best:.2f} ms; measured 0.2 ms on a quiet core"
