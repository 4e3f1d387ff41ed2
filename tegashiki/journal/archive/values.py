"""Every number of a run by one name: results, parameters, and what its curves came to.

    values.of(run)["exact"], values.of(run)["by_length.1-6"], values.of(run)["metrics.loss.min"]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, metrics


def of(run: ArchivedRun) -> dict[str, float]:
    """{name: number}, results first. Raises TegashikiError if a file of the run is broken.

    `parameters.<name>`; `metrics.<column>` is the last value, `.min` and `.max` the extremes.
    """
    found = {name: value for name, value in flat(run.results) if _number(value)}
    found |= {name: value for name, value in flat({"parameters": run.parameters})
              if _number(value)}  # fmt: skip
    path = run.folder / layout.METRICS
    columns: dict[str, list[float]] = {}
    for row in metrics.read(path) if path.is_file() else []:
        for name, value in row.items():
            if _number(value):
                columns.setdefault(name, []).append(value)
    for name, column in columns.items():
        found |= {f"metrics.{name}": column[-1], f"metrics.{name}.min": min(column),
                  f"metrics.{name}.max": max(column)}  # fmt: skip
    return found


def every(run: ArchivedRun) -> Iterator[float]:
    """All numbers of a run, those of each epoch too."""
    yield from of(run).values()
    path = run.folder / layout.METRICS
    for row in metrics.read(path) if path.is_file() else []:
        yield from (value for value in row.values() if _number(value))


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """(name, value) of every single thing in a result, names joined by dots.

    >>> dict(flat({"exact": 0.7, "by_length": {"1-6": [0.9]}}))
    {'exact': 0.7, 'by_length.1-6.0': 0.9}
    """
    inner = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else ())  # fmt: skip
    for key, item in inner:
        yield from flat(item, f"{name}.{key}" if name else str(key))
    if not isinstance(value, dict | list) or (not value and name):
        yield name, value


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
