"""Heads that are trained side by side are heads trained alone; the plan tells pairs apart."""

import itertools
from collections import Counter

import numpy as np
import pytest

from tegashiki.kanji.factorial import adjusted, fraction, interaction, levels_of
from tegashiki.kanji.heads import STEPS, HeadConfig, Heads

PLAN = {"size": (32, 48, 56, 64), "optimizer": tuple("abcd"), **dict.fromkeys("ghijklm", (0, 1))}


def test_any_two_columns_are_balanced_against_any_third():
    plan = fraction(dict.fromkeys("abcdefghijk", (0, 1)))
    for names in itertools.combinations("abcdefghijk", 4):
        signs = np.array([[2 * row[c] - 1 for c in names] for row in plan])
        assert abs(signs.prod(axis=1).sum()) == 0, names  # no pair is the shadow of a pair


def test_factors_of_four_levels_meet_all_others_evenly():
    plan = fraction(PLAN)
    for a, b in itertools.combinations(PLAN, 2):
        met = Counter((row[a], row[b]) for row in plan)
        assert len(met) == len(PLAN[a]) * len(PLAN[b]) and len(set(met.values())) == 1


def test_an_interaction_is_found_beside_both_effects():
    plan = fraction(PLAN)
    results = [0.1 * (r["g"] == 1) + 0.2 * (r["size"] == 64) + 0.4 * (r["g"] and r["size"] == 64)
               for r in plan]  # fmt: skip
    assert levels_of(plan, results, "g")[1] == pytest.approx(0.1 + 0.05 + 0.1)
    assert interaction(plan, results, "g", "size")[1, 64] == pytest.approx(0.15)
    assert interaction(plan, results, "h", "size")[1, 64] == pytest.approx(0)


def test_effects_of_a_part_of_the_plan_are_those_of_the_whole():
    plan = fraction(PLAN)
    part = [plan[i] for i in np.random.default_rng(0).permutation(128)[:40]]
    results = [0.1 * row["g"] - 0.2 * (row["size"] == 32) for row in part]
    found = adjusted(part, results, PLAN)
    assert found["g"][1] - found["g"][0] == pytest.approx(0.1)
    assert found["size"][64] - found["size"][32] == pytest.approx(0.2)
    assert found["h"][1] - found["h"][0] == pytest.approx(0)


def test_too_many_columns_are_refused():
    with pytest.raises(ValueError, match="more than 11 columns"):
        fraction(dict.fromkeys("abcdef", (0, 1, 2, 3)))


@pytest.mark.training
@pytest.mark.parametrize("optimizer", STEPS)
def test_a_head_learns_as_keras_has_it(optimizer):
    import keras
    from keras import layers

    rng = np.random.default_rng(4)
    x, labels = rng.normal(size=(30, 6)).astype("float32"), rng.integers(0, 3, 30)
    head = Heads(6, 3, HeadConfig(5, normalisation=True, optimizer=optimizer, learning_rate=0.05),
                 seeds=[3])  # fmt: skip
    model = keras.Sequential([keras.Input((6,)), layers.Dense(5, "relu"),
                              layers.BatchNormalization(), layers.Dense(3)])  # fmt: skip
    first, bias, matrix, last, scale, shift = (w[0] for w in head._weights)
    model.set_weights([first, bias[0], scale[0], shift[0], np.zeros(5), np.ones(5), matrix,
                       last[0]])  # fmt: skip
    rule = {"class_name": optimizer, "config": {"learning_rate": 0.05}}
    model.compile(keras.optimizers.get(rule), keras.losses.SparseCategoricalCrossentropy(
        from_logits=True), jit_compile=False)  # fmt: skip
    order = rng.permutation(30).reshape(3, 1, 10)
    for rows in np.concatenate([order] * 4):
        model.train_on_batch(x[rows[0]], labels[rows[0]])
        head.epoch(x[None], labels, rows[None])
    np.testing.assert_allclose(head._weights[2][0], model.get_weights()[6], atol=2e-4)
    np.testing.assert_allclose(head._spread[0, 0], model.get_weights()[5], rtol=1e-3)


def test_heads_side_by_side_learn_as_each_alone():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 60)
    x = (np.eye(3)[labels] @ rng.normal(size=(3, 8)) + rng.normal(size=(60, 8))).astype("float32")
    order = np.stack([rng.permutation(60).reshape(4, 15) for _ in range(2)], axis=1)
    config = HeadConfig(hidden=5, normalisation=True, optimizer="adamax", learning_rate=0.03)
    both = Heads(8, 3, config, seeds=[1, 2])
    losses = [both.epoch(np.stack([x, x]), labels, order) for _ in range(12)]
    for place, seed in enumerate((1, 2)):
        alone = Heads(8, 3, config, seeds=[seed])
        own = [alone.epoch(x[None], labels, order[:, place : place + 1])[0] for _ in range(12)]
        np.testing.assert_allclose(own, [loss[place] for loss in losses], rtol=2e-4)
    assert (losses[-1] < 0.6 * losses[0]).all()
    assert (both.right(np.stack([x, x]), labels) > 0.6).all()
