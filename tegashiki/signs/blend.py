"""A blend of two readers: the share of each, chosen without the signers that are read.

    log_p, shares = blended(networks, linear, labels, masks)     # (n, classes), one share a fold
    share = best_share(networks, linear, labels)               # for the file that is shipped
"""

from collections.abc import Sequence

import numpy as np

SHARES = (0.5, 0.0, 1.0, 0.25, 0.75)     # of the first reader; of equally good ones the earlier


def blended(first: np.ndarray, second: np.ndarray, labels: np.ndarray,
          masks: Sequence[np.ndarray]) -> tuple[np.ndarray, list[float]]:
    """Log probabilities (n, classes) of two readers -> of their blend, and each fold's share.

    `masks`: which sequences each fold left out when the readers were trained. The share that is
    used for a fold is the one that was best on all other folds: its own signers do not choose.

    >>> right, wrong = np.log([[0.6, 0.4]] * 4), np.log([[0.1, 0.9]] * 4)
    >>> folds = [np.array([True, True, False, False]), np.array([False, False, True, True])]
    >>> blended(right, wrong, np.zeros(4, int), folds)[1]
    [1.0, 1.0]
    """
    blend = np.zeros_like(first)
    shares = []
    for out in masks:
        share = best_share(first[~out], second[~out], labels[~out])
        blend[out] = share * first[out] + (1 - share) * second[out]
        shares.append(share)
    return blend, shares


def best_share(first: np.ndarray, second: np.ndarray, labels: np.ndarray) -> float:
    """Share of the first reader, of SHARES, with which most answers are right."""
    right = [np.mean((share * first + (1 - share) * second).argmax(-1) == labels)
             for share in SHARES]
    return SHARES[int(np.argmax(right))]
