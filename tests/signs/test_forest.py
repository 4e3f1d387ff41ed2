"""Trees over statistics: by hand, against a walk in plain Python, and as a file."""

import numpy as np
import pytest

from tegashiki.signs import forest, ridge
from tegashiki.signs import recognizer as shipped
from tegashiki.signs.forest_network import DOUBT, NEVER, STEP, SignForest, Trees
from tegashiki.signs.normal_form import packed_evenly
from tegashiki.signs.spectrum import BANDS, rhythm
from tests.signs.made_up import WORDS


def walk(trees, row):
    """Mean shares of one row of statistics, node by node."""
    total = 0
    for at in trees.roots:
        while trees.child[at] != at:
            at = trees.child[at] + (row[trees.feature[at]] > trees.threshold[at] * STEP)
        total = total + trees.share[at] / 255
    return total / len(trees.roots)


def test_a_tree_by_hand():
    """x0 <= 1: first word. Else x1 <= 3: second word, else four to six."""
    thresholds = [1 / STEP, NEVER, 3 / STEP, NEVER, NEVER]
    trees = Trees(np.int32([0]), np.int16([0, 0, 1, 0, 0]), np.int16(thresholds),
                  np.int32([1, 1, 3, 3, 4]),
                  np.uint8([[0, 0], [255, 0], [0, 0], [0, 255], [102, 153]]))
    assert trees.depth() == 2
    given = np.float32([[1, 4], [2, 3], [1.5, 3.1]])
    shares = np.exp(np.asarray(SignForest(trees).read(given))) - DOUBT
    np.testing.assert_allclose(shares, [[1, 0], [0, 1], [0.4, 0.6]], atol=1e-6)


def test_what_separates_is_found_and_leaves_are_full():
    rng = np.random.default_rng(0)
    given = rng.normal(size=(60, 9)).clip(-4, 4).astype(np.float32)
    labels = (given[:, 4] > 0.2).astype(int)
    trees = forest.grow(given, labels, np.ones(60), 2, trees=30, seed=1)
    answers = [int(np.argmax(walk(trees, row))) for row in given]
    assert np.mean(answers == labels) > 0.95
    for at, child in enumerate(trees.child):
        if child != at:
            assert child > at and trees.threshold[at] < NEVER
        else:
            assert trees.threshold[at] == NEVER and abs(int(trees.share[at].sum()) - 255) <= 1
    read = np.asarray(SignForest(trees).read(given))
    np.testing.assert_allclose(
        np.exp(read) - DOUBT, [walk(trees, row) for row in given], atol=1e-5)


def test_the_same_seed_grows_the_same_trees():
    rng = np.random.default_rng(2)
    given, labels = rng.normal(size=(30, 6)).astype(np.float32), rng.integers(0, 3, 30)
    one, same, other = (forest.grow(given, labels, np.ones(30), 3, 5, seed) for seed in (4, 4, 5))
    assert all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(same).values(),
                                                    strict=True))
    assert not np.array_equal(one.threshold, other.threshold)


class Given:
    """In the place of `Describe`: (b, T, 2 f), features and whether each was seen."""

    def with_presence(self, packed):
        half = packed.shape[-1] // 2
        return packed[..., :half], packed[..., half:]


def shares_of(values, seen=None):
    """Relative spectrum of signals (T, f): (bands, f)."""
    seen = np.ones_like(values) if seen is None else seen
    given = np.concatenate([values, seen], axis=-1)[None].astype(np.float32)
    return np.asarray(rhythm(Given(), given)).reshape(len(BANDS), -1)


def test_cycles_are_counted_whatever_their_size():
    time = np.arange(32)[:, None] / 32
    three, eight = (np.sin(2 * np.pi * cycles * time) for cycles in (3, 8))
    small, large = shares_of(0.3 * three)[:, 0], shares_of(3 * three)[:, 0]
    assert small.argmax() == large.argmax() == 2 and large[2] > 0.75
    np.testing.assert_allclose(small, large, atol=0.02)
    assert shares_of(eight)[:, 0].argmax() == 5
    np.testing.assert_allclose((shares_of(three + eight) ** 2).sum(axis=0), 1, atol=0.01)


def test_place_drift_trembling_and_the_unseen_have_no_rhythm():
    time = np.arange(32)[:, None] / 32
    wave = np.sin(2 * np.pi * 3 * time)
    assert shares_of(2 + 0 * wave).max() < 1e-3 and shares_of(2 - 3 * time).max() < 1e-3
    assert shares_of(0.004 * wave).max() < 0.1
    assert shares_of(wave, seen=0 * wave).max() < 1e-3
    np.testing.assert_allclose(shares_of(wave + 2 - 3 * time), shares_of(wave), atol=0.01)


def test_with_rhythm_the_trees_ask_more(stack):
    plain, more = forest.features_of(stack), forest.features_of(stack, counts_cycles=True)
    assert more.shape[1] == 2 * plain.shape[1]     # six bands beside six statistics
    assert np.array_equal(more[:, : plain.shape[1]], plain)
    assert 0 <= more[:, plain.shape[1] :].min() and more[:, plain.shape[1] :].max() <= 1


def test_strangers_are_recognised_and_a_signer_s_own_takes_are_not_seen(stack, signs):
    labels, signers = signs.labels(), signs.signers()
    told = forest.cross_validate(stack, labels, signers, len(WORDS), trees=30)
    assert told.accuracies(labels)[0] > 0.7
    # What the signer who is left out really signed makes no difference to what is said of them.
    first = signers == np.unique(signers)[0]
    lied = labels.copy()
    lied[first] = (lied[first] + 1) % len(WORDS)
    again = forest.cross_validate(stack, lied, signers, len(WORDS), trees=30)
    assert np.array_equal(told.log_p[0, first], again.log_p[0, first])


@pytest.mark.training
@pytest.mark.parametrize("counts_cycles", [False, True], ids=["statistics", "rhythm"])
def test_the_file_answers_as_keras(tmp_path, stack, signs, counts_cycles):
    network = forest.fit(stack, signs.labels(), signs.signers(), len(WORDS),
                         counts_cycles=counts_cycles)
    packed = packed_evenly(stack, ridge.FRAMES)
    figures = shipped.export([network], WORDS, tmp_path, packed)
    assert figures["agreement"] == 1.0 and figures["difference"] < 1e-3
    assert figures["megabytes"] < 1
    recognizer = shipped.SignRecognizer.load(tmp_path)
    best = [recognizer.candidates(s.points)[0].word for s in signs.sequences]
    assert np.mean([WORDS[label] == word
                    for label, word in zip(signs.labels(), best, strict=True)]) > 0.9
