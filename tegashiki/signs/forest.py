"""Extremely randomised trees (Geurts, Ernst & Wehenkel 2006) over the statistics of sequences.

    network = fit(stack, labels, signers, classes=10)       # (n, T, 67, 3), (n,), (n,)
    outcome = cross_validate(stack, labels, signers, classes=10)

At each node a few features are drawn, for each a threshold anywhere between the smallest and the
largest value there, and the best of these splits is taken: trees that differ much and overfit
little. Grown in seconds.
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.signs.cross_validation import Outcome, leave_one_signer_out
from tegashiki.signs.forest_network import NEVER, STEP, SignForest, Trees, forest_features
from tegashiki.signs.frame_features import Describe
from tegashiki.signs.normal_form import packed_evenly
from tegashiki.signs.ridge import FRAMES

TREES = 200
LEAF = 3                 # sequences that a leaf holds at least


def fit(stack: np.ndarray, labels: np.ndarray, signers: np.ndarray, classes: int,
        trees: int = TREES, seed: int = 0, counts_cycles: bool = False) -> SignForest:
    """A network that asks trees, grown for sequences (n, T, 67, 3) and labels (n,)."""
    features = features_of(stack, counts_cycles)
    grown = grow(features, labels, take_weights(labels, signers), classes, trees, seed)
    return SignForest(grown, counts_cycles)


def cross_validate(stack: np.ndarray, labels: np.ndarray, signers: np.ndarray, classes: int,
                   folds: int = 0, trees: int = TREES, seeds: Sequence[int] = (0,),
                   counts_cycles: bool = False) -> Outcome:
    """Leave-one-signer-out cross-validation, a forest for each fold and seed."""
    features = features_of(stack, counts_cycles)

    def fit_and_read(out: np.ndarray, seed: int) -> np.ndarray:
        weights = take_weights(labels[~out], signers[~out])
        forest = SignForest(grow(features[~out], labels[~out], weights, classes, trees, seed))
        return np.asarray(forest.read(features[out]))

    return leave_one_signer_out(fit_and_read, labels, signers, classes, folds, seeds)


def features_of(stack: np.ndarray, counts_cycles: bool = False) -> np.ndarray:
    """What the trees compare, of whole sequences: (n, T, 67, 3) -> (n, f)."""
    describe, packed = Describe(velocity=False), packed_evenly(stack, FRAMES)
    return np.concatenate([np.asarray(forest_features(describe, packed[i : i + 128], counts_cycles))
                           for i in range(0, len(packed), 128)])


def take_weights(labels: np.ndarray, signers: np.ndarray) -> np.ndarray:
    """How much each sequence counts, (n,): one over the root of how often its signer signed it.

    Sixteen takes of one person's sign tell more than two, but not eight times as much.

    >>> take_weights(np.array([0, 0, 0, 0, 1]), np.array(list("aaaab"))).tolist()
    [0.5, 0.5, 0.5, 0.5, 1.0]
    """
    _, cell, count = np.unique([f"{s} {w}" for s, w in zip(signers, labels, strict=True)],
                               return_inverse=True, return_counts=True)
    return count[cell] ** -0.5


def grow(features: np.ndarray, labels: np.ndarray, weights: np.ndarray, classes: int, trees: int,
         seed: int) -> Trees:
    """Trees for statistics (n, f), labels (n,) and the weight of each (n,)."""
    rng = np.random.default_rng(seed)
    features = features.astype(np.float32)
    targets = np.eye(classes)[labels] * weights[:, None]
    nodes: list[list] = []        # feature, threshold, child, shares
    roots = []
    for _ in range(trees):
        roots.append(len(nodes))
        _grow_one(nodes, features, targets, rng)
    feature, threshold, child, share = zip(*nodes, strict=True)
    return Trees(np.array(roots, np.int32), np.array(feature, np.int16),
                 np.array(threshold, np.int16), np.array(child, np.int32),
                 np.round(255 * np.array(share)).astype(np.uint8))


def _grow_one(nodes: list[list], features: np.ndarray, targets: np.ndarray,
              rng: np.random.Generator) -> None:
    """Add one tree, its root first."""
    nodes.append([])
    waiting = [(len(nodes) - 1, np.arange(len(features)))]
    while waiting:
        at, rows = waiting.pop()
        total = targets[rows].sum(axis=0)
        split = _split(features[rows], targets[rows], rng)
        if split is None:
            nodes[at] = [0, NEVER, at, total / total.sum()]
            continue
        feature, threshold = split
        nodes[at] = [feature, threshold, len(nodes), total / total.sum()]
        left = features[rows, feature] <= threshold * STEP
        waiting += [(len(nodes), rows[left]), (len(nodes) + 1, rows[~left])]
        nodes += [[], []]


def _split(features: np.ndarray, targets: np.ndarray, rng: np.random.Generator,
           ) -> tuple[int, int] | None:
    """The best of a few random splits (feature, threshold in STEPs), by Gini; None at a leaf."""
    total = targets.sum(axis=0)
    if len(features) < 2 * LEAF or np.count_nonzero(total) < 2:
        return None
    drawn = rng.choice(features.shape[1], max(int(features.shape[1] ** 0.5), 1), replace=False)
    values = features[:, drawn]
    low, high = values.min(axis=0), values.max(axis=0)
    thresholds = np.floor((low + rng.random(len(drawn)) * (high - low)) / STEP)
    thresholds = thresholds.clip(-NEVER, NEVER - 1).astype(int)
    left = values <= thresholds * STEP
    size = left.sum(axis=0)
    here = left.T @ targets                                               # (drawn, classes)
    there = total - here
    purity = sum((part ** 2).sum(axis=1) / np.maximum(part.sum(axis=1), 1e-9)
                 for part in (here, there))
    purity[(size < LEAF) | (len(features) - size < LEAF)] = -1.0
    best = int(np.argmax(purity))
    return (int(drawn[best]), int(thresholds[best])) if purity[best] >= 0 else None
