"""The curves of runs: as points, and drawn with the characters of a terminal.

    lines = curves.of(run)                        # {"loss": [(1.0, 2.31), (2.0, 1.87)], ...}
    print(curves.terminal({"3f9a1c2b": lines["loss"]}))

What a curve runs over is the first column, usually `epoch`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, metrics
from tegashiki.journal.report.clock import is_time

Points = Sequence[tuple[float, float]]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USUAL = ("val_exact", "exact", "validation_loss", "val_loss", "loss")  # the most telling first


def of(run: ArchivedRun) -> dict[str, list[tuple[float, float]]]:
    """Each numeric column of metrics.csv as (x, y) points; {} if the run noted none.

    Points that are no numbers (nan, inf, empty) are left out. Raises TegashikiError if the file
    is damaged.
    """
    path: Path = run.folder / layout.METRICS
    rows = metrics.read(path) if path.is_file() else []
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not names:
        return {}
    over, *rest = names
    lines: dict[str, list[tuple[float, float]]] = {}
    for name in rest:
        points = [
            (x, y) for row in rows
            if _finite(x := row.get(over)) and _finite(y := row.get(name))
        ]  # fmt: skip
        if points:
            lines[name] = points
    return lines


def choose(known: Mapping[str, Mapping[str, Points]], wanted: str | None) -> str:
    """The column to show: `wanted`, else the first of the usual ones that all runs have.

    Raises TegashikiError if there is none, naming what there is.
    """
    shared = [n for n in next(iter(known.values()), {}) if all(n in k for k in known.values())]
    if wanted is not None:
        lacking = [name for name, lines in known.items() if wanted not in lines]
        if lacking:
            there = ", ".join(shared) or "none in common"
            raise TegashikiError(f"{lacking[0]}: no curve {wanted!r}; the runs have: {there}")
        return wanted
    shared = [name for name in shared if not is_time(name)]
    if not shared:
        raise TegashikiError("the runs have no curve in common; look at them with `tegashiki show`")
    return next((name for name in USUAL if name in shared), shared[0])


def terminal(lines: Mapping[str, Points], width: int = 78, height: int = 18) -> str:
    """The lines in one frame, A for the first, B for the second; `*` where they meet.

    >>> print(terminal({"one": [(1, 2.0), (2, 1.0)]}, width=20, height=3))
         2 |AAA
           |   AAAAAA
         1 |         AAA
           +------------
            1          2
      A one, last 1
    """
    every = [point for points in lines.values() for point in points]
    low, high = min(y for _, y in every), max(y for _, y in every)
    left, right = min(x for x, _ in every), max(x for x, _ in every)
    columns = max(width - 8, 1)
    cells = [[" "] * columns for _ in range(height)]
    letters = LETTERS * (1 + len(lines) // len(LETTERS))
    for letter, points in zip(letters, lines.values(), strict=False):
        ordered = sorted(points)
        for column in range(columns):
            x = left + (right - left) * column / max(columns - 1, 1)
            y = _at(ordered, x)
            if y is None:
                continue
            share = (y - low) / (high - low) if high > low else 0.5
            row = height - 1 - round(share * (height - 1))
            cells[row][column] = letter if cells[row][column] in (" ", letter) else "*"
    names = {0: f"{high:.4g}", height - 1: f"{low:.4g}"}
    out = [f"{names.get(n, ''):>6} |{''.join(row)}".rstrip() for n, row in enumerate(cells)]
    first, last = f"{left:g}", f"{right:g}"
    out.append(f"{'':6} +{'-' * columns}")
    out.append(f"{'':8}{first}{last:>{max(columns - len(first), 0)}}")
    for letter, name in zip(letters, lines, strict=False):
        out.append(f"  {letter} {name}, last {lines[name][-1][1]:.4g}")
    return "\n".join(out)


def _at(points: Points, x: float) -> float | None:
    """The line's height over x, or None outside of it."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= x <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[0][1] if points and points[0][0] == x else None


def _finite(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)
