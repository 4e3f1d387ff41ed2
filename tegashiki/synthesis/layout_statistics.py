r"""How writers place signs, as numbers drawn from what was measured on their ink.

    habits = measured(ruling.rule(examples))
    manner = habits.manner(writer, dice)             # of one writer, in one formula
    log_ratio, drop, gap = manner.draw("^ mid")      # of a superscript, in x-heights

A habit is a short vector of lengths (in x-heights of the row, y down) and logarithms of ratios
under a key: how far a superscript stands above the baseline, how much a bar overhangs. It is taken
apart into three levels, and a draw puts them together again:

    measurement = mean of the key for this writer      shrunk: (n_w * average_w + K * average)
                                                       / (n_w + K), so that few count little
                + mood of the formula                  of all gaps, or all scripts, of one formula:
                                                       some are written wide, some narrow
                + what is left                         all components of one real measurement

So writers keep their manner, a formula is even in itself, and every draw is as irregular as
handwriting is, however it is distributed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tegashiki.synthesis.layout_priors import DEFAULT_SHARES, TYPICAL

PULL = 8.0             # K above: so many measurements weigh as much as what all writers do
PULL_MOOD = 2.0        # the same for the mood of a formula
MOODS = ("gap", "^", "_")
TRIM = 0.02            # share at either end that is a slip of the pen or of the alignment
FEWEST = 12            # measurements; a key with fewer falls back

Vector = tuple[float, ...]
Measurement = tuple[str, str, int, Vector]        # key, writer, number of the formula, what


@dataclass(frozen=True, eq=False)
class Habit:
    """One key: the mean of all, of each writer, and the pool of what is left."""

    mean: Vector
    by_writer: dict[str, Vector]
    rest: list[Vector]


class Habits:
    """All keys with their fallbacks; `manner` is what layout asks for."""

    def __init__(self, habits: dict[str, Habit], moods: dict[str, list[Vector]]) -> None:
        self.habits = habits
        self.moods = moods                            # family -> pool
        self._known: dict[str, dict[str, tuple[Vector, list[Vector], str]]] = {}

    def find(self, key: str) -> Habit:
        """The habit of a key, or of the nearest key that was measured often enough.

        "gap xy" falls back to "gap x?", "gap ?y" and "gap ?", any other "name detail" to "name ?";
        where nothing was measured, to what is typical. Raises KeyError for a key nobody knows.
        """
        name, _, detail = key.partition(" ")
        options = (key, f"{name} {detail[:-1]}?", f"{name} ?{detail[-1:]}", f"{name} ?")
        for option in options:
            if option in self.habits:
                return self.habits[option]
        if key in DEFAULT_SHARES:
            return Habit(DEFAULT_SHARES[key], {}, [])
        found = next((option for option in options if option in TYPICAL), None)
        if found is None:
            raise KeyError(f"{key!r} is no habit")
        return _typical(found)

    def manner(self, writer: str, dice: Callable[[], float]) -> "Manner":
        """How this writer writes today; `dice()` is uniform in [0, 1)."""
        moods = {family: pool[int(dice() * len(pool))] for family, pool in self.moods.items()}
        return Manner(self, writer, moods, dice, self._known.setdefault(writer, {}))

    def mean(self, key: str, writer: str) -> Vector:
        """The writer's mean: shares, where the measurements are vectors of 0s and 1s."""
        habit = self.find(key)
        return habit.by_writer.get(writer, habit.mean)


class Manner:
    """One writer in one formula: draws habits with the formula's mood."""

    __slots__ = ("_dice", "_known", "habits", "moods", "writer")

    def __init__(self, habits: Habits, writer: str, moods: dict[str, Vector],
                 dice: Callable[[], float],
                 known: dict[str, tuple[Vector, list[Vector], str]]) -> None:
        self.habits, self.writer, self.moods = habits, writer, moods
        self._dice = dice
        self._known = known                  # found keys, shared by all formulas of the writer

    def draw(self, key: str) -> list[float]:
        """One vector."""
        mean, pool, family = self._known.get(key) or self._find(key)
        rest = pool[int(self._dice() * len(pool))]
        if family:
            mood = self.moods[family]
            return [m + d + r for m, d, r in zip(mean, mood, rest, strict=True)]
        return [m + r for m, r in zip(mean, rest, strict=True)]

    def mean(self, key: str) -> Vector:
        """As `Habits.mean`."""
        return (self._known.get(key) or self._find(key))[0]

    def _find(self, key: str) -> tuple[Vector, list[Vector], str]:
        habit = self.habits.find(key)
        family = key.split(" ")[0]
        found = self._known[key] = (habit.by_writer.get(self.writer, habit.mean), habit.rest,
                                    family if family in self.habits.moods else "")
        return found


def pooled(measurements: Iterable[Measurement]) -> Habits:
    """Habits from measurements; keys with fewer than FEWEST of them are left out."""
    by_key: dict[str, list[Measurement]] = {}
    for measurement in measurements:
        by_key.setdefault(measurement[0], []).append(measurement)
    levels = {key: _levels([m[1] for m in found], np.array([m[3] for m in found]))
              for key, found in by_key.items() if len(found) >= FEWEST}
    # Over all keys: the general ones may speak of a formula that no other one measured.
    count = 1 + max((m[2] for found in by_key.values() for m in found), default=0)
    moods: dict[str, list[Vector]] = {}
    shifts: dict[str, np.ndarray] = {}
    for family in MOODS:
        # The general keys ("gap ?") repeat the measurements of the others and have no say.
        keys = [key for key in levels if key.split(" ")[0] == family and "?" not in key]
        if keys:
            formulas = np.concatenate([[m[2] for m in by_key[key]] for key in keys])
            rest = np.concatenate([levels[key][2] for key in keys])
            sums = np.zeros((count, rest.shape[1]))
            np.add.at(sums, formulas, np.nan_to_num(rest))
            counts = np.bincount(formulas, minlength=count)[:, None]
            shifts[family] = sums / (counts + PULL_MOOD)
            moods[family] = _tuples(shifts[family][counts[:, 0] > 1]) or [(0.0,) * rest.shape[1]]
    habits = {}
    for key, (mean, by_writer, rest) in levels.items():
        shift = shifts.get(key.split(" ")[0])
        if shift is not None:
            rest = rest - shift[[m[2] for m in by_key[key]]]
        habits[key] = Habit(mean, by_writer, _tuples(rest[~np.isnan(rest[:, 0])]))
    return Habits(habits, moods)


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
    means = (sums + PULL * mean) / (counts + PULL)                      # (writers, k)
    rest = np.where(keep[:, None], vectors - means[group], np.nan)
    return tuple(mean.tolist()), dict(zip(names.tolist(), _tuples(means), strict=True)), rest


@lru_cache(maxsize=256)
def _typical(key: str) -> Habit:
    """A habit of the table: normal deviations, the same ones every time."""
    mean, spread = TYPICAL[key]
    rng = np.random.default_rng(0)
    if key.startswith("stacked"):                      # a share: all or nothing, no deviation
        return Habit(mean, {}, [(0.0,)])
    return Habit(mean, {}, _tuples(rng.normal(0.0, spread, (400, len(spread)))))


def _tuples(array: np.ndarray) -> list[Vector]:
    return [tuple(row) for row in array.tolist()]
