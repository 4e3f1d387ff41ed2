"""Heads that are trained side by side are heads trained alone; the plan tells pairs apart."""

import itertools
from collections import Counter

import numpy as np
import pytest

from tegashiki.kanji.factorial import adjusted, fraction, interaction, levels_of
from tegashiki.kanji.heads import HeadConfig, Heads

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


def learnable():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 60)
    x = np.eye(3)[labels] @ rng.normal(size=(3, 8)) + rng.normal(size=(60, 8))
    order = np.stack([rng.permutation(60).reshape(4, 15) for _ in range(2)], axis=1)
    return x.astype("float32"), labels, order


def alone(seed, optimizer):
    """One such head, as anybody would write it with Keras."""
    import keras
    from keras import layers

    first, last = (keras.initializers.GlorotUniform(seed) for _ in range(2))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(5, "relu", True, first),
                              layers.BatchNormalization(), layers.Dense(3, None, True, last)])
    model.compile(keras.optimizers.get({"class_name": optimizer, "config": {
        "learning_rate": 0.03}}), keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False)  # fmt: skip
    return model


@pytest.mark.training
@pytest.mark.parametrize("optimizer", ["adam", "adamax", "adagrad", "adadelta"])
def test_heads_side_by_side_learn_as_each_alone(optimizer):
    x, labels, order = learnable()
    features = np.stack([x, -x])
    config = HeadConfig(5, normalisation=True, optimizer=optimizer, learning_rate=0.03)
    both = Heads(8, 3, config, seeds=[1, 2])
    for _ in range(3):
        both.epoch(features, labels, order)
    for place, seed in enumerate((1, 2)):
        own = alone(seed, optimizer)
        for rows in np.concatenate([order[:, place]] * 3):
            own.train_on_batch(features[place][rows], labels[rows])
        last = [weight for weight in both.model.get_weights() if weight.ndim == 3][-1]
        np.testing.assert_allclose(last[place], own.get_weights()[-2], atol=2e-4)
        right = (np.asarray(own(features[place])).argmax(-1) == labels).mean()
        assert both.right(features, labels)[place] == pytest.approx(right, abs=0.02)


@pytest.mark.training
def test_heads_learn():
    x, labels, order = learnable()
    heads = Heads(8, 3, HeadConfig(dropout=0.1, optimizer="adamax", learning_rate=0.1), [1, 2])
    for _ in range(20):
        heads.epoch(np.stack([x, x]), labels, order)
    assert (heads.right(np.stack([x, x]), labels) > 0.7).all()
