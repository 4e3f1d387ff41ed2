r"""Puts the symbols of a formula on the page as a writer would: the layout engine of synthesis.

    page = layout_engine.place(parse(tokens), tokens, writer, sampler, random)
    print(page.tokens, page.sx, page.tx)         # scale and shift of each symbol's sample

A recursive box layout, like TeX's, but each distance is drawn from the writer's statistics and each
box is the bounds of a sample's real ink. Every row is set on its own, its baseline at y = 0 and its
first symbol at x = 0, then moved into its place as a whole. Brackets, integrals, bars and roots are
stretched to what they hold. Only Python floats are touched here; the ink follows in one step.
"""

from collections.abc import Callable, Mapping, Sequence
from math import exp

from tegashiki.errors import TegashikiError
from tegashiki.synthesis.glyph import Box
from tegashiki.synthesis.layout_measurement import (
    BIG_SYMBOLS,
    FOLLOWING,
    script_key,
    script_line,
    size_class,
)
from tegashiki.synthesis.layout_statistics import LayoutSampler
from tegashiki.synthesis.page import Page, around, moved
from tegashiki.synthesis.structure_layout import place_accent, place_matrix
from tegashiki.synthesis.writer_style import WriterStyle
from tegashiki.tex.token_classes import BARS, OPENING, brackets, item_class
from tegashiki.tex.tree import Accent, Fraction, Group, Item, Matrix, Root, Row, Symbol

_TALL_SCRIPT = 2.0            # x-heights of its own line that a script may rise before it is moved
LEAST_GAP = -0.35             # x-heights; a real overlap is more than that only by slips
SIZE_JITTER = 0.04            # log, of a symbol against its sample; uniform, so times sqrt(3)


def place(row: Row, tokens: Sequence[str], writer: WriterStyle, sampler: LayoutSampler,
          random: Callable[[], float], holes: Mapping[int, Box] | None = None,
          borrowed: float = 0.0) -> Page:
    """All symbols of a formula: the main row's baseline at 0 and its x-height 1, y down.

    `holes` gives boxes (in x-heights, left edge and baseline at 0) for tokens whose ink somebody
    else has; they are on the page with sample -1. `borrowed` is the chance that a symbol is written
    as a similar writer writes it. Raises TegashikiError if the bank has no sample of some token.
    """
    setter = _Setter(tokens, writer, sampler, random, holes or {}, borrowed)
    setter.row(row, 1.0, False)
    return setter.page


class _Setter:
    """Sets rows and items; each method returns the box of what it set, in page units."""

    def __init__(self, tokens: Sequence[str], writer: WriterStyle, sampler: LayoutSampler,
                 random: Callable[[], float], holes: Mapping[int, Box], borrowed: float) -> None:
        self.holes, self.borrowed = holes, borrowed
        self.tokens, self.bank, self.writer, self.random = tokens, writer.bank, writer, random
        self.sampler, self.draw = sampler, sampler.draw
        self.page = Page()

    def row(self, row: Row, unit: float, script: bool) -> Box:
        items = row.items
        if not items:
            return (0.0, -unit, 0.0, 0.0)
        boxes: list[Box | None] = [None] * len(items)
        ranges: list[tuple[int, int]] = [(0, 0)] * len(items)
        page = self.page
        pairs = brackets(items)
        fences = _fences(items, pairs)
        waiting = {i for pair in pairs for i in pair} | fences.keys()
        growing = [i for i, item in enumerate(items)
                   if isinstance(item.base, Symbol) and item.base.token in BIG_SYMBOLS]
        waiting.update(growing)

        def put(i: int, reach: tuple[float, float] | None) -> None:
            first = len(page.samples)
            boxes[i] = self.item(items[i], unit, script, reach)
            ranges[i] = (first, len(page.samples))

        for i in range(len(items)):
            if i not in waiting:
                put(i, None)
        for i in reversed(growing):
            after = [boxes[j] for j in range(i + 1, min(i + 1 + FOLLOWING, len(items)))]
            top, bottom = self._extent(after, unit)
            high, low = self.draw(f"grow {items[i].base.token} {size_class((bottom - top) / unit)}")
            put(i, (top - high * unit, bottom + low * unit) if after else None)
        for first, last in pairs:
            top, bottom = self._extent(boxes[first + 1 : last], unit)
            matrix = any(isinstance(item.base, Matrix) for item in items[first + 1 : last])
            size = "M" if matrix else size_class((bottom - top) / unit)
            margins = self.draw(f"bracket {size}")
            put(first, (top - margins[0] * unit, bottom + margins[1] * unit))
            put(last, (top - margins[2] * unit, bottom + margins[3] * unit))
        for i, held in fences.items():
            top, bottom = self._extent([boxes[held]], unit)
            high, low = self.draw("bracket M")[:2]
            put(i, (top - high * unit, bottom + low * unit))

        total = boxes[0]
        page.shift(*ranges[0], -total[0], 0.0)
        total = moved(total, -total[0], 0.0)
        pen = total[2]
        for i in range(1, len(items)):
            before = "x" if items[i - 1].scripts else item_class(items[i - 1])
            gap = self.draw(f"gap {before}{item_class(items[i])}")[0]
            dx = pen + max(gap, LEAST_GAP) * unit - boxes[i][0]
            page.shift(*ranges[i], dx, 0.0)
            box = moved(boxes[i], dx, 0.0)
            pen = box[2]
            total = around(total, box)
        return total

    def _extent(self, boxes: Sequence[Box | None], unit: float) -> tuple[float, float]:
        """Top and bottom of what is set already; of a plain line where nothing is."""
        found = [box for box in boxes if box is not None]
        if not found:
            return -1.2 * unit, 0.0
        return min(box[1] for box in found), max(box[3] for box in found)

    def item(self, item: Item, unit: float, script: bool,
             reach: tuple[float, float] | None) -> Box:
        match item.base:
            case Symbol(_, span):
                base = self.symbol(span[0], unit, script, reach)
            case Fraction():
                base = self.fraction(item.base, unit, script)
            case Root():
                base = self.root(item.base, unit, script)
            case Group(row):
                base = self.row(row, unit, script)
            case Accent():
                base = place_accent(self, item.base, unit, script)
            case Matrix():
                base = place_matrix(self, item.base, unit, script)
            case _:
                raise TegashikiError(f"layout: {item.base!r} is not of the normal form; "
                                     "make the formula canonical first")
        return self.scripts(item, base, unit) if item.scripts else base

    def symbol(self, token: int, unit: float, script: bool,
             reach: tuple[float, float] | None) -> Box:
        """One symbol on its line, or stretched to reach from a top to a bottom."""
        random = self.random
        if token in self.holes:
            number, (left, top, right, bottom) = -1, self.holes[token]
            self.page.filled[token] = len(self.page.samples)
        else:
            number = self.writer.number(self.tokens[token], script, random, self.borrowed)
            left, top, right, bottom = self.bank.boxes[number]
        size = unit * exp(SIZE_JITTER * 3.46 * (random() - 0.5))
        if reach is None:
            self.page.add(number, token, size, size, 0.0, 0.0)
            return 0.0, size * top, size * (right - left), size * bottom
        height = max(reach[1] - reach[0], 1.1 * unit)
        sy = height / max(bottom - top, 0.3)
        sx = size * min(max(sy / size, 0.5), 3.0) ** 0.4
        # the middle stays where it was meant if the height had to be made larger
        ty = (reach[0] + reach[1] - height) / 2 - sy * top
        self.page.add(number, token, sx, sy, 0.0, ty)
        return 0.0, ty + sy * top, sx * (right - left), ty + sy * bottom

    def scripts(self, item: Item, base: Box, unit: float) -> Box:
        page = self.page
        name = item.base.token if isinstance(item.base, Symbol) else ""
        key = f"stacked {name}\\limits" if item.limits else f"stacked {name}"
        stacked = item_class(item) == "B" and self.random() < self.sampler.mean(key)[0]
        total, above, below = base, None, None
        for one in item.scripts:
            first = len(page.samples)
            if stacked:
                ratio, gap, shift = self.draw("under" if one.mark == "_" else "over")
                box = self.row(one.row, unit * exp(ratio), True)
                dx = (base[0] + base[2] - box[0] - box[2]) / 2 + shift * unit
                dy = (base[3] + gap * unit - box[1] if one.mark == "_"
                      else base[1] - gap * unit - box[3])
            else:
                key = script_key(one.mark, item, -base[1] / unit, base[3] / unit)
                ratio, drop, gap = self.draw(key)
                size = unit * exp(ratio)
                box = self.row(one.row, size, True)
                dx = base[2] + gap * unit - box[0]
                dy = script_line(key, base, 0.0) + drop * unit
                # what hangs far below the script's own line, as a fraction does, makes room
                if one.mark == "^" and box[3] > 0.6 * size:
                    dy -= box[3] - 0.6 * size
                elif one.mark == "_" and box[1] < -_TALL_SCRIPT * size:
                    dy += -box[1] - _TALL_SCRIPT * size
            page.shift(first, len(page.samples), dx, dy)
            box = moved(box, dx, dy)
            if one.mark == "^":
                above = (first, len(page.samples), box)
            else:
                below = (first, len(page.samples), box)
        if above and below:
            overlap = above[2][3] - below[2][1] + 0.1 * unit
            if overlap > 0:
                above, below = (self._aside(above, -overlap / 2), self._aside(below, overlap / 2))
        for part in (above, below):
            if part:
                total = around(total, part[2])
        return total

    def _aside(self, part: tuple[int, int, Box], dy: float) -> tuple[int, int, Box]:
        self.page.shift(part[0], part[1], 0.0, dy)
        return part[0], part[1], moved(part[2], 0.0, dy)

    def fraction(self, node: Fraction, unit: float, script: bool) -> Box:
        page = self.page
        number = self.writer.number(r"\frac", script, self.random)
        left, top, right, bottom = self.bank.boxes[number]
        middle = (top + bottom) / 2
        level = min(max(middle, -1.0), -0.1) * unit
        sizes = self.draw("fraction ?")
        first = len(page.samples)
        upper = self.row(node.upper, unit * exp(sizes[0]), script)
        second = len(page.samples)
        lower = self.row(node.lower, unit * exp(sizes[1]), script)
        last = len(page.samples)
        widths = upper[2] - upper[0], lower[2] - lower[0]
        wide = max(widths)
        _, _, gap_up, gap_down, over_left, over_right, where = self.draw(
            "fraction short" if wide < 2.5 * unit else "fraction long")
        length = max(wide + (over_left + over_right) * unit, 0.8 * wide, 0.8 * unit)
        start = over_left * unit                       # of the wider row, from the bar's left end
        places = []
        for width in widths:
            slack = length - width
            places.append(start if width == wide else
                          slack * (min(max(where, 0.0), 1.0) if slack > 0 else 0.5))
        up = (places[0] - upper[0], level - max(gap_up, 0.05) * unit - upper[3])
        down = (places[1] - lower[0], level + max(gap_down, 0.05) * unit - lower[1])
        page.shift(first, second, *up)
        page.shift(second, last, *down)
        sx = length / max(right - left, 0.2)
        sy = unit * min(max(sx / unit, 0.3), 2.5) ** 0.5
        page.add(number, node.span[0], sx, sy, 0.0, level - sy * middle)
        bar = (0.0, level + sy * (top - middle), length, level + sy * (bottom - middle))
        return around(around(bar, moved(upper, *up)), moved(lower, *down))

    def root(self, node: Root, unit: float, script: bool) -> Box:
        page, writer = self.page, self.writer
        number = writer.number(r"\sqrt", script, self.random)
        _, top, right, bottom = writer.bank.boxes[number]
        knee = writer.knee(number)
        first = len(page.samples)
        inside = self.row(node.radicand, unit * exp(self.draw("root ?")[0]), script)
        last = len(page.samples)
        height = inside[3] - inside[1]
        _, drop, inset, over, beyond, under = self.draw(
            "root tall" if height > 2.4 * unit else "root flat")
        sign_top = inside[1] + drop * unit - max(over, 0.1) * unit
        tall = max(inside[3] + (drop + under) * unit - sign_top, 1.3 * unit)
        sy = tall / max(bottom - top, 0.3)
        sx = unit * min(max(sy / unit, 0.5), 3.0) ** 0.5
        bend = sx * knee
        move = bend + inset * unit - inside[0], drop * unit
        page.shift(first, last, *move)
        inside = moved(inside, *move)
        end = max(inside[2] + beyond * unit, bend + 0.5 * unit)
        page.knee[len(page.samples)] = knee
        page.bar[len(page.samples)] = (end - bend) / max(right - knee, 0.1)
        page.add(number, node.span[0], sx, sy, 0.0, sign_top - sy * top)
        total = around(inside, (0.0, sign_top, end, sign_top + tall))
        if node.degree is not None:
            ratio, reach, low = self.draw("degree")
            first = len(page.samples)
            box = self.row(node.degree, unit * exp(ratio), True)
            move = bend + reach * unit - box[2], sign_top + low * unit - box[3]
            page.shift(first, len(page.samples), *move)
            total = around(total, moved(box, *move))
        return total


_BRACKETS = frozenset(OPENING) | frozenset(OPENING.values()) | BARS


def _fences(items: Sequence[Item], pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Brackets without a partner beside a matrix, as the brace of cases: {bracket: matrix}."""
    paired = {i for pair in pairs for i in pair}
    found = {}
    for i, item in enumerate(items):
        if isinstance(item.base, Matrix):
            for j in (i - 1, i + 1):
                other = items[j].base if 0 <= j < len(items) else None
                if isinstance(other, Symbol) and other.token in _BRACKETS and j not in paired:
                    found[j] = i
    return found
