"""A linear head in closed form: ridge regression on what a network says of whole sequences.

    network = fit(stack, labels, classes=10)               # (n, T, 67, 3), (n,)
    outcome = leave_signers_out(stack, labels, signers, classes=10)

min_W |A W - Y|^2 + strength |W|^2, Y one-hot, A standardised and clipped; solved in its dual form,
W = A^T (A A^T + strength I)^-1 Y, because there are fewer sequences than features (Saunders et al.
1998). Takes a second where a training loop takes minutes.
"""

import numpy as np
from keras import ops

from tegashiki.signs.cross_validation import Outcome, by_signer, packed_evenly
from tegashiki.signs.frame_features import SignStatistics

FRAMES = 32
STRENGTH = 300.0
SHARPNESS = 8.0          # ridge's answers lie between 0 and 1; times this they serve as logits


def fit(stack: np.ndarray, labels: np.ndarray, classes: int) -> SignStatistics:
    """A network that reads statistics, solved for sequences (n, T, 67, 3) and labels (n,)."""
    network = SignStatistics(classes)
    solve(network, statistics_of(network, stack), labels, classes)
    return network


def leave_signers_out(stack: np.ndarray, labels: np.ndarray, signers: np.ndarray, classes: int,
                      folds: int = 0) -> Outcome:
    """As `cross_validation.leave_signers_out`; there is nothing random, so one seed."""
    network = SignStatistics(classes)
    statistics = statistics_of(network, stack)
    log_p = np.zeros((1, len(labels), classes), np.float32)
    for out in by_signer(signers, folds):
        solve(network, statistics[~out], labels[~out], classes)
        log_p[0, out] = np.asarray(ops.log_softmax(network.read(statistics[out])))
    return Outcome(log_p)


def solve(network: SignStatistics, statistics: np.ndarray, labels: np.ndarray, classes: int,
          strength: float = STRENGTH) -> None:
    """Set the weights of `network` from statistics (n, f) of it and labels (n,)."""
    # A floor: what hardly ever changes shall not become loud.
    mean, variance = statistics.mean(axis=0), np.maximum(statistics.var(axis=0), 1e-3)
    scaled = np.clip((statistics - mean) / np.sqrt(variance), -4, 4).astype(np.float64)
    centre = scaled.mean(axis=0)
    targets = np.eye(classes)[labels]
    usual = targets.mean(axis=0)
    gram = (scaled - centre) @ (scaled - centre).T + strength * np.eye(len(labels))
    weights = (scaled - centre).T @ np.linalg.solve(gram, targets - usual)       # (f, classes)
    network.scale.set_weights([mean, variance])
    network.head.set_weights([SHARPNESS * weights, SHARPNESS * (usual - centre @ weights)])


def statistics_of(network: SignStatistics, stack: np.ndarray) -> np.ndarray:
    """What the network has of whole sequences: (n, T, 67, 3) -> (n, f); builds the network."""
    packed = packed_evenly(stack, FRAMES)
    network(packed[:1])
    return np.concatenate([np.asarray(network.statistics(packed[i : i + 128]))
                           for i in range(0, len(packed), 128)])
