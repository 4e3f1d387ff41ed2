r"""Complete subexpressions of real ink, cut out by the alignment, to learn from and to build with.

    subexpressions = SubexpressionBank(estimate_lines(examples))
    part = subexpressions.draw(style, random)        # a few symbols side by side, of one writer
    print(part.tokens, part.box)                     # in x-heights of the row it stood on

A subexpression is a run of neighbours in one row, with everything that hangs on them, whose every
symbol has its ink, whose brackets match and that reads well. Its tokens are a formula themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tegashiki.synthesis.glyph import Box
from tegashiki.synthesis.line_metrics import MeasuredFormula, MeasuredSet, children, own_token
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.tex.token_classes import OPENING, reads_well
from tegashiki.tex.tree import Item, Row, Span, Symbol

LONGEST = 24           # tokens of a subexpression
_BRACKETS = frozenset(OPENING) | frozenset(OPENING.values())


@dataclass(frozen=True, eq=False)
class Subexpression:
    """A run of neighbours of one written row."""

    formula: MeasuredFormula
    row: Span                   # of the row that they stand in
    span: Span                  # of their tokens

    @property
    def tokens(self) -> tuple[str, ...]:
        """Its formula."""
        return self.formula.example.tokens[self.span[0] : self.span[1]]

    @property
    def box(self) -> Box:
        """Its bounds in x-heights of its row: the left edge at 0, the baseline at 0, y down."""
        left, top, right, bottom = self.formula.box(self.span)
        baseline, unit = self.formula.rows[self.row]
        return (0.0, (top - baseline) / unit, (right - left) / unit, (bottom - baseline) / unit)

    def strokes(self) -> tuple[list[np.ndarray], list[int]]:
        """Its ink in the same unit, and for each stroke the index of its token in `tokens`."""
        numbers = self.formula.strokes(self.span)
        baseline, unit = self.formula.rows[self.row]
        origin = np.array([self.formula.box(self.span)[0], baseline])
        ink, alignment = self.formula.example.ink.strokes, self.formula.example.alignment
        return ([((ink[i] - origin) / unit).astype(np.float32) for i in numbers],
                [int(alignment[i]) - self.span[0] for i in numbers])


class SubexpressionBank:
    """All subexpressions, by writer; a writer's are listed when asked for."""

    def __init__(self, measured: MeasuredSet) -> None:
        self.by_style: dict[str, list[MeasuredFormula]] = {}
        self._found: dict[str, list[Subexpression]] = {}
        for formula in measured.formulas:
            self.by_style.setdefault(formula.style, []).append(formula)

    @property
    def styles(self) -> tuple[str, ...]:
        """Of the writers, sorted."""
        return tuple(sorted(self.by_style))

    def of(self, style: str) -> list[Subexpression]:
        """All subexpressions of a writer, with at least two tokens each."""
        if style not in self._found:
            self._found[style] = [
                part for formula in self.by_style.get(style, ())
                for part in subexpressions_of(formula) if part.span[1] - part.span[0] > 1]
        return self._found[style]

    def draw(self, style: str, random: BufferedRng, longest: int = LONGEST) -> Subexpression | None:
        """One of a writer with at most `longest` tokens; None if a few tries find none."""
        found = self.of(style)
        for _ in range(6 if found else 0):
            subexpression = found[random.below(len(found))]
            if subexpression.span[1] - subexpression.span[0] <= longest:
                return subexpression
        return None


def subexpressions_of(formula: MeasuredFormula, longest: int = LONGEST) -> Iterator[Subexpression]:
    """Every subexpression of one formula, the formula itself among them."""
    for row in _rows(formula.tree):
        whole = [_has_ink(item, formula) for item in row.items]
        for first in range(len(row.items)):
            depth = 0
            for last in range(first, len(row.items)):
                item = row.items[last]
                span = (row.items[first].span[0], item.span[1])
                if not whole[last] or span[1] - span[0] > longest:
                    break
                token = item.base.token if isinstance(item.base, Symbol) else ""
                if token in _BRACKETS:
                    depth += 1 if token in OPENING else -1
                if depth < 0:
                    break
                if depth == 0 and reads_well(row.items[first : last + 1]):
                    yield Subexpression(formula, row.span, span)


def _rows(row: Row) -> Iterator[Row]:
    yield row
    for item in row.items:
        for _, inner in children(item):
            yield from _rows(inner)


def _has_ink(item: Item, formula: MeasuredFormula) -> bool:
    """Whether the item and all inside it have ink."""
    symbol = own_token(item)
    return (symbol is None or symbol in formula.boxes) and all(
        _has_ink(one, formula) for _, row in children(item) for one in row.items)
