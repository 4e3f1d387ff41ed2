r"""Finds the baseline and the x-height of every row of every formula.

    measured = estimate_lines(examples)
    print(measured.reach["x"], measured.reach["p"])          # mean top and bottom, in x-heights

A token t reaches from b + u * top(t) to b + u * bottom(t) on average over all writers, b the
baseline and u the x-height of its row, y down. So the boxes of a formula's symbols are linear
equations for the lines of its rows. Rows are tied to each other as well: a script's line is smaller
than its parent's by about the same ratio everywhere. The least squares solution gives the lines,
the lines give better averages, and a few rounds settle it (alternating least squares; weights are
the variances measured in the round before).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.synthesis import hershey
from tegashiki.synthesis.glyph import Box
from tegashiki.synthesis.line_metrics import (
    MeasuredFormula,
    MeasuredSet,
    children,
    own_token,
    symbol_boxes,
)
from tegashiki.tex.tree import Row, Span

ROUNDS = 4
_SMALL = frozenset("acemnorsuvwxz") | {r"\alpha"}        # their mean height is the x-height, 1
_LINKS = {                 # relation of a row to the one around it: first guess of the ratio
    "^": 0.7, "_": 0.7, "upper": 0.85, "lower": 0.85, "radicand": 0.95, "degree": 0.6,
    "accented": 1.0, "cell": 0.95,
}


def estimate_lines(examples: Sequence[Example], rounds: int = ROUNDS) -> MeasuredSet:
    """Finds the lines of all rows of all examples; about 1 s for 1,000 examples.

    Raises TegashikiError if there is nothing to measure.
    """
    kept, systems = [], []
    for example in examples:
        try:
            tree = example.tree
        except TegashikiError:
            continue
        boxes = symbol_boxes(example)
        system = _System(tree, boxes, example.tokens)
        if system.symbols:
            kept.append((example, tree, boxes))
            systems.append(system)
    if not systems:
        raise TegashikiError("lines: no aligned symbols; give examples with an alignment")
    averages = _Averages.initial()
    rows: list[dict[Span, tuple[float, float]]] = []
    for _ in range(rounds):
        rows = [system.solve(averages) for system in systems]
        averages = averages.again(systems, rows)
    formulas = [MeasuredFormula(*parts, found) for parts, found in zip(kept, rows, strict=True)]
    return MeasuredSet(formulas, averages.reaches())


class _System:
    """The equations of one formula: unknowns are b and u of each row."""

    def __init__(self, tree: Row, boxes: dict[int, Box], tokens: Sequence[str]) -> None:
        self.spans: list[Span] = []
        self.symbols: list[tuple[int, str, float, float]] = []     # row, token, top, bottom
        self.links: list[tuple[int, int, str]] = []                # row, parent, relation
        self._add(tree, None, "", boxes, tokens)
        heights = [bottom - top for _, _, top, bottom in self.symbols]
        self.scale = float(np.median(heights)) if heights and np.median(heights) > 0 else 1.0

    def _add(self, row: Row, parent: int | None, relation: str,
             boxes: dict[int, Box], tokens: Sequence[str]) -> None:
        number = len(self.spans)
        self.spans.append(row.span)
        if parent is not None:
            self.links.append((number, parent, relation))
        for item in row.items:
            symbol = own_token(item)
            if symbol in boxes:
                _, top, _, bottom = boxes[symbol]
                self.symbols.append((number, tokens[symbol], top, bottom))
            for inner_relation, inner in children(item):
                self._add(inner, number, inner_relation, boxes, tokens)

    def solve(self, averages: "_Averages") -> dict[Span, tuple[float, float]]:
        """Weighted least squares; a row that comes out with no height takes its parent's."""
        n, count, ties = len(self.spans), len(self.symbols), len(self.links)
        matrix = np.zeros((2 * count + ties + n, 2 * n))
        target = np.zeros(len(matrix))
        for i, (row, token, top, bottom) in enumerate(self.symbols):
            (high, low), (spread_high, spread_low) = averages.of(token)
            weight = 1 / spread_high
            matrix[2 * i, 2 * row : 2 * row + 2] = weight, weight * high
            target[2 * i] = weight * top / self.scale
            weight = 1 / spread_low
            matrix[2 * i + 1, 2 * row : 2 * row + 2] = weight, weight * low
            target[2 * i + 1] = weight * bottom / self.scale
        for i, (row, parent, relation) in enumerate(self.links, 2 * count):
            ratio, spread = averages.ratios[relation]
            matrix[i, 2 * row + 1], matrix[i, 2 * parent + 1] = 1 / spread, -ratio / spread
        # A breath of a prior, so that rows without ink and formulas without letters have a line.
        matrix[np.arange(2 * count + ties, len(matrix)), 2 * np.arange(n) + 1] = 0.1
        target[2 * count + ties :] = 0.1 * 0.7
        solution = np.linalg.lstsq(matrix, target, rcond=None)[0] * self.scale
        lines = {}
        for i, span in enumerate(self.spans):
            baseline, unit = float(solution[2 * i]), float(solution[2 * i + 1])
            lines[span] = (baseline, unit if unit > 0.05 * self.scale else 0.5 * self.scale)
        return lines


@dataclass(frozen=True)
class _Averages:
    """What is believed of all writers: where tokens reach and how rows shrink, with spreads."""

    reach: dict[str, tuple[tuple[float, float], tuple[float, float]]]
    ratios: dict[str, tuple[float, float]]

    @classmethod
    def initial(cls) -> "_Averages":
        """Hershey's letters know enough to begin with."""
        reach = {s.token: ((s.box[1], s.box[3]), (0.4, 0.4)) for s in hershey.samples()
                 if s.style == "plain"}
        return cls(reach, {relation: (ratio, 0.25) for relation, ratio in _LINKS.items()})

    def of(self, token: str) -> tuple[tuple[float, float], tuple[float, float]]:
        return self.reach.get(token, ((-1.5, 0.0), (2.0, 2.0)))

    def reaches(self) -> dict[str, tuple[float, float]]:
        return {token: mean for token, (mean, _) in self.reach.items()}

    def again(
        self, systems: Sequence[_System], rows: Sequence[dict[Span, tuple[float, float]]]
    ) -> "_Averages":
        """The averages measured on the lines found with the last ones."""
        seen: dict[str, list[tuple[float, float]]] = {}
        shrink: dict[str, list[float]] = {}
        for system, lines in zip(systems, rows, strict=True):
            for row, token, top, bottom in system.symbols:
                baseline, unit = lines[system.spans[row]]
                seen.setdefault(token, []).append(((top - baseline) / unit,
                                                   (bottom - baseline) / unit))
            for row, parent, relation in system.links:
                shrink.setdefault(relation, []).append(
                    lines[system.spans[row]][1] / lines[system.spans[parent]][1])
        reach = dict(self.reach)
        for token, values in seen.items():
            array = np.array(values)                                        # (samples, 2)
            mean = np.median(array, axis=0)
            spread = np.median(np.abs(array - mean), axis=0) * 1.4826       # robust deviation
            # A few samples leave the old belief where it was.
            share = len(array) / (len(array) + 5)
            old_mean, old_spread = map(np.array, self.of(token))
            mean = share * mean + (1 - share) * old_mean
            spread = np.maximum(share * spread + (1 - share) * old_spread, 0.1)
            reach[token] = (tuple(mean.tolist()), tuple(spread.tolist()))
        ratios = dict(self.ratios)
        for relation, values in shrink.items():
            if len(values) >= 20:
                middle = float(np.median(values))
                spread = float(np.median(np.abs(np.array(values) - middle))) * 1.4826
                ratios[relation] = (middle, max(spread, 0.1))
        return _rescaled(reach, ratios, seen)


def _rescaled(reach: dict, ratios: dict, seen: dict) -> _Averages:
    """The averages shifted and scaled so that the small letters stand on 0 and reach to -1."""
    small = [token for token in _SMALL if token in seen]
    if not small:
        return _Averages(reach, ratios)
    weights = np.array([len(seen[token]) for token in small], float)
    tops, bottoms = np.array([reach[token][0] for token in small]).T
    floor = float(weights @ bottoms / weights.sum())
    unit = floor - float(weights @ tops / weights.sum())
    return _Averages(
        {token: (tuple((m - floor) / unit for m in mean), tuple(s / unit for s in spread))
         for token, (mean, spread) in reach.items()},
        ratios,
    )
