"""Kernel ridge regression on pooled geometry, with every signer left out in closed form.

    features = pooled(stack)                                  # (n, T, 67, 3) -> (n, f)
    outcome = cross_validate(features, labels, signers, classes=10)

One inverse serves all signers. With C = (K + S)^-1, S the diagonal of strength over weight, the
answers for the rows g of a signer, from a reader that never saw them, are

    y_g - (C_gg)^-1 (C y)_g

(the block form of the leave-one-out formula; Rifkin & Lippert 2007). A hundred people cost what
one training costs. Features are standardised over all sequences, labels unseen.
"""

import numpy as np
from keras import ops
from scipy import linalg

from tegashiki.signs.cross_validation import Outcome, signer_folds
from tegashiki.signs.forest import take_weights
from tegashiki.signs.geometry import Geometry, pooled_geometry
from tegashiki.signs.normal_form import packed_evenly

FRAMES = 32
WIDTH = 0.5        # of the kernel: exp(-WIDTH d^2 / TYPICAL)
TYPICAL = 1.5      # about the median squared distance of standardised rows
STRENGTH = 0.1     # of the penalty
CLIP = 3.0         # standard deviations
FLOOR = 1e-3       # of a variance: what hardly ever changes shall not become loud
SHARPNESS = 10.0   # answers lie between 0 and 1; times this they serve as logits


def pooled(stack: np.ndarray) -> np.ndarray:
    """Pooled geometry of whole sequences: (n, T, 67, 3) -> float32 (n, f)."""
    return pooled_of_packed(packed_evenly(stack, FRAMES))


def pooled_of_packed(packed: np.ndarray) -> np.ndarray:
    """The same of (n, frames, 67, 4), as augmentation makes them."""
    describe = Geometry()
    return np.concatenate([np.asarray(pooled_geometry(describe, packed[i : i + 256]), np.float32)
                           for i in range(0, len(packed), 256)])


def standardised(features: np.ndarray, mean: np.ndarray | None = None,
                 variance: np.ndarray | None = None) -> np.ndarray:
    """Each feature with mean 0 and variance 1, clipped; rows of length about 1: (n, f).

    `mean` and `variance` (f,): of other rows, where these shall not count.
    """
    mean = features.mean(axis=0) if mean is None else mean
    variance = features.var(axis=0) if variance is None else variance
    scaled = np.clip((features - mean) / np.sqrt(np.maximum(variance, FLOOR)), -CLIP, CLIP)
    return (scaled / np.sqrt(features.shape[1])).astype(np.float32)


def kernel(first: np.ndarray, second: np.ndarray, width: float = WIDTH) -> np.ndarray:
    """Gaussian kernel of standardised rows (n, f) and (m, f): (n, m); 1 for equal rows."""
    squares = (first ** 2).sum(1)[:, None] + (second ** 2).sum(1)[None] - 2 * first @ second.T
    return np.exp(-width * np.maximum(squares, 0) / TYPICAL)


def cross_validate(features: np.ndarray, labels: np.ndarray, signers: np.ndarray, classes: int,
                   width: float = WIDTH, strength: float = STRENGTH) -> Outcome:
    """Leave-one-signer-out cross-validation, each signer on their own."""
    rows = standardised(features)
    answers = left_out(kernel(rows, rows, width), np.eye(classes)[labels] - 1 / classes,
                       take_weights(labels, signers), signer_folds(signers), strength)
    return Outcome(np.asarray(ops.log_softmax(SHARPNESS * answers))[None].astype(np.float32))


def left_out(gram: np.ndarray, targets: np.ndarray, weights: np.ndarray,
             masks: list[np.ndarray], strength: float) -> np.ndarray:
    """Answers (n, classes) for each mask's rows by ridge that was solved without them.

    `gram` (n, n) of all rows, `targets` (n, classes), `weights` (n,) of rows.
    """
    damped = gram.astype(np.float64)
    damped[np.diag_indices(len(gram))] += strength / weights
    factor = linalg.cholesky(damped, lower=True, overwrite_a=True, check_finite=False)
    lower = np.tril(linalg.lapack.dpotri(factor, lower=True)[0])
    inverse = lower + np.tril(lower, -1).T
    dual = inverse @ targets
    answers = np.zeros_like(targets)
    for out in masks:
        rows = np.flatnonzero(out)
        block = inverse[np.ix_(rows, rows)]
        answers[rows] = targets[rows] - np.linalg.solve(block, dual[rows])
    return answers
