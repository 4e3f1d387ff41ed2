r"""The nodes of a formula's tree, and how they are written as tokens.

    x = Symbol("x")
    row = Row((Item(Fraction(Row((Item(x),)), Row((Item(x),)))),))
    serialize(row)                                   # ['\\frac', '{', 'x', '}', '{', 'x', '}']

A formula is a Row of Items. An Item is a base with its scripts; a base is a Symbol, a Fraction, a
Root, an Accent, a Matrix, a Binomial or a Group (braces of their own). Every node knows the span of
tokens that it was read from: half open, indices into the tokens given to `tree.parse`.

    \int \limits _ { 0 } ^ { 1 }      Item(Symbol(\int), (Script(_), Script(^)), limits=True)
    \lim _ { x \rightarrow 0 }        Item(Symbol(\lim), (Script(_),))
    \sqrt [ 3 ] { x }                 Item(Root(radicand=Row(x), degree=Row(3)))
    \hat { x }                        Item(Accent(r"\hat", Row(x)))
    \begin{matrix} a & b \\ c \end{matrix}      Item(Matrix(((Row(a), Row(b)), (Row(c),))))
"""

from collections.abc import Iterator
from dataclasses import dataclass

FRACTION, ROOT, LIMITS = r"\frac", r"\sqrt", r"\limits"
BINOMIAL, MATRIX, END_MATRIX = r"\binom", r"\begin{matrix}", r"\end{matrix}"
CELL, NEXT_ROW = "&", r"\\"                             # between cells, between rows of a matrix
OVER = frozenset({r"\hat", r"\tilde", r"\overline", r"\vec", r"\dot", r"\ddot"})
UNDER = frozenset({r"\underline"})
CALLIGRAPHIC = r"\mathcal"                              # a style: read as an accent without a mark
ACCENTS = OVER | UNDER | {CALLIGRAPHIC}
# Tokens that never have ink of their own.
STRUCTURE = frozenset({"_", "^", "{", "}", LIMITS, MATRIX, CELL, NEXT_ROW, END_MATRIX})

Span = tuple[int, int]
NOWHERE: Span = (-1, -1)                                # the span of a node that was not parsed


@dataclass(frozen=True)
class Symbol:
    """One written symbol: a letter, digit, operator, or a function's name such as `\\sin`."""

    token: str
    span: Span = NOWHERE


@dataclass(frozen=True)
class Row:
    """Items side by side: a whole formula or one argument, without the braces around it."""

    items: tuple["Item", ...]
    span: Span = NOWHERE


@dataclass(frozen=True)
class Fraction:
    """A bar with a row above and a row below; its bar is the ink of the `\\frac` token."""

    upper: Row
    lower: Row
    span: Span = NOWHERE


@dataclass(frozen=True)
class Root:
    """A radical, the ink of the `\\sqrt` token, with its radicand and perhaps a degree."""

    radicand: Row
    degree: Row | None = None
    span: Span = NOWHERE


@dataclass(frozen=True)
class Accent:
    """A mark over or under a row, the ink of its token: a hat, a line, an arrow, dots.

    `\\mathcal` is read as one without a mark; `tree.normal` makes symbols of it.
    """

    token: str
    row: Row
    span: Span = NOWHERE


@dataclass(frozen=True)
class Matrix:
    """Rows of cells without the brackets around them; rows may differ in length, cells be empty."""

    cells: tuple[tuple[Row, ...], ...]
    span: Span = NOWHERE


@dataclass(frozen=True)
class Binomial:
    """`\\binom`: a row over another in parentheses, without a bar; the normal form has none."""

    upper: Row
    lower: Row
    span: Span = NOWHERE


@dataclass(frozen=True)
class Group:
    """A row in braces that are no argument's; the normal form has none."""

    row: Row
    span: Span = NOWHERE


@dataclass(frozen=True)
class Script:
    """What hangs below (`_`) or above (`^`) a base; the span includes the mark and the braces."""

    mark: str
    row: Row
    span: Span = NOWHERE


Base = Symbol | Fraction | Root | Accent | Matrix | Binomial | Group


@dataclass(frozen=True)
class Item:
    """A base with its scripts, in the order in which they are written."""

    base: Base
    scripts: tuple[Script, ...] = ()
    limits: bool = False                # `\limits`: scripts stand under and over the base
    span: Span = NOWHERE

    def script(self, mark: str) -> Row | None:
        """The first script with this mark, if there is one."""
        return next((s.row for s in self.scripts if s.mark == mark), None)


Node = Row | Item | Base | Script


def emit(node: Node) -> Iterator[tuple[str, int]]:
    """The tokens of a node, each with the place it was parsed from (-1 for structure)."""
    match node:
        case Symbol(token, span):
            yield token, span[0]
        case Row(items):
            for item in items:
                yield from emit(item)
        case Item(base, scripts, limits):
            yield from emit(base)
            if limits:
                yield LIMITS, -1
            for script in scripts:
                yield from emit(script)
        case Script(mark, row):
            yield mark, -1
            yield from _braced(row)
        case Group(row):
            yield from _braced(row)
        case Fraction(upper, lower, span) | Binomial(upper, lower, span):
            yield FRACTION if isinstance(node, Fraction) else BINOMIAL, span[0]
            yield from _braced(upper)
            yield from _braced(lower)
        case Accent(token, row, span):
            yield token, span[0]
            yield from _braced(row)
        case Matrix(cells):
            yield MATRIX, -1
            for number, row in enumerate(cells):
                if number:
                    yield NEXT_ROW, -1
                yield from _cells(row)
            yield END_MATRIX, -1
        case Root(radicand, degree, span):
            yield ROOT, span[0]
            if degree is not None:
                yield "[", -1
                yield from emit(degree)
                yield "]", -1
            yield from _braced(radicand)


def _cells(row: tuple[Row, ...]) -> Iterator[tuple[str, int]]:
    for number, cell in enumerate(row):
        if number:
            yield CELL, -1
        yield from emit(cell)


def _braced(row: Row) -> Iterator[tuple[str, int]]:
    yield "{", -1
    yield from emit(row)
    yield "}", -1


def serialize(node: Node) -> list[str]:
    """Write a node as tokens, every argument in braces; the inverse of `tree.parse`.

    >>> serialize(Item(Symbol("x"), (Script("^", Row((Item(Symbol("2")),))),)))
    ['x', '^', '{', '2', '}']
    """
    return [token for token, _ in emit(node)]
