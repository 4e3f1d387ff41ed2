r"""How writers place symbols, as numbers drawn from what was measured on their ink.

    statistics = measure_layout(estimate_lines(examples))
    sampler = statistics.sampler(writer, random)             # of one writer, in one formula
    log_ratio, drop, gap = sampler.draw("^ mid")      # of a superscript, in x-heights

A statistic is a short vector of lengths (in x-heights of the row, y down) and logarithms of ratios
under a key: how far a superscript stands above the baseline, how much a bar overhangs. It is taken
apart into three levels, and a draw puts them together again:

    measurement = writer effect: the writer's mean      shrunk: (n_w * average_w + K * average)
                                                       / (n_w + K), so that few count little
                + formula effect                       of all gaps, or all scripts, of one formula:
                                                       some are written wide, some narrow
                + residual                             all components of one real measurement

So writers keep their ways, a formula is even in itself, and every draw is as irregular as
handwriting is, however it is distributed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tegashiki.synthesis.layout_priors import ORDER_PRIORS, PRIORS

SHRINKAGE = 8.0             # K above: so many measurements weigh as much as what all writers do
FORMULA_SHRINKAGE = 2.0        # the same for the effect of a formula
WITH_FORMULA_EFFECT = ("gap", "^", "_")
TRIM = 0.02            # share at either end that is a slip of the pen or of the alignment
FEWEST = 12            # measurements; a key with fewer falls back

Vector = tuple[float, ...]
Measurement = tuple[str, str, int, Vector]        # key, writer, number of the formula, what


@dataclass(frozen=True, eq=False)
class KeyStatistics:
    """One key: the mean of all, of each writer, and the pool of what is left."""

    mean: Vector
    writer_means: dict[str, Vector]
    residuals: list[Vector]


class LayoutStatistics:
    """All keys with their fallbacks; `sampler` is what layout asks for."""

    def __init__(self, statistics: dict[str, KeyStatistics],
                 formula_effects: dict[str, list[Vector]]) -> None:
        self.statistics = statistics
        self.formula_effects = formula_effects                            # family -> pool
        self._known: dict[str, dict[str, tuple[Vector, list[Vector], str]]] = {}

    def find(self, key: str) -> KeyStatistics:
        """The statistic of a key, or of the nearest key that was measured often enough.

        "gap xy" falls back to "gap x?", "gap ?y" and "gap ?", any other "name detail" to "name ?";
        where nothing was measured, to what is typical. Raises KeyError for a key nobody knows.
        """
        name, _, detail = key.partition(" ")
        options = (key, f"{name} {detail[:-1]}?", f"{name} ?{detail[-1:]}", f"{name} ?")
        for option in options:
            if option in self.statistics:
                return self.statistics[option]
        if key in ORDER_PRIORS:
            return KeyStatistics(ORDER_PRIORS[key], {}, [])
        found = next((option for option in options if option in PRIORS), None)
        if found is None:
            raise KeyError(f"{key!r} is no statistic of layout")
        return _prior(found)

    def sampler(self, writer: str, random: Callable[[], float]) -> "LayoutSampler":
        """How this writer writes today; `random()` is uniform in [0, 1)."""
        effects = {family: pool[int(random() * len(pool))]
                   for family, pool in self.formula_effects.items()}
        return LayoutSampler(self, writer, effects, random, self._known.setdefault(writer, {}))

    def mean(self, key: str, writer: str) -> Vector:
        """The writer's mean: shares, where the measurements are vectors of 0s and 1s."""
        statistic = self.find(key)
        return statistic.writer_means.get(writer, statistic.mean)


class LayoutSampler:
    """One writer in one formula: draws statistics with the formula's effect."""

    __slots__ = ("_known", "_random", "formula_effects", "statistics", "writer")

    def __init__(self, statistics: LayoutStatistics, writer: str,
                 formula_effects: dict[str, Vector], random: Callable[[], float],
                 known: dict[str, tuple[Vector, list[Vector], str]]) -> None:
        self.statistics, self.writer, self.formula_effects = statistics, writer, formula_effects
        self._random = random
        self._known = known                  # found keys, shared by all formulas of the writer

    def draw(self, key: str) -> list[float]:
        """One vector."""
        mean, pool, family = self._known.get(key) or self._find(key)
        residuals = pool[int(self._random() * len(pool))]
        if family:
            effect = self.formula_effects[family]
            return [m + d + r for m, d, r in zip(mean, effect, residuals, strict=True)]
        return [m + r for m, r in zip(mean, residuals, strict=True)]

    def mean(self, key: str) -> Vector:
        """As `LayoutStatistics.mean`."""
        return (self._known.get(key) or self._find(key))[0]

    def _find(self, key: str) -> tuple[Vector, list[Vector], str]:
        statistic = self.statistics.find(key)
        family = key.split(" ")[0]
        mean = statistic.writer_means.get(self.writer, statistic.mean)
        found = self._known[key] = (mean, statistic.residuals,
                                    family if family in self.statistics.formula_effects else "")
        return found


def pooled(measurements: Iterable[Measurement]) -> LayoutStatistics:
    """LayoutStatistics from measurements; keys with fewer than FEWEST of them are left out."""
    by_key: dict[str, list[Measurement]] = {}
    for measurement in measurements:
        by_key.setdefault(measurement[0], []).append(measurement)
    levels = {key: _levels([m[1] for m in found], np.array([m[3] for m in found]))
              for key, found in by_key.items() if len(found) >= FEWEST}
    # Over all keys: the general ones may speak of a formula that no other one measured.
    count = 1 + max((m[2] for found in by_key.values() for m in found), default=0)
    formula_effects: dict[str, list[Vector]] = {}
    shifts: dict[str, np.ndarray] = {}
    for family in WITH_FORMULA_EFFECT:
        # The general keys ("gap ?") repeat the measurements of the others and have no say.
        keys = [key for key in levels if key.split(" ")[0] == family and "?" not in key]
        if keys:
            formulas = np.concatenate([[m[2] for m in by_key[key]] for key in keys])
            residuals = np.concatenate([levels[key][2] for key in keys])
            sums = np.zeros((count, residuals.shape[1]))
            np.add.at(sums, formulas, np.nan_to_num(residuals))
            counts = np.bincount(formulas, minlength=count)[:, None]
            shifts[family] = sums / (counts + FORMULA_SHRINKAGE)
            formula_effects[family] = (_tuples(shifts[family][counts[:, 0] > 1])
                                       or [(0.0,) * residuals.shape[1]])
    statistics = {}
    for key, (mean, writer_means, residuals) in levels.items():
        shift = shifts.get(key.split(" ")[0])
        if shift is not None:
            residuals = residuals - shift[[m[2] for m in by_key[key]]]
        kept = residuals[~np.isnan(residuals[:, 0])]
        statistics[key] = KeyStatistics(mean, writer_means, _tuples(kept))
    return LayoutStatistics(statistics, formula_effects)


def _levels(writers: list[str], vectors: np.ndarray
            ) -> tuple[Vector, dict[str, Vector], np.ndarray]:
    """Mean, shrunk mean of each writer, and what is left; NaN in rows that are slips."""
    low, high = np.quantile(vectors, [TRIM, 1 - TRIM], axis=0)
    keep = ((vectors >= low) & (vectors <= high)).all(axis=1)
    counts_only = bool(np.isin(vectors, (0.0, 1.0)).all())       # there nothing is a slip
    if counts_only or keep.sum() < FEWEST:
        keep[:] = True
    mean = vectors[keep].mean(axis=0)
    names, group = np.unique(writers, return_inverse=True)
    sums = np.zeros((len(names), vectors.shape[1]))
    np.add.at(sums, group[keep], vectors[keep])
    counts = np.bincount(group[keep], minlength=len(names))[:, None]
    means = (sums + SHRINKAGE * mean) / (counts + SHRINKAGE)                      # (writers, k)
    residuals = np.where(keep[:, None], vectors - means[group], np.nan)
    return tuple(mean.tolist()), dict(zip(names.tolist(), _tuples(means), strict=True)), residuals


@lru_cache(maxsize=256)
def _prior(key: str) -> KeyStatistics:
    """A statistic of the table: normal deviations, the same ones every time."""
    mean, spread = PRIORS[key]
    rng = np.random.default_rng(0)
    if key.startswith("stacked"):                      # a share: all or nothing, no deviation
        return KeyStatistics(mean, {}, [(0.0,)])
    return KeyStatistics(mean, {}, _tuples(rng.normal(0.0, spread, (400, len(spread)))))


def _tuples(array: np.ndarray) -> list[Vector]:
    return [tuple(row) for row in array.tolist()]
