"""The figure by which a series is judged, in one run, and the runs that have the best of it.

    best.value(run, series.best)                 # 0.7454, or None where it was not measured
    best.leading(runs, series.best, 3)           # the three best, the best first
"""

from __future__ import annotations

from collections.abc import Sequence

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import values
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.execute.series import Best
from tegashiki.journal.format import layout


def value(run: ArchivedRun, best: Best) -> float | None:
    """The figure, or None: the run is not `ok`, of another step, or of another part."""
    name = best.of.get(run.step)
    if name is None or run.status != layout.OK:
        return None
    try:
        facts = run.parameters | run.results
        if any(facts[key] not in wanted for key, wanted in best.where.items() if key in facts):
            return None
        return values.of(run).get(name)
    except (TegashikiError, TypeError):
        return None


def leading(runs: Sequence[ArchivedRun], best: Best, count: int) -> list[ArchivedRun]:
    """The `count` best of the runs."""
    have = [(found, run) for run in runs if (found := value(run, best)) is not None]
    have.sort(key=lambda pair: pair[0], reverse=best.higher)
    return [run for _, run in have[:count]]
