"""Trees of scikit-learn as tables: the same answers, in Keras and as a file."""

import numpy as np
import pytest

from tegashiki.signs import geometry_forest as forest
from tegashiki.signs import kernel_ridge, normal_form
from tegashiki.signs.recognizer import SignRecognizer, export
from tests.signs.made_up import WORDS


@pytest.fixture(scope="module")
def packed(stack):
    return normal_form.packed_evenly(stack, kernel_ridge.FRAMES)


@pytest.fixture(scope="module")
def grown(signs, packed):
    features = kernel_ridge.pooled_of_packed(packed)
    return forest.grow([features, features], signs.labels(), signs.signers(), trees=12, leaf=2)


def test_the_network_answers_as_scikit_learn(grown, packed):
    features = kernel_ridge.pooled_of_packed(packed)
    told = np.asarray(forest.GeometryForest(forest.tables_of(grown))(packed))
    # Shares are stored in fifteenths, thresholds in 4,096ths.
    shares = grown.predict_proba(features) + forest.DOUBT
    np.testing.assert_allclose(np.exp(told), shares, atol=0.05)


def test_strangers_are_recognised(signs, packed):
    features, labels, signers = (kernel_ridge.pooled_of_packed(packed), signs.labels(),
                                 signs.signers())
    out = signers == np.unique(signers)[0]
    grown = forest.grow([features[~out]], labels[~out], signers[~out], trees=40, leaf=2)
    assert np.mean(grown.predict(features[out]) == labels[out]) > 0.6


def test_tables_are_walked_by_hand(grown, packed):
    tables, row = forest.tables_of(grown), kernel_ridge.pooled_of_packed(packed)[5]
    total = 0
    for root in tables.root:
        at = root
        while tables.right[at]:
            beyond = row[tables.feature[at]] > tables.threshold[at] * forest.STEP
            at = root + tables.right[at] if beyond else at + 1
        total = total + tables.share[tables.feature[at]] / forest.PARTS
    told = forest.GeometryForest(tables).read(row[None])
    np.testing.assert_allclose(np.exp(told)[0] - forest.DOUBT, total / len(tables.root), atol=1e-5)


@pytest.mark.training
def test_the_file_answers_as_the_network(grown, packed, tmp_path):
    network = forest.GeometryForest(forest.tables_of(grown), sharpness=1.5)
    told = export([network], WORDS, tmp_path, packed, half=True)
    assert told["agreement"] == 1 and told["megabytes"] < 0.1
    assert SignRecognizer.load(tmp_path).run(packed[0]).shape == (len(WORDS),)
