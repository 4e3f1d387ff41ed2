"""Masked pretraining learns to fill in, and its weights are where the training begins."""

import numpy as np
import pytest

from tegashiki.signs.classifier import SignConfig
from tegashiki.signs.pretraining import _spans, pretrained
from tegashiki.signs.trainer import SignTrainer, SignTraining

pytestmark = pytest.mark.training
SIZES = SignConfig(frames=8, width=16, heads=2, dropout=0.0, convolutions=1)


def test_moments_are_taken_out_in_spans():
    gone = _spans(np.random.default_rng(0), 200, 16, 0.4, 3)
    assert gone.max(axis=1).min() == 1 and 0.3 < gone.mean() < 0.6


def test_what_is_missing_is_filled_in_better_than_by_the_mean():
    trainer = SignTrainer(SIZES, 3, SignTraining(epochs=1, batch_size=16))
    features = trainer.described(np.zeros((1, 8, 67, 4), np.float32)).shape[-1]
    rng = np.random.default_rng(1)
    time = np.linspace(0, 3, 8)[None, :, None] + rng.uniform(0, 6, (64, 1, 1))
    made = np.sin(time + rng.uniform(0, 6, (1, 1, features))).astype(np.float16)
    weights, losses = pretrained(SIZES, made, 3, epochs=25, seed=2, span=2, batch_size=32,
                                 learning_rate=0.01)  # fmt: skip
    assert losses[-1] < 0.75 < losses[0]  # 1: that of saying the mean
    network = trainer.fit(made[None], rng.integers(0, 3, 64), seed=3, start=weights)
    place = [w.path.endswith("stem/kernel") for w in network.reader.weights].index(True)
    apart = np.abs(network.reader.weights[place].numpy() - weights[place])
    assert 0 < apart.max() < 0.1
