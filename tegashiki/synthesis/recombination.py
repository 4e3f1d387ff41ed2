r"""New examples out of real ones: every way that lines and alignment allow, behind one door.

    recombiner = Recombiner(measured, extract(measured))
    example = recombiner.make("compose", np.random.default_rng(1))

`cut` takes a subexpression out, `shorten` takes one away, `replace` puts another of the same writer
in its place, `swap` writes other symbols of like shape (all `edits`), `compose` joins and nests
subexpressions of one writer (`composition`), `truncate` stops while writing (`truncation`). In what
comes out every stroke is real and the formula is new. A way that a formula does not allow is tried
on another.
"""

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.synthesis import composition, edits
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.line_metrics import MeasuredFormula, MeasuredSet
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.subexpressions import Subexpression, SubexpressionBank
from tegashiki.synthesis.truncation import truncate
from tegashiki.synthesis.writer_style import StyleBank
from tegashiki.tex.tree import is_valid

WAYS = ("cut", "shorten", "replace", "swap", "compose", "truncate")
TRIES = 30
LONGEST_JOINED = 14          # tokens of a subexpression that is joined with others
NESTED = 0.35       # of the templates are real formulas with holes in place of letters


class Recombiner:
    """Measured formulas by writer, with their bank; `make` gives one new example."""

    def __init__(self, measured: MeasuredSet, bank: GlyphBank) -> None:
        self.formulas = measured.formulas
        self.bank = bank
        self.styles = StyleBank(bank)
        self.templates = composition.TEMPLATES + tuple(
            template for template in composition.WIDE_TEMPLATES
            if not bank.missing([token for token in template if token != composition.HOLE]))
        self.subexpressions = SubexpressionBank(measured)

    def make(self, way: str, rng: np.random.Generator, longest: int = 64) -> Example:
        """A new example of at most `longest` tokens, made in one of WAYS from random formulas.

        The unit of its ink is arbitrary: normalise it. Raises TegashikiError for an unknown way,
        and if no formula allows it.
        """
        if way not in WAYS:
            raise TegashikiError(f"recombine: {way!r}: unknown way; choose from {', '.join(WAYS)}")
        random = BufferedRng(rng)
        for _ in range(TRIES):
            formula = self.formulas[random.below(len(self.formulas))]
            example = self._try(way, formula, random, rng)
            if example is not None and len(example.tokens) <= longest:
                return example
        raise TegashikiError(f"recombine: {way}: no formula allows it; give more examples")

    def _try(self, way: str, formula: MeasuredFormula, random: BufferedRng, rng: np.random.Generator
             ) -> Example | None:
        match way:
            case "cut":
                return edits.cut_out(formula, random)
            case "shorten":
                return edits.shorten(formula, random)
            case "replace":
                return edits.replace(formula, self.subexpressions, random)
            case "swap":
                return edits.swap(formula, self.bank, self.styles.get(formula.style), random)
            case "compose":
                return self._composed(formula, random, rng)
        return truncate(formula.example, rng)

    def _composed(self, formula: MeasuredFormula, random: BufferedRng,
                  rng: np.random.Generator) -> Example | None:
        """Other ink of the formula's writer, in a template or in the formula itself."""
        if random() < NESTED:
            template = composition.with_holes(formula.example.tokens, random, 1 + random.below(2))
        else:
            template = self.templates[random.below(len(self.templates))]
        holes = template.count(composition.HOLE)
        if self.bank.missing([token for token in template if token != composition.HOLE]):
            return None
        chosen: list[Subexpression] = []
        for _ in range(holes):
            subexpression = self.subexpressions.draw(formula.style, random, LONGEST_JOINED)
            if subexpression is None:
                return None
            chosen.append(subexpression)
        if not chosen:
            return None
        writer = self.styles.get(formula.style)
        example = composition.compose(template, chosen, self.bank, writer, rng)
        # A subexpression that ends in a script cannot take the script of the letter it stands for.
        return example if is_valid(example.tokens) else None
