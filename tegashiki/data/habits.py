r"""How writers place signs, as numbers drawn from what was measured on their ink.

    habits = measured(lines.rule(examples))
    log_ratio, rise, gap = habits.draw("^ mid", writer, dice)      # a superscript, in x-heights

A habit is a short vector of lengths (in x-heights of the row, y down) and logarithms of ratios
under a key: how far a superscript stands above the baseline, how much a bar overhangs. For each
key and writer the mean is shrunk towards the mean of all by the number of measurements,

    mean_w = (n_w * average_w + K * average) / (n_w + K),

and a draw is that mean plus the deviation that some real measurement had from its own writer's
mean, all components together. So writers keep their manner, and every draw is as irregular as
handwriting is, however it is distributed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from tegashiki.errors import TegashikiError

PULL = 8.0             # K above: so many measurements weigh as much as what all writers do
TRIM = 0.01            # share at either end that is a slip of the pen or of the alignment
FEWEST = 12            # measurements; a key with fewer falls back

Vector = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Habit:
    """One key: the mean of all, of each writer, and the pool of deviations."""

    mean: Vector
    by_writer: dict[str, Vector]
    deviations: list[Vector]

    @property
    def spread(self) -> Vector:
        """Standard deviation of the pool."""
        return tuple(np.std(np.array(self.deviations), axis=0).tolist())


class Habits:
    """All keys, with fallbacks; `draw` is the only thing that layout needs."""

    def __init__(self, habits: dict[str, Habit], fallback: dict[str, str] | None = None) -> None:
        self.habits = habits
        self.fallback = fallback or {}
        self._found: dict[str, Habit] = {}

    def find(self, key: str) -> Habit:
        """The habit of a key, or of the nearest key that was measured often enough."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self.habits[self._nearest(key)]
        return found

    def draw(self, key: str, writer: str, dice: Callable[[], float]) -> Vector:
        """One vector; `dice()` is uniform in [0, 1)."""
        habit = self._found.get(key) or self.find(key)
        mean = habit.by_writer.get(writer, habit.mean)
        deviation = habit.deviations[int(dice() * len(habit.deviations))]
        return tuple([m + d for m, d in zip(mean, deviation, strict=True)])

    def mean(self, key: str, writer: str) -> Vector:
        """The writer's mean: shares, where the measurements are vectors of 0s and 1s."""
        habit = self._found.get(key) or self.find(key)
        return habit.by_writer.get(writer, habit.mean)

    def _nearest(self, key: str) -> str:
        name, _, detail = key.partition(" ")
        options = [key, self.fallback.get(key, "")]
        # "gap xy" falls back to the mean over what follows, then over what comes before, then all.
        options += [f"{name} {detail[:-1]}?", f"{name} ?{detail[-1:]}", f"{name} ?"]
        for option in options:
            if option in self.habits:
                return option
        raise TegashikiError(f"habits: {key!r}: never measured; measure on more examples")


def pooled(measurements: Iterable[tuple[str, str, Vector]]) -> dict[str, Habit]:
    """Habits from (key, writer, vector); keys with fewer than FEWEST vectors are left out."""
    by_key: dict[str, tuple[list[str], list[Vector]]] = {}
    for key, writer, vector in measurements:
        writers, vectors = by_key.setdefault(key, ([], []))
        writers.append(writer)
        vectors.append(vector)
    return {key: _pool(writers, np.array(vectors))
            for key, (writers, vectors) in by_key.items() if len(vectors) >= FEWEST}


def _pool(writers: list[str], vectors: np.ndarray) -> Habit:
    """Trimmed, shrunk by writer, and the deviations from that."""
    low, high = np.quantile(vectors, [TRIM, 1 - TRIM], axis=0)
    keep = ((vectors >= low) & (vectors <= high)).all(axis=1)
    counts_only = bool(np.isin(vectors, (0.0, 1.0)).all())       # there nothing is a slip
    if counts_only or keep.sum() < FEWEST:
        keep[:] = True
    vectors = vectors[keep]                                             # (measurements, k)
    names = np.array(writers)[keep]
    mean = vectors.mean(axis=0)
    order, inverse, counts = np.unique(names, return_inverse=True, return_counts=True)
    sums = np.zeros((len(order), vectors.shape[1]))
    np.add.at(sums, inverse, vectors)
    means = (sums + PULL * mean) / (counts + PULL)[:, None]             # (writers, k)
    deviations = vectors - means[inverse]
    return Habit(
        tuple(mean.tolist()),
        {name: tuple(row) for name, row in zip(order.tolist(), means.tolist(), strict=True)},
        [tuple(row) for row in deviations.tolist()],
    )
