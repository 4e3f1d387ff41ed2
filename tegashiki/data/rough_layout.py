r"""Roughly where each symbol of a formula stands: enough to tell equal symbols of a matrix apart.

    places = positions(parse(r"\frac { a } { b }".split()))      # {0: bar, 2: a, 5: b} -> (x, y)
    alignment = untangle(ink, tokens, alignment)

Every symbol is one unit wide and one high, scripts are half as large, rows of a matrix stand under
each other and its columns are aligned. Nothing is measured: this is for matching only.
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.ink.format import Ink
from tegashiki.tex.tree import Accent, Fraction, Group, Item, Matrix, Root, Row, Symbol, parse

Places = dict[int, tuple[float, float]]
Set = tuple[Places, float, float, float]      # places, width, height above and below the axis


def positions(row: Row) -> Places:
    """The middle of each token that has ink: x to the right, y down, the main axis at 0.

    >>> from tegashiki.tex.tree import parse
    >>> positions(parse(["a", "^", "{", "b", "}"]))
    {0: (0.5, 0.0), 3: (1.25, -0.5)}
    """
    return _row(row)[0]


def untangle(ink: Ink, tokens: Sequence[str], alignment: np.ndarray) -> np.ndarray:
    """Exchanges equal symbols until none stands nearer to another one's rough place; int16.

    Both ink and rough places are brought to a box of one by one, so only their order counts. Local
    search: two symbols change tokens as long as that makes the sum of squared distances smaller.
    """
    rough = positions(parse(tokens))
    known = sorted(set(alignment.tolist()) - {-1})
    if len(known) < 3:
        return alignment
    seen = np.array([np.concatenate([s for s, t in zip(ink.strokes, alignment, strict=True)
                                     if t == token]).mean(axis=0) for token in known])
    wanted = np.array([rough[token] for token in known])
    seen, wanted = (_ranked(part) for part in (seen, wanted))
    owner = list(range(len(known)))                    # owner[i]: which ink writes token known[i]
    better = True
    while better:
        better = False
        for i in range(len(known)):
            for j in range(i):
                if tokens[known[i]] != tokens[known[j]]:
                    continue
                now = _cost(seen, wanted, i, owner[i]) + _cost(seen, wanted, j, owner[j])
                then = _cost(seen, wanted, i, owner[j]) + _cost(seen, wanted, j, owner[i])
                if then < now - 1e-9:
                    owner[i], owner[j], better = owner[j], owner[i], True
    new = {known[ink_of]: known[token] for token, ink_of in enumerate(owner)}
    return np.array([new.get(token, token) for token in alignment.tolist()], np.int16)


def _ranked(points: np.ndarray) -> np.ndarray:
    """Coordinates by axis from 0 to 1."""
    low, high = points.min(axis=0), points.max(axis=0)
    return (points - low) / np.maximum(high - low, 1e-9)


def _cost(seen: np.ndarray, wanted: np.ndarray, token: int, ink: int) -> float:
    return float(((seen[ink] - wanted[token]) ** 2).sum())


def _row(row: Row) -> Set:
    places: Places = {}
    pen, above, below = 0.0, 0.5, 0.5
    for item in row.items:
        inner, width, high, low = _item(item)
        places |= _moved(inner, pen, 0.0)
        pen, above, below = pen + width, max(above, high), max(below, low)
    return places, pen, above, below


def _item(item: Item) -> Set:
    places, width, above, below = _base(item.base)
    widest = 0.0
    top, bottom = above, below
    for script in item.scripts:
        inner, wide, high, low = _row(script.row)
        inner = {token: (x / 2, y / 2) for token, (x, y) in inner.items()}
        if script.mark == "^":
            places |= _moved(inner, width, -above - low / 2 + 0.25)
            top = above + (high + low) / 2 - 0.25
        else:
            places |= _moved(inner, width, below + high / 2 - 0.25)
            bottom = below + (high + low) / 2 - 0.25
        widest = max(widest, wide / 2)
    return places, width + widest, top, bottom


def _base(base: Symbol | Fraction | Root | Accent | Matrix | Group) -> Set:
    match base:
        case Symbol(_, span):
            return {span[0]: (0.5, 0.0)}, 1.0, 0.5, 0.5
        case Fraction(upper, lower, span):
            up, wide, high, low = _row(upper)
            down, wide_below, high_below, low_below = _row(lower)
            width = max(wide, wide_below)
            places = {span[0]: (width / 2, 0.0)}
            places |= _moved(up, (width - wide) / 2, -low)
            places |= _moved(down, (width - wide_below) / 2, high_below)
            return places, width, high + low, high_below + low_below
        case Root(radicand, degree, span):
            inside, width, above, below = _row(radicand)
            places = {span[0]: (0.5 + width / 2, 0.0)} | _moved(inside, 1.0, 0.0)
            if degree is not None:
                inner, _, _, _ = _row(degree)
                places |= _moved({t: (x / 2, y / 2) for t, (x, y) in inner.items()}, 0.0, -0.5)
            return places, width + 1.0, above + 0.2, below
        case Accent(_, row, span):
            inside, width, above, below = _row(row)
            return inside | {span[0]: (width / 2, -above)}, width, above + 0.3, below
        case Matrix(cells):
            return _matrix([[_row(cell) for cell in line] for line in cells])
        case Group(row):
            return _row(row)
    raise TypeError(f"not a base of the normal form: {base!r}")


def _matrix(cells: list[list[Set]]) -> Set:
    columns = max(map(len, cells))
    widths = [max((line[i][1] for line in cells if i < len(line)), default=0.0) + 1.0
              for i in range(columns)]
    heights = [(max(cell[2] for cell in line), max(cell[3] for cell in line)) for line in cells]
    total = sum(high + low for high, low in heights)
    places: Places = {}
    top = -total / 2
    for line, (high, low) in zip(cells, heights, strict=True):
        left = 0.0
        for cell, width in zip(line, widths, strict=False):
            places |= _moved(cell[0], left + (width - cell[1]) / 2, top + high)
            left += width
        top += high + low
    return places, sum(widths), total / 2, total / 2


def _moved(places: Places, dx: float, dy: float) -> Places:
    return {token: (x + dx, y + dy) for token, (x, y) in places.items()}
