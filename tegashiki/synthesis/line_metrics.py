r"""A written formula against its invisible ruled lines: what each symbol's size and place mean.

    for formula in estimate_lines(examples).formulas:
        baseline, x_height = formula.rows[formula.tree.span]

Nobody writes on a ruled line, but sizes mean something only against one: a 2 is an exponent because
it is smaller and higher than its line. Each row of a formula (the main line, every script, the rows
of a fraction) has a baseline and an x-height; `baseline_estimation` finds them. Here is what an
example knows once they are found, and how its symbols become samples of a bank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.data.example import Example
from tegashiki.synthesis.glyph import Box, Glyph
from tegashiki.tex.tree import Accent, Fraction, Item, Matrix, Root, Row, Span, Symbol


@dataclass(frozen=True, eq=False)
class MeasuredFormula:
    """An example with what was measured on it."""

    example: Example
    tree: Row
    boxes: dict[int, Box]                       # token -> bounds of its ink
    rows: dict[Span, tuple[float, float]]       # row -> (baseline, x-height)

    @property
    def style(self) -> str:
        """Who wrote it, see `style_of`."""
        return style_of(self.example)

    def strokes(self, span: Span) -> list[int]:
        """The numbers of the strokes that write the tokens of a span, in order of writing."""
        first, last = span
        return [i for i, token in enumerate(self.example.alignment.tolist())
                if first <= token < last]

    def box(self, span: Span) -> Box | None:
        """The bounds of all ink of a span of tokens."""
        found = [box for token, box in self.boxes.items() if span[0] <= token < span[1]]
        return union(found) if found else None


@dataclass(frozen=True, eq=False)
class MeasuredSet:
    """Examples with their lines; those without aligned ink are left out."""

    formulas: list[MeasuredFormula]
    reach: dict[str, tuple[float, float]]       # token -> mean top and bottom on its line


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around some."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def style_of(example: Example) -> str:
    """Who wrote it: the writer; where unknown, the id without its last part, which names a session.

    >>> from tegashiki.ink.format import Ink
    >>> dot = (np.zeros((1, 2), np.float32),)
    >>> style_of(Example(Ink(dot, id="2009210-947-12", writer=""), ("x",), np.int16([0])))
    '2009210-947'
    """
    if example.ink.writer not in ("", "Unknown"):
        return example.ink.writer
    return example.ink.id.rpartition("-")[0] or example.ink.id


def symbol_boxes(example: Example) -> dict[int, Box]:
    """The bounds of the ink of each token that has some: left, top, right, bottom."""
    parts: dict[int, list[np.ndarray]] = {}
    for stroke, token in zip(example.ink.strokes, example.alignment.tolist(), strict=True):
        if token >= 0:
            parts.setdefault(token, []).append(stroke)
    boxes = {}
    for token, strokes in parts.items():
        points = np.concatenate(strokes) if len(strokes) > 1 else strokes[0]
        boxes[token] = (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
    return boxes


def glyphs(measured: MeasuredSet) -> Iterator[Glyph]:
    """Every aligned symbol as a Glyph: in x-heights of its line, by writer."""
    for page in measured.formulas:
        example, style = page.example, page.style
        strokes: dict[int, list[np.ndarray]] = {}
        for stroke, token in zip(example.ink.strokes, example.alignment.tolist(), strict=True):
            strokes.setdefault(token, []).append(stroke)
        for token, span, script in _rows_of_tokens(page.tree, False):
            if token in page.boxes:
                baseline, unit = page.rows[span]
                origin = (page.boxes[token][0], baseline)
                yield Glyph(
                    example.tokens[token],
                    tuple(((s - origin) / unit).astype(np.float32) for s in strokes[token]),
                    style,
                    script,
                )


def children(item: Item) -> Iterator[tuple[str, Row]]:
    """The rows directly inside an item, each with its relation to the item's own row."""
    match item.base:
        case Fraction(upper, lower):
            yield "upper", upper
            yield "lower", lower
        case Root(radicand, degree):
            yield "radicand", radicand
            if degree is not None:
                yield "degree", degree
        case Accent(_, row):
            yield "accented", row
        case Matrix(cells):
            for cell in (cell for line in cells for cell in line if cell.items):
                yield "cell", cell
    for script in item.scripts:
        yield script.mark, script.row


def own_token(item: Item) -> int | None:
    """The token that writes an item's own symbol: the letter, bar, radical, hat."""
    own = isinstance(item.base, Symbol | Fraction | Root | Accent)
    return item.base.span[0] if own else None


def _rows_of_tokens(row: Row, script: bool) -> Iterator[tuple[int, Span, bool]]:
    """Each token with ink, the row that it stands in, and whether that is (in) a script."""
    for item in row.items:
        symbol = own_token(item)
        if symbol is not None:
            yield symbol, row.span, script
        for relation, inner in children(item):
            yield from _rows_of_tokens(inner, script or relation in ("^", "_", "degree"))
