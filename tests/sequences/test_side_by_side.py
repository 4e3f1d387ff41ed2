"""Networks trained side by side: each as if it were alone."""

import numpy as np
import pytest

from tegashiki.sequences.side_by_side import SideBySide

pytestmark = pytest.mark.training

SINE = np.sin(0.3 * np.arange(60)).astype(np.float32)
X, Y = np.lib.stride_tricks.sliding_window_view(SINE, 4)[:-1, :, None], SINE[4:, None]
ORDER = np.random.default_rng(0).permutation(56).reshape(14, 4)


def trained(seeds, epochs=30, **settings):
    nets = SideBySide(seeds, 8, **settings)
    return nets, [nets.epoch(X, Y, ORDER) for _ in range(epochs)]


def test_neighbours_change_nothing_and_the_sine_is_learned():
    together, losses = trained([0, 1], learning_rate=[0.01, 0.002])
    alone, _ = trained([1], learning_rate=0.002)
    np.testing.assert_allclose(together.answers(X)[1], alone.answers(X)[0], atol=1e-5)
    assert losses[-1][0] < losses[0][0] / 20
    assert together.alone(SINE[:4], 3).shape == (2, 3)


def test_a_carried_state_is_the_state_of_one_long_reading():
    nets = SideBySide([3], 8)
    whole = nets.answers(SINE[None, :12, None])[0, -1]
    pieces = SINE[:12].reshape(3, 4, 1)
    assert nets.answers(pieces, carried=True)[0, -1] == pytest.approx(whole, abs=1e-5)
    after = nets.state_after(pieces[:2])
    last = nets.answers(pieces[2:], carried=True, state=after)[0, -1]
    assert last == pytest.approx(whole, abs=1e-5)
