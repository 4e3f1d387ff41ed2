r"""Where marks stand over letters, and cells in a matrix: the part of the layout engine for these.

    box = place_accent(setter, node, unit, script)      # the row, and its hat, line or arrow
    box = place_matrix(setter, node, unit, script)      # cells in rows and columns, centred

`setter` is the layout engine at work; both return the bounds of what they set, in page units, with
the baseline of the line around them at y = 0.
"""

from collections.abc import Callable
from math import exp
from typing import Protocol

from tegashiki.synthesis.glyph import Box
from tegashiki.synthesis.layout_measurement import AXIS
from tegashiki.synthesis.page import Page, around, moved
from tegashiki.synthesis.writer_style import WriterStyle
from tegashiki.tex.nodes import UNDER
from tegashiki.tex.tree import Accent, Matrix, Row

_STRETCHED = frozenset({r"\overline", r"\underline", r"\vec"})   # as wide as what they cover
_WIDEST_HAT = 1.6            # x-heights; a hat or tilde covers the middle of more
_DOTS = frozenset({r"\dot", r"\ddot"})                            # keep their size
_LEAST_GAP = 0.04            # x-heights between a mark and what it covers


class Setter(Protocol):
    """What these functions need of the layout engine."""

    page: Page
    writer: WriterStyle
    random: Callable[[], float]
    draw: Callable[[str], list[float]]

    def row(self, row: Row, unit: float, script: bool) -> Box:
        """Sets a row, its baseline at y = 0 and its left edge at x = 0."""


def place_accent(setter: Setter, node: Accent, unit: float, script: bool) -> Box:
    """A row with its mark; the left edge of the row is at x = 0."""
    page, writer = setter.page, setter.writer
    held = setter.row(node.row, unit, script)
    number = writer.number(node.token, script, setter.random)
    left, top, right, bottom = writer.bank.boxes[number]
    gap, shift, ratio = setter.draw(f"accent {node.token}")
    wide, high = max(right - left, 0.02), bottom - top
    if node.token in _DOTS:
        sx = sy = unit * min(max(0.22 / max(high, 0.05), 0.3), 1.0)
    else:
        target = max(held[2] - held[0], 0.5 * unit) * exp(ratio)
        if node.token not in _STRETCHED:
            target = min(target, _WIDEST_HAT * unit)
        sx = target / wide
        sy = min(sx, unit * 0.6 / max(high, 0.1))       # a long line is not a thick one
    dx = (held[0] + held[2] - sx * wide) / 2 + shift * unit
    gap = max(gap, _LEAST_GAP) * unit
    dy = held[3] + gap - sy * top if node.token in UNDER else held[1] - gap - sy * bottom
    page.add(number, node.span[0], sx, sy, dx, dy)
    return around(held, (dx, dy + sy * top, dx + sx * wide, dy + sy * bottom))


def place_matrix(setter: Setter, node: Matrix, unit: float, script: bool) -> Box:
    """All cells, the middle of the whole on the axis of the line; the left edge at x = 0."""
    page, draw = setter.page, setter.draw
    size = unit * exp(draw("matrix size")[0])
    set_cells = [[_cell(setter, cell, size, script) for cell in line] for line in node.cells]
    columns = max(map(len, node.cells))
    widths = [max((box[2] - box[0] for line in set_cells if i < len(line)
                   if (box := line[i][2]) is not None), default=0.5 * unit)
              for i in range(columns)]
    apart = [draw("matrix columns")[0], draw("matrix rows")[0]]
    edges = [0.0]
    for width in widths[:-1]:
        gap = (apart[0] + draw("matrix columns")[0]) / 2
        edges.append(edges[-1] + width + max(gap, 0.25) * unit)
    usual = draw("matrix place")[0]
    total: Box | None = None
    below = 0.0                                          # the lowest ink of the row above
    for number, line in enumerate(set_cells):
        found = [box for _, _, box in line if box is not None]
        rise = max((-box[1] for box in found), default=unit)
        fall = max((box[3] for box in found), default=0.0)
        if number:
            gap = (apart[1] + draw("matrix rows")[0]) / 2
            below += max(gap, 0.1) * unit
        level = below + rise
        below = level + fall
        for (first, last, box), edge, width in zip(line, edges, widths, strict=False):
            if box is None:
                continue
            place = min(max((usual + draw("matrix place")[0]) / 2, 0.0), 1.0)
            dx = edge + place * (width - (box[2] - box[0])) - box[0]
            dy = level + draw("matrix drop")[0] * unit
            page.shift(first, last, dx, dy)
            box = moved(box, dx, dy)
            total = box if total is None else around(total, box)
    if total is None:
        return 0.0, -unit, unit, 0.0
    dy = (draw("matrix axis")[0] - AXIS) * unit - (total[1] + total[3]) / 2
    start = min(first for line in set_cells for first, _, _ in line)
    page.shift(start, len(page.samples), -total[0], dy)
    return moved(total, -total[0], dy)


def _cell(setter: Setter, cell: Row, unit: float, script: bool
          ) -> tuple[int, int, Box | None]:
    """Where a cell's samples are on the page, and its box; none if it is empty."""
    first = len(setter.page.samples)
    box = setter.row(cell, unit, script) if cell.items else None
    return first, len(setter.page.samples), box
