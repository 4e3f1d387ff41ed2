r"""Half-written formulas with the label that they deserve: what the input method sees all the time.

    shorter = truncate(example, np.random.default_rng(1))      # None where no prefix makes sense

The ink is a prefix of the strokes that ends with a finished symbol; the label is the formula of the
symbols that are there. What waits for its other half is read as it looks:

    a fraction without its lower row     what is formula above the bar; the bar means nothing yet
    a bar alone                          a minus
    a radical over nothing               nothing yet
    a base without its script            the base
    a matrix                             the rows and columns that are begun
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from tegashiki.data.example import Example
from tegashiki.tex.nodes import CELL, END_MATRIX, LIMITS, MATRIX, NEXT_ROW
from tegashiki.tex.tree import (
    Accent,
    Base,
    Fraction,
    Group,
    Item,
    Matrix,
    Root,
    Row,
    Symbol,
    is_valid,
)

Part = tuple[str, int]          # a token and its index in the whole formula, -1 for structure


def truncate(example: Example, rng: np.random.Generator) -> Example | None:
    """The example up to a random finished symbol, at least one and not all of it.

    Strokes of symbols that mean nothing yet have alignment -1.
    """
    alignment = example.alignment.tolist()
    cuts = finished(alignment)
    if not cuts:
        return None
    cut = cuts[int(rng.integers(len(cuts)))]
    return prefix(example, cut)


def prefix(example: Example, strokes: int) -> Example | None:
    """The first strokes with their label; None if they make no formula."""
    alignment = example.alignment[:strokes].tolist()
    parts = whats_there(example.tree, set(alignment) - {-1})
    tokens = tuple(token for token, _ in parts)
    if not tokens or not is_valid(tokens):
        return None
    places = {old: new for new, (_, old) in enumerate(parts) if old >= 0}
    return Example(
        replace(example.ink, strokes=example.ink.strokes[:strokes], symbols=(),
                times=example.ink.times[:strokes] if example.ink.times is not None else None),
        tokens,
        np.array([places.get(token, -1) for token in alignment], np.int16),
    )


def finished(alignment: Sequence[int]) -> list[int]:
    """Numbers of strokes after which every symbol begun is finished, save those with late strokes.

    >>> finished([0, 1, 1, 2])
    [1, 3]
    >>> finished([0, 1, 0, 2])
    [1, 2, 3]
    """
    cuts = []
    for cut in range(1, len(alignment)):
        going_on = alignment[cut - 1] == alignment[cut] >= 0
        if not going_on:
            cuts.append(cut)
    return cuts


def whats_there(row: Row, present: Collection[int]) -> list[Part]:
    r"""The formula that remains of a row if only the tokens `present` have ink.

    >>> from tegashiki.tex.tree import parse
    >>> half = parse([r"\frac", "{", "a", "}", "{", "b", "}"])
    >>> [token for token, _ in whats_there(half, {0, 2})]
    ['a']
    >>> whats_there(half, {0})
    [('-', 0)]
    """
    return [part for item in row.items for part in _item(item, present)]


def _item(item: Item, present: Collection[int]) -> Iterator[Part]:
    base = list(_base(item.base, present))
    yield from base
    scripts = [(script.mark, inner) for script in item.scripts
               if (inner := whats_there(script.row, present))]
    if base and item.limits and scripts:
        yield LIMITS, -1
    for mark, inner in scripts:
        # A script whose base is not there yet is a row of its own.
        yield from _braced(inner, mark) if base else inner


def _base(base: Base, present: Collection[int]) -> Iterator[Part]:
    match base:
        case Symbol(token, span):
            if span[0] in present:
                yield token, span[0]
        case Group(row):
            yield from whats_there(row, present)
        case Fraction(upper, lower, span):
            above, below = whats_there(upper, present), whats_there(lower, present)
            if span[0] in present and above and below:
                yield r"\frac", span[0]
                yield from _braced(above)
                yield from _braced(below)
            elif span[0] in present and not above and not below:
                yield "-", span[0]
            else:
                yield from (*above, *below)
        case Root(radicand, degree, span):
            under = whats_there(radicand, present)
            number = whats_there(degree, present) if degree is not None else []
            if span[0] in present and under:
                yield r"\sqrt", span[0]
                if number:
                    yield from (("[", -1), *number, ("]", -1))
                yield from _braced(under)
            else:
                yield from (*number, *under)
        case Accent(token, row, span):
            under = whats_there(row, present)
            if span[0] in present and under:
                yield token, span[0]
                yield from _braced(under)
            else:
                yield from under
        case Matrix(cells, span):
            yield from _matrix([[whats_there(cell, present) for cell in line] for line in cells],
                               span[0])


def _matrix(cells: Sequence[Sequence[list[Part]]], place: int) -> Iterator[Part]:
    """The rows and columns that have something; a single cell is what stands in it."""
    columns = [i for i in range(max(map(len, cells)))
               if any(i < len(line) and line[i] for line in cells)]
    lines = []
    for line in cells:
        last = max((i for i, cell in enumerate(line) if cell), default=-1)
        if last >= 0:
            lines.append([line[i] for i in columns if i <= last])
    if len(lines) == 1 and len(lines[0]) == 1:
        yield from lines[0][0]
        return
    if not lines:
        return
    yield MATRIX, place
    for number, line in enumerate(lines):
        if number:
            yield NEXT_ROW, -1
        for column, cell in enumerate(line):
            if column:
                yield CELL, -1
            yield from cell
    yield END_MATRIX, -1


def _braced(parts: Sequence[Part], mark: str = "") -> Iterator[Part]:
    if mark:
        yield mark, -1
    yield from (("{", -1), *parts, ("}", -1))
