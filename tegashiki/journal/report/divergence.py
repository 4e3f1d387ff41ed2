"""Where the curves of two runs part: the first epoch at which a number is another.

    divergence.first(one, other)       # Parting(over="epoch", at=3.0, column="loss", ...) or None
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import zip_longest

from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, metrics
from tegashiki.journal.report.clock import is_time


@dataclass(frozen=True)
class Parting:
    """One row and column in which two runs differ; None where one of them has nothing."""

    over: str  # the first column, usually `epoch`
    at: float | str
    column: str
    one: float | str | None
    other: float | str | None

    def __str__(self) -> str:
        return f"{self.over} {_word(self.at)}: {self.column} {self.one} and {self.other}"


def first(one: ArchivedRun, other: ArchivedRun) -> Parting | None:
    """The first row in which a column differs in any digit, wall clock aside; None if none does.

    A run that stops earlier parts there. Raises TegashikiError if a metrics.csv is damaged.
    """
    for a, b in zip_longest(_rows(one), _rows(other), fillvalue=None):
        row = a or b or {}
        over = next(iter(row), "row")
        at = row.get(over, "?")
        if a is None or b is None:
            column = next((c for c in row if c != over and not is_time(c)), over)
            return Parting(over, at, column, a and a.get(column), b and b.get(column))
        for column in [*a, *(name for name in b if name not in a)]:
            if not is_time(column) and not equal(a.get(column), b.get(column)):
                return Parting(over, at, column, a.get(column), b.get(column))
    return None


def equal(one: object, other: object) -> bool:
    """Whether two cells hold the same number; nan is nan.

    >>> equal(float("nan"), float("nan")), equal(0.1, 0.1000001)
    (True, False)
    """
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


def _rows(run: ArchivedRun) -> list[dict]:
    path = run.folder / layout.METRICS
    return metrics.read(path) if path.is_file() else []


def _word(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else value
