r"""Measures layout statistics on formulas whose lines are known: gaps, scripts, fractions ...

    statistics = measure_layout(estimate_lines(examples))
    print(statistics.find("^ mid").mean)             # log ratio, rise, gap of a superscript

Every length is in x-heights u of the row in question, from ink to ink, and `layout_engine` uses it
in the same way: what is measured here is what is drawn there. Keys, and what their vectors hold:

    gap AB            gap from an item of class A to one of class B (x: with scripts)
    ^ low|mid|tall.., _ ...     log ratio of x-heights, shift of the baseline, gap from the base
    stacked TOKEN     whether limits stand over and under (1) or beside (0)
    over, under       log ratio, gap, shift of the middle: of limits that do
    fraction short|long    two log ratios, two gaps, overhangs, place of the narrower row
    root flat|tall    log ratio, drop, inset from the hook's end, and margins top, right, bottom
    degree            log ratio, right edge from the hook's end, bottom from the radical's top
    bracket 0..4      margins of the opening and closing one, by the height of what they hold
    grow TOKEN 0..4   margins of an integral or sum against what follows
    accent TOKEN      gap to what it covers, shift of the middle, log of its width against that one
    matrix size       log ratio of the cells' x-height
    matrix rows|columns     gap between neighbours, ink to ink
    matrix place|drop|axis  place of a cell in its column (0 left, 1 right), of its baseline against
                      the others of its row, of the middle against the line's axis
    bracket M         as the other brackets, around a matrix
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

import numpy as np

from tegashiki.synthesis import stroke_order
from tegashiki.synthesis.glyph import Box, root_knee
from tegashiki.synthesis.layout_statistics import LayoutStatistics, Measurement, Vector, pooled
from tegashiki.synthesis.line_metrics import (
    MeasuredFormula,
    MeasuredSet,
    children,
    own_token,
    union,
)
from tegashiki.tex.nodes import UNDER
from tegashiki.tex.token_classes import brackets, item_class
from tegashiki.tex.tree import Accent, Fraction, Item, Matrix, Root, Row, Symbol

_HEIGHTS = (1.3, 2.0, 3.0, 4.5)          # of bracketed content, in x-heights: bins 0 to 4
FOLLOWING = 3                            # items after an integral or sum that it grows with
AXIS = 0.5                               # x-heights above the baseline, where a minus stands
BIG_SYMBOLS = frozenset(r"""\int \iint \oint \sum \prod \bigcup \bigcap \bigoplus \bigvee
    \bigwedge""".split())                # grow with what follows; the other big ones are words
_INTEGRALS = frozenset({r"\int", r"\iint", r"\oint"})


def measure_layout(measured: MeasuredSet) -> LayoutStatistics:
    """The statistics of all writers of the examples."""
    found: list[Measurement] = []
    for number, formula in enumerate(measured.formulas):
        writer, alignment = formula.style, formula.example.alignment.tolist()
        for key, vector in (*_Page(formula).row(formula.tree),
                            *stroke_order.measure_orders(formula.tree, alignment)):
            found.append((key, writer, number, vector))
            found.extend((general, writer, number, vector) for general in _general(key))
    return pooled(found)


def _general(key: str) -> tuple[str, ...]:
    """The keys that a measurement counts for besides its own: what rare keys fall back to."""
    name, _, detail = key.partition(" ")
    if name == "gap":
        return f"gap {detail[0]}?", f"gap ?{detail[1]}", "gap ?"
    return (f"{name} ?",) if detail and name not in ("order", "matrix") else ()


def size_class(height: float) -> int:
    """Which bin a height in x-heights falls into, 0 to 4."""
    return sum(height >= limit for limit in _HEIGHTS)


def script_key(mark: str, item: Item, rise: float, depth: float) -> str:
    """The key of a script; `rise`, `depth`: how far the base's ink goes above and below the line.

    Scripts of tall bases are measured from their ink, others from the baseline.
    """
    kind = item_class(item)
    if kind in ("f", "B"):
        return f"{mark} {item.base.token}"
    if mark == "^":
        return "^ tall" if rise > 2.2 else "^ mid" if rise > 1.25 else "^ low"
    return "_ tall" if depth > 1.2 else "_ close" if kind == "c" else "_ mid"


def script_line(key: str, base: Box, baseline: float) -> float:
    """The y from which a script of this key is measured."""
    if key.endswith("tall") or key[2:] in BIG_SYMBOLS:
        return base[1] if key[0] == "^" else base[3]
    return baseline


def knee_of(strokes: Sequence[np.ndarray], box: Box) -> float:
    """Where a radical's hook ends and its bar begins, kept within the middle of its box."""
    width = box[2] - box[0]
    return min(max(root_knee(strokes, box), box[0] + 0.02 * width), box[2] - 0.05 * width)


def accent_vector(token: str, mark: Box, held: Box, unit: float) -> Vector:
    """Gap, shift of the middle, and log ratio of widths, of a mark over or under what it covers."""
    gap = mark[1] - held[3] if token in UNDER else held[1] - mark[3]
    shift = (mark[0] + mark[2] - held[0] - held[2]) / 2
    widths = [max(box[2] - box[0], 0.3 * unit) for box in (mark, held)]
    return gap / unit, shift / unit, log(widths[0] / widths[1])


class _Page:
    """One example with its lines; walks the tree and measures whatever has ink."""

    def __init__(self, formula: MeasuredFormula) -> None:
        self.example, self.boxes, self.rows = formula.example, formula.boxes, formula.rows
        self.box = formula.box

    def row(self, row: Row) -> Iterator[tuple[str, Vector]]:
        baseline, unit = self.rows[row.span]
        bounds = [self.box(item.span) for item in row.items]
        for i in range(1, len(bounds)):
            if bounds[i - 1] and bounds[i]:
                before, after = row.items[i - 1], row.items[i]
                first = "x" if before.scripts else item_class(before)
                gap = (bounds[i][0] - bounds[i - 1][2]) / unit
                yield f"gap {first}{item_class(after)}", (gap,)
        for first, last in brackets(row.items):
            yield from self.bracket(row.items, first, last, unit)
        for i, item in enumerate(row.items):
            symbol = own_token(item)
            base = self.boxes.get(symbol) if symbol is not None else None
            if base is not None:
                yield from self.structure(item, base, baseline, unit)
                if isinstance(item.base, Symbol) and item.base.token in BIG_SYMBOLS:
                    yield from self.growth(row.items[i + 1 : i + 1 + FOLLOWING], item, base, unit)
            elif isinstance(item.base, Matrix):
                yield from self.matrix(item.base, baseline, unit)
            for _, inner in children(item):
                yield from self.row(inner)

    def structure(self, item: Item, base: Box, baseline: float, unit: float
                  ) -> Iterator[tuple[str, Vector]]:
        match item.base:
            case Fraction(upper, lower):
                yield from self.fraction(base, upper, lower, unit)
                base = self.box(item.base.span)
            case Root(radicand, degree):
                yield from self.root(item, base, radicand, degree, baseline, unit)
                base = self.box(item.base.span)
            case Accent(token, inner):
                held = self.box(inner.span)
                if held:
                    yield f"accent {token}", accent_vector(token, base, held, unit)
                base = self.box(item.base.span)
        for script in item.scripts:
            ink = self.box(script.row.span)
            if ink:
                yield from self.script(item, script.mark, script.row, ink, base, baseline, unit)

    def script(self, item: Item, mark: str, row: Row, ink: Box, base: Box, baseline: float,
               unit: float) -> Iterator[tuple[str, Vector]]:
        line, size = self.rows[row.span]
        if item_class(item) == "B":
            middle = (ink[0] + ink[2]) / 2
            stacked = base[0] - 0.1 * unit < middle < base[2] + 0.1 * unit and (
                ink[1] > base[3] - 0.3 * unit if mark == "_" else ink[3] < base[1] + 0.3 * unit)
            name = item.base.token + (r"\limits" if item.limits else "")
            yield f"stacked {name}", (float(stacked),)
            if stacked:
                gap = ink[1] - base[3] if mark == "_" else base[1] - ink[3]
                shift = middle - (base[0] + base[2]) / 2
                yield ("under" if mark == "_" else "over"), (
                    log(size / unit), gap / unit, shift / unit)
                return
        key = script_key(mark, item, (baseline - base[1]) / unit, (base[3] - baseline) / unit)
        yield key, (log(size / unit), (line - script_line(key, base, baseline)) / unit,
                    (ink[0] - base[2]) / unit)

    def fraction(self, bar: Box, upper: Row, lower: Row, unit: float
                 ) -> Iterator[tuple[str, Vector]]:
        above, below = self.box(upper.span), self.box(lower.span)
        if not above or not below:
            return
        level = (bar[1] + bar[3]) / 2
        widths = above[2] - above[0], below[2] - below[0]
        wide, narrow = (above, below) if widths[0] >= widths[1] else (below, above)
        slack = (bar[2] - bar[0]) - (narrow[2] - narrow[0])
        place = ((narrow[0] - bar[0]) / slack) if slack > 0.2 * unit else 0.5
        size = "short" if max(widths) < 2.5 * unit else "long"
        yield f"fraction {size}", (
            log(self.rows[upper.span][1] / unit), log(self.rows[lower.span][1] / unit),
            (level - above[3]) / unit, (below[1] - level) / unit,
            (wide[0] - bar[0]) / unit, (bar[2] - wide[2]) / unit, place)

    def root(self, item: Item, symbol: Box, radicand: Row, degree: Row | None, baseline: float,
             unit: float) -> Iterator[tuple[str, Vector]]:
        ink = self.box(radicand.span)
        if not ink:
            return
        token = item.base.span[0]
        strokes = [s for s, t in zip(self.example.ink.strokes, self.example.alignment.tolist(),
                                     strict=True) if t == token]
        knee = knee_of(strokes, symbol)
        line, size = self.rows[radicand.span]
        height = "tall" if ink[3] - ink[1] > 2.4 * unit else "flat"
        yield f"root {height}", (
            log(size / unit), (line - baseline) / unit, (ink[0] - knee) / unit,
            (ink[1] - symbol[1]) / unit, (symbol[2] - ink[2]) / unit, (symbol[3] - ink[3]) / unit)
        number = self.box(degree.span) if degree is not None else None
        if number:
            yield "degree", (log(self.rows[degree.span][1] / unit),
                             (number[2] - knee) / unit, (number[3] - symbol[1]) / unit)

    def bracket(self, items: Sequence[Item], first: int, last: int, unit: float
                ) -> Iterator[tuple[str, Vector]]:
        left, right = (self.boxes.get(own_token(items[i])) for i in (first, last))
        held = self.box((items[first].span[1], items[last].span[0]))
        if left and right and held:
            around_matrix = any(isinstance(item.base, Matrix) for item in items[first + 1 : last])
            size = "M" if around_matrix else size_class((held[3] - held[1]) / unit)
            yield f"bracket {size}", (
                (held[1] - left[1]) / unit, (left[3] - held[3]) / unit,
                (held[1] - right[1]) / unit, (right[3] - held[3]) / unit)

    def matrix(self, node: Matrix, baseline: float, unit: float) -> Iterator[tuple[str, Vector]]:
        boxes = [[self.box(cell.span) for cell in line] for line in node.cells]
        whole = self.box(node.span)
        if not whole:
            return
        yield "matrix axis", (((whole[1] + whole[3]) / 2 - baseline) / unit + AXIS,)
        lines = [union(found) for line in boxes if (found := [box for box in line if box])]
        for above, below in pairwise(lines):
            yield "matrix rows", ((below[1] - above[3]) / unit,)
        count = max(map(len, boxes))
        columns = [union(found) for i in range(count)
                   if (found := [line[i] for line in boxes if i < len(line) and line[i]])]
        for left, right in pairwise(columns):
            yield "matrix columns", ((right[0] - left[2]) / unit,)
        for line, found in zip(node.cells, boxes, strict=True):
            levels = [self.rows[cell.span] for cell, box in zip(line, found, strict=True) if box]
            for level, size in levels:
                yield "matrix size", (log(size / unit),)
                if len(levels) > 1:
                    mean = sum(one for one, _ in levels) / len(levels)
                    yield "matrix drop", ((level - mean) / unit,)
        if len(columns) == count:
            for line in boxes:
                for box, column in zip(line, columns, strict=False):
                    slack = column[2] - column[0] - (box[2] - box[0]) if box else 0.0
                    if slack > 0.4 * unit:
                        yield "matrix place", ((box[0] - column[0]) / slack,)

    def growth(self, after: Sequence[Item], item: Item, base: Box, unit: float
               ) -> Iterator[tuple[str, Vector]]:
        held = self.box((after[0].span[0], after[-1].span[1])) if after else None
        if held:
            yield f"grow {item.base.token} {size_class((held[3] - held[1]) / unit)}", (
                (held[1] - base[1]) / unit, (base[3] - held[3]) / unit)

