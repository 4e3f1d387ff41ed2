r"""Complete sub-expressions of real ink, cut out by the alignment, to learn from and to build with.

    pieces = Pieces(ruling.rule(examples))
    piece = pieces.draw(style, dice)              # a few signs side by side, in one hand
    print(piece.tokens, piece.box)                # in x-heights of the row it stood on

A piece is a run of neighbours in one row, with everything that hangs on them, whose every sign has
its ink, whose brackets match and that reads well. Its tokens are a formula themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tegashiki.synthesis.glyph_bank import Box
from tegashiki.synthesis.line_metrics import Ruled, Written, children, sign_of
from tegashiki.synthesis.rng import Dice
from tegashiki.tex.token_classes import OPENING, reads_well
from tegashiki.tex.tree import Item, Row, Span, Symbol

LONGEST = 24           # tokens of a piece
_BRACKETS = frozenset(OPENING) | frozenset(OPENING.values())


@dataclass(frozen=True, eq=False)
class Piece:
    """A run of neighbours of one written row."""

    written: Written
    row: Span                   # of the row that they stand in
    span: Span                  # of their tokens

    @property
    def tokens(self) -> tuple[str, ...]:
        """Its formula."""
        return self.written.example.tokens[self.span[0] : self.span[1]]

    @property
    def box(self) -> Box:
        """Its bounds in x-heights of its row: the left edge at 0, the baseline at 0, y down."""
        left, top, right, bottom = self.written.box(self.span)
        baseline, unit = self.written.rows[self.row]
        return (0.0, (top - baseline) / unit, (right - left) / unit, (bottom - baseline) / unit)

    def strokes(self) -> tuple[list[np.ndarray], list[int]]:
        """Its ink in the same unit, and for each stroke the index of its token in `tokens`."""
        numbers = self.written.strokes(self.span)
        baseline, unit = self.written.rows[self.row]
        origin = np.array([self.written.box(self.span)[0], baseline])
        ink, alignment = self.written.example.ink.strokes, self.written.example.alignment
        return ([((ink[i] - origin) / unit).astype(np.float32) for i in numbers],
                [int(alignment[i]) - self.span[0] for i in numbers])


class Pieces:
    """All pieces, by hand; a hand's are listed when it is asked for."""

    def __init__(self, ruled: Ruled) -> None:
        self.by_style: dict[str, list[Written]] = {}
        self._found: dict[str, list[Piece]] = {}
        for written in ruled.written:
            self.by_style.setdefault(written.style, []).append(written)

    @property
    def styles(self) -> tuple[str, ...]:
        """Hands, sorted."""
        return tuple(sorted(self.by_style))

    def of(self, style: str) -> list[Piece]:
        """All pieces of a hand, with at least two tokens each."""
        if style not in self._found:
            self._found[style] = [
                piece for written in self.by_style.get(style, ())
                for piece in pieces_of(written) if piece.span[1] - piece.span[0] > 1]
        return self._found[style]

    def draw(self, style: str, dice: Dice, longest: int = LONGEST) -> Piece | None:
        """A piece of a hand with at most `longest` tokens; None if a few tries find none."""
        found = self.of(style)
        for _ in range(6 if found else 0):
            piece = found[dice.below(len(found))]
            if piece.span[1] - piece.span[0] <= longest:
                return piece
        return None


def pieces_of(written: Written, longest: int = LONGEST) -> Iterator[Piece]:
    """Every piece of one formula, the formula itself among them."""
    for row in _rows(written.tree):
        whole = [_has_ink(item, written) for item in row.items]
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
                    yield Piece(written, row.span, span)


def _rows(row: Row) -> Iterator[Row]:
    yield row
    for item in row.items:
        for _, inner in children(item):
            yield from _rows(inner)


def _has_ink(item: Item, written: Written) -> bool:
    """Whether the item and all inside it have ink."""
    sign = sign_of(item)
    return (sign is None or sign in written.boxes) and all(
        _has_ink(one, written) for _, row in children(item) for one in row.items)
