"""Parallel coordinates: a line for each run, from what it was given to what came out.

    rows = rows([{"lr": "1e-3"}, {"lr": "1e-4"}], [{"loss": 0.4}, {"loss": 0.6}], "loss")
    plot(["lr", "loss"], rows)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tegashiki.errors import TegashikiError

Row = list[Any]     # the values given, as text, then the figure


def axes(given: Sequence[Mapping[str, str]]) -> list[str]:
    """Names of the parameters, in the order in which they were first given."""
    return list(dict.fromkeys(name for point in given for name in point))


def metric(results: Mapping[str, Any], asked: str) -> str:
    """The result to compare: the one asked for, else the first that is a number.

    Raises TegashikiError if there is none.
    """
    numbers = [name for name, value in results.items()
               if isinstance(value, int | float) and not isinstance(value, bool)]
    if (asked and asked not in numbers) or not numbers:
        raise TegashikiError(f"sweep: no number {asked!r} in the results; there are "
                             f"{', '.join(numbers) or 'none'}")
    return asked or numbers[0]


def rows(given: Sequence[Mapping[str, str]], results: Sequence[Mapping[str, Any]], asked: str
         ) -> list[Row]:
    """For each run what it was given ("" where nothing) and its figure.

    >>> rows([{"a": "1"}, {"a": "2", "b": "x"}], [{"loss": 0.5}, {"loss": 0.25}], "")
    [['1', '', 0.5], ['2', 'x', 0.25]]
    """
    names, figure = axes(given), metric(results[0], asked)
    return [[*(point.get(name, "") for name in names), float(found[figure])]
            for point, found in zip(given, results, strict=True)]


def plot(names: Sequence[str], rows: Sequence[Row], maximize: bool = False) -> Any:
    """A matplotlib figure with an axis for each name; each axis is stretched to its own values."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(max(4.5, 1.8 * len(names)), 3.6))
    columns = [_places(column) for column in zip(*rows, strict=True)]
    order = sorted(range(len(rows)), key=lambda i: rows[i][-1], reverse=not maximize)
    for rank, i in enumerate(order):                      # the best is drawn last, on top
        shade = 0.25 + 0.75 * (rank + 1) / len(order)
        axis.plot(range(len(names)), [column[i] for column, _ in columns],
                  color=plt.cm.Blues(shade), linewidth=1.5)
    for x, (_, labels) in enumerate(columns):
        axis.axvline(x, color="0.8", linewidth=0.8, zorder=0)
        for y, text in labels:
            axis.annotate(text, (x, y), xytext=(4, 2), textcoords="offset points", fontsize=8)
    axis.set_xticks(range(len(names)), names)
    axis.set_yticks([])
    axis.set_frame_on(False)
    axis.margins(x=0.12, y=0.1)
    figure.tight_layout()
    return figure


def _places(column: Sequence[Any]) -> tuple[list[float], list[tuple[float, str]]]:
    """Heights between 0 and 1 of the values of an axis, and the labels along it.

    Numbers stand where they are, in their own order of size; words at equal distances.
    """
    try:
        numbers = [float(value) for value in column]
    except ValueError:
        words = sorted(set(column))
        height = {word: i / max(len(words) - 1, 1) for i, word in enumerate(words)}
        return [height[value] for value in column], [(y, word) for word, y in height.items()]
    low, high = min(numbers), max(numbers)
    places = [(number - low) / ((high - low) or 1.0) for number in numbers]
    shown = sorted({round(p, 3): f"{n:.4g}" for p, n in zip(places, numbers, strict=True)}.items())
    return places, shown if len(shown) <= 8 else [shown[0], shown[-1]]
