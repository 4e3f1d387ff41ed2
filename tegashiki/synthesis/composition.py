r"""Subexpressions of one writer joined and nested: real ink in an arrangement that nobody wrote.

    example = compose((HOLE, "+", HOLE), [one, two], bank, writer, rng)

A template is a formula with holes. `layout_engine` sets it as it sets any formula, and each hole
takes a subexpression of real ink as if it were one large symbol; the other symbols are samples of
the same writer. So two expressions come to stand side by side, one over the other, or one as the
exponent of the other, at the distances that this writer keeps.
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.synthesis import layout_engine
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.stroke_order import writing_order
from tegashiki.synthesis.subexpressions import Subexpression
from tegashiki.synthesis.synthesizer import ink_of
from tegashiki.synthesis.writer_style import WriterStyle
from tegashiki.tex.nodes import ACCENTS, FRACTION, ROOT, STRUCTURE
from tegashiki.tex.token_classes import token_class
from tegashiki.tex.tree import parse

HOLE = r"\hole"
_NO_LETTER = STRUCTURE | ACCENTS | {FRACTION, ROOT}
TEMPLATES = tuple(tuple(line.replace("#", HOLE).split()) for line in (
    "# = #", "# + #", "# - #", r"# \leq #", "# , #", "# #", r"# \times #", r"# \rightarrow #",
    "# < #", "( # ) #", "# ( # )", "# / #", "| # |", "[ # , # ]",
    r"\frac { # } { # }", r"\frac { 1 } { # }", r"# = \frac { # } { # }", r"\frac { # } { 2 } + #",
    r"\sqrt { # }", r"# = \sqrt { # }", r"\sqrt { # } - #",
    "( # ) ^ { 2 }", "e ^ { # }", "x ^ { # }", "( # ) ^ { # }", "a _ { # }",
    r"\sum _ { i = 1 } ^ { n } #", r"\int # d x", r"\int _ { 0 } ^ { 1 } # d t",
    r"\lim _ { x \rightarrow 0 } #", r"\sin ( # )", r"\log #", "f ( # ) = #",
))


# What only the wide vocabulary can write; used where the bank has the tokens.
WIDE_TEMPLATES = tuple(tuple(line.replace("#", HOLE).split()) for line in (
    r"\overline { # }", r"\overline { # } + #", r"\vec { # }", r"\hat { x } = #", r"# \approx #",
    r"# \equiv #", r"# \Rightarrow #", r"\prod _ { i = 1 } ^ { n } #", r"\| # \|",
    r"\langle # , # \rangle", r"\lfloor # \rfloor", r"\frac { \partial # } { \partial x }",
    r"\ln ( # )", r"\max \{ # , # \}", r"( \begin{matrix} # \\ # \end{matrix} )",
    r"[ \begin{matrix} # & # \\ # & # \end{matrix} ]",
    r"| \begin{matrix} # & # \\ # & # \end{matrix} |",
    r"( \begin{matrix} # & 0 \\ 0 & # \end{matrix} )",
    r"\{ \begin{matrix} # \\ # \end{matrix}",
    r"f ( x ) = \{ \begin{matrix} # & # \\ # & # \end{matrix}",
    r"[ \begin{matrix} # \\ # \\ # \end{matrix} ]", r"\begin{matrix} # \\ # \end{matrix}",
))


def compose(template: Sequence[str], subexpressions: Sequence[Subexpression], bank: GlyphBank,
            writer: WriterStyle, rng: np.random.Generator) -> Example:
    """The template with a subexpression in each hole, in x-heights of its main row.

    Raises TegashikiError unless there is one for each hole, or if the bank lacks a symbol.
    """
    holes = [i for i, token in enumerate(template) if token == HOLE]
    if len(holes) != len(subexpressions):
        raise TegashikiError(f"template: {' '.join(template)}: {len(holes)} holes for "
                             f"{len(subexpressions)} subexpressions; give one for each")
    random = BufferedRng(rng)
    row = parse(template)
    sampler = bank.statistics.sampler(writer.style, random)
    filled = dict(zip(holes, subexpressions, strict=True))
    page = layout_engine.place(row, template, writer, sampler, random,
                           {hole: subexpression.box for hole, subexpression in filled.items()})
    tokens, starts = _expanded(template, filled)
    symbols = ink_of(page, bank)
    strokes: list[np.ndarray] = []
    alignment: list[int] = []
    for token in writing_order(row, random, sampler.mean):
        if token in filled:
            ink, aligned = filled[token].strokes()
            at = page.filled[token]
            scale, shift = (page.sx[at], page.sy[at]), (page.tx[at], page.ty[at])
            strokes += [(stroke * scale + shift).astype(np.float32) for stroke in ink]
            alignment += [starts[token] + index for index in aligned]
        else:
            strokes += symbols[token]
            alignment += [starts[token]] * len(symbols[token])
    ink = Ink(strokes=tuple(strokes), writer=writer.style)
    return Example(ink, tokens, np.array(alignment, np.int16))


def with_holes(tokens: Sequence[str], random: BufferedRng, holes: int) -> tuple[str, ...]:
    """A formula with up to `holes` of its letters taken for holes: a template for nesting."""
    letters = [i for i, token in enumerate(tokens)
               if token_class(token) == "l" and token not in _NO_LETTER]
    chosen = {letters[random.below(len(letters))] for _ in range(holes)} if letters else set()
    return tuple(HOLE if i in chosen else token for i, token in enumerate(tokens))


def _expanded(template: Sequence[str], filled: dict[int, Subexpression]
              ) -> tuple[tuple[str, ...], list[int]]:
    """The whole formula, and where each token of the template begins in it."""
    tokens: list[str] = []
    starts = []
    for i, token in enumerate(template):
        starts.append(len(tokens))
        tokens += filled[i].tokens if i in filled else (token,)
    return tuple(tokens), starts
