"""Ridge regression, a linear head in closed form, on the statistics of whole sequences.

    network = fit(stack, labels, classes=10)               # (n, T, 67, 3), (n,)
    outcome = cross_validate(stack, labels, signers, classes=10)

min_W |A W - Y|^2 + strength |W|^2, Y one-hot, A standardised and clipped; solved in its dual form,
W = A^T (A A^T + strength I)^-1 Y, because there are fewer sequences than features (Saunders et al.
1998). Takes a second where a training loop takes minutes.
"""

import numpy as np
from keras import ops

from tegashiki.signs.cross_validation import Outcome, leave_one_signer_out
from tegashiki.signs.frame_features import SignStatistics
from tegashiki.signs.normal_form import packed_evenly

FRAMES = 32
STRENGTH = 300.0
SHARPNESS = 8.0          # ridge's answers lie between 0 and 1; times this they serve as logits


def fit(stack: np.ndarray, labels: np.ndarray, classes: int) -> SignStatistics:
    """A network that reads statistics, solved for sequences (n, T, 67, 3) and labels (n,)."""
    network = SignStatistics(classes)
    solve(network, statistics_of(network, stack), labels, classes)
    return network


def cross_validate(stack: np.ndarray, labels: np.ndarray, signers: np.ndarray, classes: int,
                   folds: int = 0) -> Outcome:
    """Leave-one-signer-out cross-validation; there is nothing random, so one seed."""
    network = SignStatistics(classes)
    statistics = statistics_of(network, stack)

    def fit_and_read(out: np.ndarray, seed: int) -> np.ndarray:
        solve(network, statistics[~out], labels[~out], classes)
        return np.asarray(ops.log_softmax(network.read(statistics[out])))

    return leave_one_signer_out(fit_and_read, labels, signers, classes, folds)


def solve(network: SignStatistics, statistics: np.ndarray, labels: np.ndarray, classes: int,
          strength: float = STRENGTH) -> None:
    """Set the weights of `network` from statistics (n, f) of it and labels (n,)."""
    # A floor: what hardly ever changes shall not become loud.
    mean, variance = statistics.mean(axis=0), np.maximum(statistics.var(axis=0), 1e-3)
    scaled = np.clip((statistics - mean) / np.sqrt(variance), -4, 4).astype(np.float64)
    centre = scaled.mean(axis=0)
    targets = np.eye(classes)[labels]
    base_rate = targets.mean(axis=0)
    gram = (scaled - centre) @ (scaled - centre).T + strength * np.eye(len(labels))
    weights = (scaled - centre).T @ np.linalg.solve(gram, targets - base_rate)       # (f, classes)
    network.scale.set_weights([mean, variance])
    network.head.set_weights([SHARPNESS * weights, SHARPNESS * (base_rate - centre @ weights)])


def statistics_of(network: SignStatistics, stack: np.ndarray) -> np.ndarray:
    """What the network has of whole sequences: (n, T, 67, 3) -> (n, f); builds the network."""
    packed = packed_evenly(stack, FRAMES)
    network(packed[:1])
    return np.concatenate([np.asarray(network.statistics(packed[i : i + 128]))
                           for i in range(0, len(packed), 128)])
