r"""Pieces of one hand joined and nested: real ink in an arrangement that nobody wrote.

    example = compose((HOLE, "+", HOLE), [one, two], symbols, hand, rng)

A template is a formula with holes. The layout engine of `placement` sets it as it sets any formula,
a piece of real ink standing in each hole as one large sign; the other signs are samples of the
same hand. So two expressions come to stand side by side, one over the other, or one as the exponent
of the other, at the distances that this writer keeps.
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.synthesis import layout_engine
from tegashiki.synthesis.glyph_bank import SymbolBank
from tegashiki.synthesis.rng import Dice
from tegashiki.synthesis.stroke_order import written
from tegashiki.synthesis.subexpressions import Piece
from tegashiki.synthesis.synthesizer import ink_of
from tegashiki.synthesis.writer_style import Hand
from tegashiki.tex.nodes import FRACTION, ROOT, STRUCTURE
from tegashiki.tex.token_classes import token_class
from tegashiki.tex.tree import parse

HOLE = r"\hole"
_NO_SIGN = STRUCTURE | {FRACTION, ROOT}
TEMPLATES = tuple(tuple(line.replace("#", HOLE).split()) for line in (
    "# = #", "# + #", "# - #", r"# \leq #", "# , #", "# #", r"# \times #", r"# \rightarrow #",
    "# < #", "( # ) #", "# ( # )", "# / #", "| # |", "[ # , # ]",
    r"\frac { # } { # }", r"\frac { 1 } { # }", r"# = \frac { # } { # }", r"\frac { # } { 2 } + #",
    r"\sqrt { # }", r"# = \sqrt { # }", r"\sqrt { # } - #",
    "( # ) ^ { 2 }", "e ^ { # }", "x ^ { # }", "( # ) ^ { # }", "a _ { # }",
    r"\sum _ { i = 1 } ^ { n } #", r"\int # d x", r"\int _ { 0 } ^ { 1 } # d t",
    r"\lim _ { x \rightarrow 0 } #", r"\sin ( # )", r"\log #", "f ( # ) = #",
))


def compose(template: Sequence[str], pieces: Sequence[Piece], bank: SymbolBank, hand: Hand,
            rng: np.random.Generator) -> Example:
    """The template with a piece in each hole, in x-heights of its main row.

    Raises TegashikiError if there are not as many pieces as holes or the bank lacks a symbol.
    """
    holes = [i for i, token in enumerate(template) if token == HOLE]
    if len(holes) != len(pieces):
        raise TegashikiError(f"template: {' '.join(template)}: {len(holes)} holes for "
                             f"{len(pieces)} pieces; give one for each")
    dice = Dice(rng)
    row = parse(template)
    manner = bank.habits.manner(hand.style, dice)
    filled = dict(zip(holes, pieces, strict=True))
    page = layout_engine.place(row, template, hand, manner, dice,
                           {hole: piece.box for hole, piece in filled.items()})
    tokens, starts = _expanded(template, filled)
    signs = ink_of(page, bank)
    strokes: list[np.ndarray] = []
    alignment: list[int] = []
    for token in written(row, dice, manner.mean):
        if token in filled:
            ink, aligned = filled[token].strokes()
            at = page.filled[token]
            scale, shift = (page.sx[at], page.sy[at]), (page.tx[at], page.ty[at])
            strokes += [(stroke * scale + shift).astype(np.float32) for stroke in ink]
            alignment += [starts[token] + index for index in aligned]
        else:
            strokes += signs[token]
            alignment += [starts[token]] * len(signs[token])
    ink = Ink(strokes=tuple(strokes), writer=hand.style)
    return Example(ink, tokens, np.array(alignment, np.int16))


def with_holes(tokens: Sequence[str], dice: Dice, holes: int) -> tuple[str, ...]:
    """A formula with up to `holes` of its letters taken for holes: a template for nesting."""
    letters = [i for i, token in enumerate(tokens)
               if token_class(token) == "l" and token not in _NO_SIGN]
    chosen = {letters[dice.below(len(letters))] for _ in range(holes)} if letters else set()
    return tuple(HOLE if i in chosen else token for i, token in enumerate(tokens))


def _expanded(template: Sequence[str], filled: dict[int, Piece]
              ) -> tuple[tuple[str, ...], list[int]]:
    """The whole formula, and where each token of the template begins in it."""
    tokens: list[str] = []
    starts = []
    for i, token in enumerate(template):
        starts.append(len(tokens))
        tokens += filled[i].tokens if i in filled else (token,)
    return tuple(tokens), starts
