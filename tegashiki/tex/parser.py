r"""Reads tokens into a tree: the grammar of the formulas that people write by hand.

    row = parse(["x", "^", "{", "2", "}"])
    row.items[0].script("^").items[0].base.token     # '2'

    row      = item*
    item     = base [\limits] (("_" | "^") argument)*
    base     = symbol | \frac argument argument | \sqrt ["[" row "]"] argument | "{" row "}"
             | accent argument | \binom argument argument | \begin{matrix} cells \end{matrix}
    cells    = row (("&" | "\\") row)*
    argument = "{" row "}" | base
"""

from collections.abc import Sequence

from tegashiki.errors import TegashikiError
from tegashiki.tex.nodes import (
    ACCENTS,
    BINOMIAL,
    CELL,
    END_MATRIX,
    FRACTION,
    LIMITS,
    MATRIX,
    NEXT_ROW,
    ROOT,
    Accent,
    Base,
    Binomial,
    Fraction,
    Group,
    Item,
    Matrix,
    Root,
    Row,
    Script,
    Symbol,
)

MAX_DEPTH = 50      # rows inside rows; no person writes more, and a hostile file gets no recursion


_CELL_ENDS = (CELL, NEXT_ROW, END_MATRIX)
_NO_BASE = frozenset({"}", "_", "^", LIMITS, *_CELL_ENDS})


class _Reader:
    """Recursive descent over a token list; one method for each thing that can stand somewhere."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    def fail(self, what: str, mend: str) -> TegashikiError:
        return TegashikiError(f"formula: token {self.place}: {what}; {mend}")

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def row(self, *closing: str) -> Row:
        """Items up to, not including, a closing token ('' = the end of the formula)."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"more than {MAX_DEPTH} levels deep", "write it flatter")
        begin, items = self.place, []
        while self.peek() not in closing:
            items.append(self.item(closing[-1]))
        self.depth -= 1
        return Row(tuple(items), (begin, self.place))

    def item(self, closing: str) -> Item:
        begin = self.place
        base = self.base(closing)
        limits = self.peek() == LIMITS
        self.place += limits
        scripts = []
        while self.peek() in ("_", "^"):
            start, mark = self.place, self.peek()
            self.place += 1
            row = self.argument(f"the script {mark}")
            scripts.append(Script(mark, row, (start, self.place)))
        return Item(base, tuple(scripts), limits, (begin, self.place))

    def base(self, closing: str) -> Base:
        begin, token = self.place, self.peek()
        if not token:
            raise self.fail(f"ends before {closing!r}", "close what is open")
        if token in _NO_BASE:
            raise self.fail(f"{token!r} with nothing before it", "remove it or add its base")
        if token == "{":
            row = self.argument("a group")
            return Group(row, (begin, self.place))
        self.place += 1
        if token in (FRACTION, BINOMIAL):
            upper, lower = self.argument("the numerator"), self.argument("the denominator")
            node = Fraction if token == FRACTION else Binomial
            return node(upper, lower, (begin, self.place))
        if token == ROOT:
            degree = None
            if self.peek() == "[":
                self.place += 1
                degree = self.row("]")
                self.place += 1
            return Root(self.argument("the root"), degree, (begin, self.place))
        if token in ACCENTS:
            return Accent(token, self.argument(f"the accent {token}"), (begin, self.place))
        if token == MATRIX:
            cells = self.cells()
            return Matrix(cells, (begin, self.place))
        return Symbol(token, (begin, self.place))

    def cells(self) -> tuple[tuple[Row, ...], ...]:
        """The rows of a matrix, up to and including its end."""
        rows: list[list[Row]] = [[]]
        while True:
            rows[-1].append(self.row(*_CELL_ENDS))
            self.place += 1
            end = self.tokens[self.place - 1]
            if end == END_MATRIX:
                return tuple(map(tuple, rows))
            if end == NEXT_ROW:
                rows.append([])

    def argument(self, what: str) -> Row:
        """A row in braces, or one base without braces, as TeX takes it."""
        if not self.peek():
            raise self.fail(f"{what} has no argument", "add it in braces")
        if self.peek() == "{":
            self.place += 1
            row = self.row("}")
            self.place += 1
            return row
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"more than {MAX_DEPTH} levels deep", "write it flatter")
        begin = self.place
        base = self.base("}")
        self.depth -= 1
        span = (begin, self.place)
        return Row((Item(base, span=span),), span)


def parse(tokens: Sequence[str]) -> Row:
    r"""Read tokens into a tree.

    >>> [item.span for item in parse(["x", "^", "{", "2", "}", "+", "y"]).items]
    [(0, 5), (5, 6), (6, 7)]

    An argument may also be a single base without braces. Raises TegashikiError that names the token
    where a brace, an argument or a base is missing, or where it is nested deeper than MAX_DEPTH.
    """
    return _Reader(tokens).row("")
