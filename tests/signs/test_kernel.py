"""Geometry that cameras do not change, kernel ridge against scikit-learn, and its small network."""

import keras
import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from tegashiki.errors import TegashikiError
from tegashiki.signs import kernel_ridge, landmarks, normal_form, synthetic
from tegashiki.signs import rbf_network as rbf
from tegashiki.signs import recognizer as shipped
from tegashiki.signs.cross_validation import signer_folds
from tegashiki.signs.datasets import joined
from tegashiki.signs.forest import take_weights
from tegashiki.signs.geometry import Geometry
from tests.signs.made_up import WORDS


@pytest.fixture(scope="module")
def signs():
    return synthetic.made_up(np.random.default_rng(3), signers=5, repeats=3, words=WORDS)


@pytest.fixture(scope="module")
def features(stack):
    return kernel_ridge.pooled(stack)


def test_a_turned_hand_keeps_its_upright_shape_bends_and_distances():
    """Of each hand: shape (42), upright shape (42), direction (2), palm (1), bends, distances."""
    rng = np.random.default_rng(0)
    packed = np.concatenate([rng.normal(size=(1, 4, 67, 3)), np.ones((1, 4, 67, 1))], axis=-1)
    turned = packed.astype(np.float32)
    hand = turned[..., normal_form.RIGHT, :2]
    wrist, angle = hand[..., :1, :].copy(), np.radians(40)
    turn = np.float32([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    hand[...] = wrist + (hand - wrist) @ turn
    usual, after = (np.asarray(Geometry().with_presence(p.astype(np.float32))[0])
                    for p in (packed, turned))
    one_hand = 42 + 42 + 2 + 1 + 15 + 10 + 5 + 5 + 10 + 5 + 1 + 1
    start = 14 + one_hand
    same = slice(start + 42, start + 84), slice(start + 86, start + 86 + 1 + 15 + 10 + 5 + 5)
    for part in same:
        np.testing.assert_allclose(after[..., part], usual[..., part], atol=1e-3)
    assert np.abs(after - usual)[..., start : start + 42].max() > 0.1


def test_what_is_not_seen_is_nothing_and_no_nan():
    features, seen = Geometry(velocity=False).with_presence(np.zeros((1, 8, 67, 4), np.float32))
    assert not np.asarray(seen)[..., :14].any() and np.isfinite(np.asarray(features)).all()


def test_a_signer_left_out_in_closed_form_is_a_signer_never_trained_on(features, signs):
    labels, signers = signs.labels(), signs.signers()
    rows, weights = kernel_ridge.standardised(features), take_weights(labels, signers)
    targets = np.eye(3)[labels] - 1 / 3
    gram = kernel_ridge.kernel(rows, rows)
    masks = signer_folds(signers)
    given = kernel_ridge.left_out(gram, targets, weights, masks, strength=0.1)
    for out in masks:
        # scikit-learn weighs rows by the root on both sides, which is the same penalty.
        ridge = KernelRidge(alpha=0.1, kernel="precomputed")
        ridge.fit(gram[~out][:, ~out].astype(float), targets[~out], sample_weight=weights[~out])
        expected = ridge.predict(gram[out][:, ~out].astype(float))
        np.testing.assert_allclose(given[out], expected, atol=1e-5)


def test_strangers_are_read_and_the_small_network_says_the_same(features, stack, signs, tmp_path):
    labels, signers = signs.labels(), signs.signers()
    outcome = kernel_ridge.cross_validate(features, labels, signers, 3)
    assert outcome.accuracies(labels)[0] > 0.8
    fitted = rbf.fit([features], labels, signers, 3, rbf.RbfConfig(components=12, centres=30))
    said = rbf.read(fitted, features)
    network = rbf.RbfNetwork(fitted)
    packed = normal_form.packed_evenly(stack, kernel_ridge.FRAMES)
    np.testing.assert_allclose(
        np.asarray(keras.ops.log_softmax(network(packed))), said, atol=1e-2)
    figures = shipped.export([network], WORDS, tmp_path, packed[::3], half=True)
    assert figures["agreement"] == 1 and figures["difference"] < 0.1


def test_a_constant_feature_and_fewer_rows_than_centres_do_no_harm(features, signs):
    flat = np.concatenate([features, np.ones((len(features), 1), np.float32)], axis=1)
    fitted = rbf.fit([flat], signs.labels(), signs.signers(), 3, rbf.RbfConfig())
    assert np.isfinite(rbf.read(fitted, flat)).all() and len(fitted.centres) == len(flat)


def test_sets_are_joined_only_where_their_words_agree(signs):
    extra = landmarks.Signs([landmarks.Sequence("901_extra/1", "901_extra", 0,
                                                signs.sequences[0].points)], WORDS, [])
    both = joined([signs, extra])
    assert len(both.sequences) == len(signs.sequences) + 1
    assert set(both.signers()) == set(signs.signers())
    with pytest.raises(TegashikiError, match="different words"):
        joined([signs, landmarks.Signs([], ("no",), [])])
