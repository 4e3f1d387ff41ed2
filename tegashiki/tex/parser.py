r"""Reads tokens into a tree: the grammar of the formulas that people write by hand.

    row = parse(["x", "^", "{", "2", "}"])
    row.items[0].script("^").items[0].base.token     # '2'

    row      = item*
    item     = base [\limits] (("_" | "^") argument)*
    base     = symbol | \frac argument argument | \sqrt ["[" row "]"] argument | "{" row "}"
    argument = "{" row "}" | base
"""

from collections.abc import Sequence

from tegashiki.errors import TegashikiError
from tegashiki.tex.nodes import (
    FRACTION,
    LIMITS,
    ROOT,
    Base,
    Fraction,
    Group,
    Item,
    Root,
    Row,
    Script,
    Symbol,
)

MAX_DEPTH = 50      # rows inside rows; no person writes more, and a hostile file gets no recursion


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

    def row(self, closing: str) -> Row:
        """Items up to, not including, the closing token ('' = the end of the formula)."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"more than {MAX_DEPTH} levels deep", "write it flatter")
        begin, items = self.place, []
        while self.peek() != closing:
            items.append(self.item(closing))
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
        if token in ("}", "_", "^", LIMITS):
            raise self.fail(f"{token!r} with nothing before it", "remove it or add its base")
        if token == "{":
            row = self.argument("a group")
            return Group(row, (begin, self.place))
        self.place += 1
        if token == FRACTION:
            upper, lower = self.argument("the numerator"), self.argument("the denominator")
            return Fraction(upper, lower, (begin, self.place))
        if token == ROOT:
            degree = None
            if self.peek() == "[":
                self.place += 1
                degree = self.row("]")
                self.place += 1
            return Root(self.argument("the root"), degree, (begin, self.place))
        return Symbol(token, (begin, self.place))

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
