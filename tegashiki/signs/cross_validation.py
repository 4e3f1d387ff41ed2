"""Leave-one-signer-out cross-validation, one for all readers: folds, the loop, the scores.

    def fit_and_read(out, seed):                 # trains on ~out, reads out: (m, classes)
        ...
    outcome = leave_one_signer_out(fit_and_read, labels, signers, classes=10, seeds=(0, 1, 2))
    outcome.accuracies(labels)                   # one number a seed

A reader is whatever turns a signed sequence into log probabilities of words: a network, ridge, a
forest, or a blend of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.errors import TegashikiError

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Outcome:
    """Log probabilities of sequences by readers that never saw their signer."""

    log_p: np.ndarray               # float32 (seeds, n, classes)

    def accuracies(self, labels: np.ndarray) -> list[float]:
        """Share of right answers of each seed, over all sequences."""
        return [float(np.mean(one.argmax(-1) == labels)) for one in self.log_p]

    def ensemble(self) -> np.ndarray:
        """The ensemble of all seeds: the mean of their log probabilities, (n, classes)."""
        return self.log_p.mean(axis=0)


@dataclass(frozen=True)
class OverSigners:
    """Accuracy as a person meets it: every signer counts once, however often they signed."""

    each: dict[str, float]      # {signer: share of takes read}
    mean: float
    low: float                  # 95 % interval of the mean, signers drawn again with replacement
    high: float
    worst_tenth: float          # mean of the tenth of the signers that are read worst

    def text(self) -> str:
        """One line for logs."""
        return (f"{self.mean:.1%} mean of {len(self.each)} people ({self.low:.1%} to "
                f"{self.high:.1%}), worst tenth {self.worst_tenth:.1%}")


def over_signers(right: np.ndarray, signers: np.ndarray, rng: np.random.Generator,
                 draws: int = 2000) -> OverSigners:
    """Summary of right answers, bool (n,) or shares of seeds (n,), over signers (n,).

    >>> over_signers(np.array([1, 1, 0, 0, 1]), np.array(list("aaabb")), np.random.default_rng(0)
    ...              ).each
    {'a': 0.666..., 'b': 0.5}
    """
    names = np.unique(signers)
    shares = np.array([np.mean(right[signers == name]) for name in names])
    drawn = shares[rng.integers(0, len(names), (draws, len(names)))].mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    worst = np.sort(shares)[: max(round(len(names) / 10), 1)]
    return OverSigners({str(n): float(s) for n, s in zip(names, shares, strict=True)},
                       float(shares.mean()), float(low), float(high), float(worst.mean()))


def signer_folds(signers: np.ndarray, folds: int = 0) -> list[np.ndarray]:
    """Masks (n,) of the sequences that each fold leaves out; no signer is in two of them.

    `folds` 0 leaves out one signer at a time; else signers are dealt to the smallest fold, the
    biggest first. Raises TegashikiError with fewer than two signers.

    >>> [int(mask.sum()) for mask in signer_folds(np.array(list("aaabbccd")), 2)]
    [4, 4]
    """
    names, counts = np.unique(signers, return_counts=True)
    if len(names) < 2:
        raise TegashikiError("signs: one signer only, so nothing is left to train on; "
                             "give a set of several signers")
    if not 2 <= folds < len(names):
        return [signers == name for name in names]
    dealt: list[list[str]] = [[] for _ in range(folds)]
    sizes = [0] * folds
    for index in np.lexsort((names, -counts)):
        smallest = int(np.argmin(sizes))
        dealt[smallest].append(names[index])
        sizes[smallest] += counts[index]
    return [np.isin(signers, group) for group in dealt]


def leave_one_signer_out(fit_and_read: Callable[[np.ndarray, int], np.ndarray],
                         labels: np.ndarray, signers: np.ndarray, classes: int, folds: int = 0,
                         seeds: Sequence[int] = (0,), progress: Progress | None = None) -> Outcome:
    """Every sequence is read by a reader that never saw its signer.

    `fit_and_read(out, seed)` trains on the sequences where the mask `out` (n,) is False and
    returns log probabilities (m, classes) of those where it is True. It is called once a fold and
    seed, with a seed of its own for each. `folds`: see `signer_folds`.
    """
    masks = signer_folds(signers, folds)
    log_p = np.zeros((len(seeds), len(labels), classes), np.float32)
    for number, seed in enumerate(seeds):
        for fold, out in enumerate(masks):
            log_p[number, out] = fit_and_read(out, 1000 * seed + fold)
            if progress is not None:
                progress(number * len(masks) + fold + 1, len(seeds) * len(masks), "trainings")
    return Outcome(log_p)
