"""How far apart runs lie that differ in nothing but their seed: what a re-run may differ by.

    band = measure([run_of_seed_0, run_of_seed_1, run_of_seed_2])
    band.holds(difference), band.around(difference)          # True, (0.31, 0.39)

For each epoch and column, and each result, it is the interval in which one more seed would lie with
95 % probability: mean +- t sqrt(1 + 1/n) s, with Student's t for n - 1 degrees of freedom (the
prediction interval of one further observation of a normal distribution).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun, good
from tegashiki.journal.archive.values import flat
from tegashiki.journal.report import causes, curves
from tegashiki.journal.report.verification.contents import Difference

LEAST = 3  # seeds: fewer say nothing about how far they lie apart
# Student's t, two-sided 95 %, for 2, 3, ... degrees of freedom; beyond, the last is a bit too wide.
_T = (4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


@dataclass(frozen=True)
class Band:
    """Intervals by (name, epoch); the epoch is None for results."""

    runs: tuple[str, ...]
    intervals: dict[tuple[str, float | None], tuple[float, float]]

    def around(self, difference: Difference) -> tuple[float, float] | None:
        """The interval for what differs, None if the runs do not have it all."""
        return self.intervals.get((difference.name, difference.at))

    def holds(self, difference: Difference) -> bool:
        """Whether both values lie within: what was archived may be false as well as what came."""
        around = self.around(difference)
        both = (difference.then, difference.now)
        if around is None or not all(isinstance(value, int | float) for value in both):
            return False
        return all(around[0] <= value <= around[1] for value in both)


def seeds_of(run: ArchivedRun, root: Path) -> list[ArchivedRun]:
    """Other ok, intact runs that differ from `run` in nothing but the seed, one a seed.

    `run` itself is none of them: a false number in it would widen the band that it is held against.
    """
    found = {}
    for other in good(root, run.series, run.step):
        if other.id == run.id or other.record["seed"] == run.record["seed"] or other.broken():
            continue
        if all(cause.kind == "seed" for cause in causes.between(run, other)):
            found.setdefault(other.record["seed"], other)
    return list(found.values())


def measure(runs: Sequence[ArchivedRun]) -> Band:
    """The band of these runs. Raises TegashikiError for fewer than three seeds."""
    seeds = {run.record["seed"] for run in runs}
    if len(seeds) < LEAST:
        raise TegashikiError(
            f"band: {len(seeds)} seeds that differ in nothing else; at least {LEAST} are needed "
            "(tegashiki run NOTEBOOK -p seed=1, the other parameters as they were)"
        )
    values: dict[tuple[str, float | None], list[float]] = {}
    for run in runs:
        for name, points in curves.of(run).items():
            for at, value in points:
                values.setdefault((name, at), []).append(value)
        for name, value in flat(run.results):
            if isinstance(value, int | float) and not isinstance(value, bool):
                values.setdefault((name, None), []).append(float(value))
    full = {key: found for key, found in values.items() if len(found) == len(runs)}
    return Band(tuple(run.id for run in runs), {key: interval(v) for key, v in full.items()})


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Where one more value would lie with 95 % probability.

    >>> [round(x, 2) for x in interval([1.0, 2.0, 3.0])]
    [-2.97, 6.97]
    """
    n = len(values)
    t = _T[min(n - 2, len(_T)) - 1]
    half = t * math.sqrt(1 + 1 / n) * statistics.stdev(values)
    mean = statistics.fmean(values)
    return mean - half, mean + half
