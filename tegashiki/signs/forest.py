"""Extremely randomised trees (Geurts, Ernst & Wehenkel 2006) over the statistics of sequences.

    network = fit(stack, labels, signers, classes=10)       # (n, T, 67, 3), (n,), (n,)
    outcome = leave_signers_out(stack, labels, signers, classes=10)

At each node a few features are drawn, for each a threshold anywhere between the smallest and the
largest value there, and the best of these splits is taken: trees that differ much and overfit
little. Grown in seconds.
"""

import numpy as np

from tegashiki.signs.cross_validation import Outcome, by_signer, packed_evenly
from tegashiki.signs.forest_network import NEVER, STEP, SignForest, Trees, asked
from tegashiki.signs.frame_features import Describe
from tegashiki.signs.ridge import FRAMES

TREES = 200
LEAF = 3                 # sequences that a leaf holds at least


def fit(stack: np.ndarray, labels: np.ndarray, signers: np.ndarray, classes: int,
        trees: int = TREES, seed: int = 0, counts_cycles: bool = False) -> SignForest:
    """A network that asks trees, grown for sequences (n, T, 67, 3) and labels (n,)."""
    found = asked_of(stack, counts_cycles)
    grown = grow(found, labels, fair(labels, signers), classes, trees, seed)
    return SignForest(grown, counts_cycles)


def leave_signers_out(stack: np.ndarray, labels: np.ndarray, signers: np.ndarray, classes: int,
                      folds: int = 0, trees: int = TREES, seeds: tuple[int, ...] = (0,),
                      counts_cycles: bool = False) -> Outcome:
    """As `tegashiki.signs.cross_validation.leave_signers_out`."""
    found = asked_of(stack, counts_cycles)
    log_p = np.zeros((len(seeds), len(labels), classes), np.float32)
    for number, seed in enumerate(seeds):
        for fold, out in enumerate(by_signer(signers, folds)):
            counts = fair(labels[~out], signers[~out])
            forest = SignForest(grow(found[~out], labels[~out], counts, classes, trees,
                                     seed=1000 * seed + fold))
            log_p[number, out] = np.asarray(forest.read(found[out]))
    return Outcome(log_p)


def asked_of(stack: np.ndarray, counts_cycles: bool = False) -> np.ndarray:
    """What the trees are asked about, of whole sequences: (n, T, 67, 3) -> (n, f)."""
    describe, packed = Describe(velocity=False), packed_evenly(stack, FRAMES)
    return np.concatenate([np.asarray(asked(describe, packed[i : i + 128], counts_cycles))
                           for i in range(0, len(packed), 128)])


def fair(labels: np.ndarray, signers: np.ndarray) -> np.ndarray:
    """How much each sequence counts, (n,): one over the root of how often its signer signed it.

    Sixteen takes of one person's sign tell more than two, but not eight times as much.

    >>> fair(np.array([0, 0, 0, 0, 1]), np.array(list("aaaab"))).tolist()
    [0.5, 0.5, 0.5, 0.5, 1.0]
    """
    _, cell, count = np.unique([f"{s} {w}" for s, w in zip(signers, labels, strict=True)],
                               return_inverse=True, return_counts=True)
    return count[cell] ** -0.5


def grow(found: np.ndarray, labels: np.ndarray, counts: np.ndarray, classes: int, trees: int,
         seed: int) -> Trees:
    """Trees for statistics (n, f), labels (n,) and how much each counts (n,)."""
    rng = np.random.default_rng(seed)
    found = found.astype(np.float32)
    targets = np.eye(classes)[labels] * counts[:, None]
    nodes: list[list] = []        # feature, threshold, child, shares
    roots = []
    for _ in range(trees):
        roots.append(len(nodes))
        _grow_one(nodes, found, targets, rng)
    feature, threshold, child, share = zip(*nodes, strict=True)
    return Trees(np.array(roots, np.int32), np.array(feature, np.int16),
                 np.array(threshold, np.int16), np.array(child, np.int32),
                 np.round(255 * np.array(share)).astype(np.uint8))


def _grow_one(nodes: list[list], found: np.ndarray, targets: np.ndarray,
              rng: np.random.Generator) -> None:
    """Add one tree, its root first."""
    nodes.append([])
    waiting = [(len(nodes) - 1, np.arange(len(found)))]
    while waiting:
        at, rows = waiting.pop()
        total = targets[rows].sum(axis=0)
        split = _split(found[rows], targets[rows], rng)
        if split is None:
            nodes[at] = [0, NEVER, at, total / total.sum()]
            continue
        feature, threshold = split
        nodes[at] = [feature, threshold, len(nodes), total / total.sum()]
        left = found[rows, feature] <= threshold * STEP
        waiting += [(len(nodes), rows[left]), (len(nodes) + 1, rows[~left])]
        nodes += [[], []]


def _split(found: np.ndarray, targets: np.ndarray, rng: np.random.Generator,
           ) -> tuple[int, int] | None:
    """The best of a few random splits (feature, threshold in STEPs), by Gini; None at a leaf."""
    total = targets.sum(axis=0)
    if len(found) < 2 * LEAF or np.count_nonzero(total) < 2:
        return None
    drawn = rng.choice(found.shape[1], max(int(found.shape[1] ** 0.5), 1), replace=False)
    values = found[:, drawn]
    low, high = values.min(axis=0), values.max(axis=0)
    thresholds = np.floor((low + rng.random(len(drawn)) * (high - low)) / STEP)
    thresholds = thresholds.clip(-NEVER, NEVER - 1).astype(int)
    left = values <= thresholds * STEP
    size = left.sum(axis=0)
    here = left.T @ targets                                               # (drawn, classes)
    there = total - here
    purity = sum((part ** 2).sum(axis=1) / np.maximum(part.sum(axis=1), 1e-9)
                 for part in (here, there))
    purity[(size < LEAF) | (len(found) - size < LEAF)] = -1.0
    best = int(np.argmax(purity))
    return (int(drawn[best]), int(thresholds[best])) if purity[best] >= 0 else None
