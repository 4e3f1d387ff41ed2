r"""New examples out of real ones: every way that lines and alignment allow, behind one door.

    recombiner = Recombiner(ruled, bank.cut(ruled))
    example = recombiner.make("compose", np.random.default_rng(1))

`cut` takes a sub-expression out, `shorten` takes one away, `replace` puts another of the same hand
in its place, `swap` writes other symbols of like shape (all `edit`), `compose` joins and nests
pieces of one hand (`compose`), `truncate` stops while writing (`truncate`). In what comes out every
stroke is real and the formula is new. A way that a formula does not allow is tried on another.
"""

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.synthesis import composition, edits
from tegashiki.synthesis.glyph_bank import SymbolBank
from tegashiki.synthesis.line_metrics import Ruled, Written
from tegashiki.synthesis.rng import Dice
from tegashiki.synthesis.subexpressions import Piece, Pieces
from tegashiki.synthesis.truncation import truncate
from tegashiki.synthesis.writer_style import Hands
from tegashiki.tex.tree import is_valid

WAYS = ("cut", "shorten", "replace", "swap", "compose", "truncate")
TRIES = 30
PIECE = 14          # tokens of a piece that is joined with others
NESTED = 0.35       # of the templates are real formulas with holes in place of letters


class Recombiner:
    """Written formulas by hand, with their bank; `make` gives one new example."""

    def __init__(self, ruled: Ruled, bank: SymbolBank) -> None:
        self.written = ruled.written
        self.bank = bank
        self.hands = Hands(bank)
        self.pieces = Pieces(ruled)

    def make(self, way: str, rng: np.random.Generator, longest: int = 64) -> Example:
        """A new example of at most `longest` tokens, made in one of WAYS from random formulas.

        The unit of its ink is arbitrary: normalise it. Raises TegashikiError for an unknown way,
        and if no formula allows it.
        """
        if way not in WAYS:
            raise TegashikiError(f"recombine: {way!r}: unknown way; choose from {', '.join(WAYS)}")
        dice = Dice(rng)
        for _ in range(TRIES):
            written = self.written[dice.below(len(self.written))]
            example = self._try(way, written, dice, rng)
            if example is not None and len(example.tokens) <= longest:
                return example
        raise TegashikiError(f"recombine: {way}: no formula allows it; give more examples")

    def _try(self, way: str, written: Written, dice: Dice, rng: np.random.Generator
             ) -> Example | None:
        match way:
            case "cut":
                return edits.cut_out(written, dice)
            case "shorten":
                return edits.shorten(written, dice)
            case "replace":
                return edits.replace(written, self.pieces, dice)
            case "swap":
                return edits.swap(written, self.bank, self.hands.hand(written.style), dice)
            case "compose":
                return self._composed(written, dice, rng)
        return truncate(written.example, rng)

    def _composed(self, written: Written, dice: Dice, rng: np.random.Generator) -> Example | None:
        """Pieces of the hand that wrote the formula, in a template or in the formula itself."""
        if dice() < NESTED:
            template = composition.with_holes(written.example.tokens, dice, 1 + dice.below(2))
        else:
            template = composition.TEMPLATES[dice.below(len(composition.TEMPLATES))]
        holes = template.count(composition.HOLE)
        if self.bank.missing([token for token in template if token != composition.HOLE]):
            return None
        chosen: list[Piece] = []
        for _ in range(holes):
            piece = self.pieces.draw(written.style, dice, PIECE)
            if piece is None:
                return None
            chosen.append(piece)
        if not chosen:
            return None
        hand = self.hands.hand(written.style)
        example = composition.compose(template, chosen, self.bank, hand, rng)
        # A piece that ends in a script cannot take the script of the letter it stands for.
        return example if is_valid(example.tokens) else None
