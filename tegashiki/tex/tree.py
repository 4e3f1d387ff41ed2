r"""The tree of a formula: parse, judge, cut, and bring to one canonical spelling.

    row = parse(tokenize(r"x ^ 2 _ i"))
    serialize(row)                                   # ['x', '^', '{', '2', '}', '_', '{', 'i', '}']
    canonical(serialize(row))                        # ['x', '_', '{', 'i', '}', '^', '{', '2', '}']

What a node is stands in `nodes`, the grammar in `parser`. Canonical, and nothing more than that:

- braces that group and do not change which symbols stand where are dropped (`{ x }`, `{ a b } ^ 2`:
  on paper the script hangs on b either way); `{ x ^ 2 } ^ 3` keeps them;
- a subscript stands before a superscript, an empty script or group is dropped;
- a prime is a superscript: `f '`, `f ^ { ' }` and `f ^ { \prime }` are the last one, and
  `f ^ { \prime } ^ { 2 }`, which TeX would not take, is `f ^ { \prime 2 }` as TeX makes of `f'^2`;
- `\limits` is dropped: where the limits stand is style, not another formula, and the captions of
  test2014 never say it. Choosing `keep_limits` leaves it on the bases named, as the captions of
  train write it on `\int`, which is the only base that would be drawn otherwise in a display.

Of what only the wide vocabulary can say:

- a matrix has no row and no column that is empty everywhere, and no row ends with an empty cell;
  a matrix of one cell is what stands in the cell;
- `\binom { n } { k }` is `( \begin{matrix} n \\ k \end{matrix} )`: on paper they are the same;
- `\mathcal { L }` is the symbol `\mathcal{L}`; the style of anything but capitals is dropped;
- names that TeX has for one and the same drawing are one (`SAME_DRAWING`).

Look-alikes stay apart: `\cdots`, `\ldots` and `. . .` are three formulas, `|` is never `\vert`.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from tegashiki.errors import TegashikiError
from tegashiki.tex.nodes import (
    CALLIGRAPHIC,
    Accent,
    Base,
    Binomial,
    Fraction,
    Group,
    Item,
    Matrix,
    Node,
    Root,
    Row,
    Script,
    Span,
    Symbol,
    emit,
    serialize,
)
from tegashiki.tex.parser import MAX_DEPTH, parse

__all__ = [
    "MAX_DEPTH", "Accent", "Base", "Binomial", "Fraction", "Group", "Item", "Matrix", "Node",
    "Root", "Row", "Script", "Span", "Symbol", "canonical", "emit", "is_valid", "normal", "parse",
    "rows", "runs", "serialize",
]  # fmt: skip

PRIME = r"\prime"
# Other names of tokens of the wide vocabulary; no published caption has one of them. MathWriting
# calls both epsilons \epsilon, and TeX takes a bare % for the beginning of a comment.
SAME_DRAWING = {
    "%": r"\%", r"\bot": r"\perp", r"\setminus": r"\backslash", r"\parallel": r"\|",
    r"\varepsilon": r"\epsilon",
}  # fmt: skip
_RENAMED = {"'": PRIME, **SAME_DRAWING}


def canonical(tokens: Sequence[str]) -> list[str]:
    r"""The one spelling that stands for all that mean the same; see the top of this file.

    >>> " ".join(canonical(["{", "x", "}", "'", "^", "2", "_", "i"]))
    'x _ { i } ^ { \\prime 2 }'

    Raises TegashikiError if the tokens cannot be parsed.
    """
    return serialize(normal(parse(tokens)))


def normal(row: Row, keep_limits: Collection[str] = ()) -> Row:
    """The canonical tree of a tree; its symbols, fractions and roots keep their spans."""
    items: list[Item] = []
    for item in row.items:
        _append(items, item, keep_limits)
    return replace(row, items=tuple(items))


def _append(items: list[Item], item: Item, keep_limits: Collection[str]) -> None:
    """Add the canonical form of one item, which may be several, or a script of the last one."""
    plain = isinstance(item.base, Symbol) and item.base.token not in _RENAMED
    if plain and not item.scripts and not item.limits:      # most are, so most cost nothing
        items.append(item)
        return
    scripts = tuple(
        Script(script.mark, row, script.span)
        for script in item.scripts
        if (row := normal(script.row, keep_limits)).items
    )
    base = _normal_base(item.base, keep_limits)
    if isinstance(base, Group):
        *before, last = base.row.items or (None,)
        if not scripts:
            items.extend(base.row.items)
            return
        if last and (hung := _hang(last, scripts)):
            items.extend((*before, hung))
            return
        if not last and items and (hung := _hang(items[-1], scripts)):
            items[-1] = hung
            return
    elif item.base == Symbol("'", item.base.span) and items and not _is_prime(items[-1]):
        prime = Script("^", Row((Item(base, span=item.span),), item.span), item.span)
        if hung := _hang(items[-1], (prime, *scripts)):
            items[-1] = hung
            return
    limits = item.limits and isinstance(base, Symbol) and base.token in keep_limits
    bare = Item(base, (), limits, item.span)
    items.append(_hang(bare, scripts) or replace(bare, scripts=scripts))


def _normal_base(base: Base, keep_limits: Collection[str]) -> Base:
    match base:
        case Symbol(token) if token in _RENAMED:
            return replace(base, token=_RENAMED[token])
        case Accent(token, row):
            row = normal(row, keep_limits)
            return _calligraphic(row) if token == CALLIGRAPHIC else replace(base, row=row)
        case Matrix(cells, span):
            return _normal_matrix(
                tuple(tuple(normal(cell, keep_limits) for cell in row) for row in cells), span
            )
        case Binomial(upper, lower, span):
            column = tuple((normal(row, keep_limits),) for row in (upper, lower))
            bases = (Symbol("("), _normal_matrix(column, span), Symbol(")"))
            return Group(normal(Row(tuple(map(Item, bases)), span)), span)
        case Group(row):
            return replace(base, row=normal(row, keep_limits))
        case Fraction(upper, lower):
            return replace(
                base, upper=normal(upper, keep_limits), lower=normal(lower, keep_limits)
            )
        case Root(radicand, degree):
            degree = normal(degree, keep_limits) if degree else None
            degree = degree if degree and degree.items else None
            return replace(base, radicand=normal(radicand, keep_limits), degree=degree)
    return base


def _calligraphic(row: Row) -> Group:
    r"""The items of a row in `\mathcal`: capitals are symbols of their own."""
    return Group(replace(row, items=tuple(
        replace(item, base=replace(item.base, token=f"{CALLIGRAPHIC}{{{item.base.token}}}"))
        if isinstance(item.base, Symbol) and "A" <= item.base.token <= "Z"
        and len(item.base.token) == 1 else item
        for item in row.items
    )), row.span)


def _normal_matrix(cells: tuple[tuple[Row, ...], ...], span: Span) -> Matrix | Group:
    """The matrix without what is empty; a group if it has no row, or only one cell."""
    columns = sorted({i for row in cells for i, cell in enumerate(row) if cell.items})
    rows = []
    for row in cells:
        last = max((i for i, cell in enumerate(row) if cell.items), default=-1)
        if last >= 0:
            rows.append(tuple(row[i] for i in columns if i <= last))
    if not rows or (len(rows) == 1 and len(rows[0]) == 1):
        return Group(rows[0][0] if rows else Row((), span), span)
    return Matrix(tuple(rows), span)


def _is_prime(item: Item) -> bool:
    return not item.scripts and isinstance(item.base, Symbol) and item.base.token == PRIME


def _hang(item: Item, scripts: Sequence[Script]) -> Item | None:
    """The item with further scripts, subscript first; None if one place would be taken twice."""
    places: dict[str, Script] = {}
    for script in (*item.scripts, *scripts):
        before = places.get(script.mark)
        if before is not None:
            primed = any(all(map(_is_prime, s.row.items)) for s in (before, script))
            if script.mark != "^" or not primed:
                return None
            script = replace(script, row=replace(
                script.row, items=before.row.items + script.row.items))
        places[script.mark] = script
    return replace(item, scripts=tuple(places[mark] for mark in "_^" if mark in places))


def is_valid(tokens: Sequence[str]) -> bool:
    """Whether the tokens are a formula in normal form (in any order of scripts).

    >>> [is_valid(tex.split()) for tex in ("x ^ { 2 }", "x ^ 2", "x ^ { 2", "x ^ { }", "{ x }")]
    [True, False, False, False, False]

    Balanced, every argument braced and not empty, no other braces, no place taken twice.
    """
    try:
        row = parse(tokens)
    except TegashikiError:
        return False
    return bool(row.items) and serialize(row) == list(tokens) and all(map(_is_whole, rows(row)))


def _is_whole(row: Row) -> bool:
    return bool(row.items) and not any(
        len({s.mark for s in item.scripts}) < len(item.scripts) or _is_loose(item.base)
        for item in row.items
    )


def _is_loose(base: Base) -> bool:
    """Whether a base is no base of the normal form."""
    match base:
        case Symbol(token):
            return token in SAME_DRAWING
        case Accent(token):
            return token == CALLIGRAPHIC
        case Matrix(cells, span):
            return _normal_matrix(cells, span) != base
    return isinstance(base, Binomial | Group)


def rows(node: Node) -> Iterator[Row]:
    """Every row in a node, the outermost first: the formula itself, then all arguments.

    Empty cells of a matrix are left out: there is nothing in them and nothing is missing.
    """
    match node:
        case Row(items):
            yield node
            for item in items:
                yield from rows(item)
        case Item(base, scripts):
            yield from rows(base)
            for script in scripts:
                yield from rows(script.row)
        case Fraction(upper, lower) | Binomial(upper, lower):
            yield from rows(upper)
            yield from rows(lower)
        case Accent(_, row):
            yield from rows(row)
        case Matrix(cells):
            for cell in (cell for row in cells for cell in row if cell.items):
                yield from rows(cell)
        case Root(radicand, degree):
            if degree is not None:
                yield from rows(degree)
            yield from rows(radicand)
        case Group(row) | Script(_, row):
            yield from rows(row)


def runs(node: Node) -> Iterator[Span]:
    r"""The spans of all complete sub-expressions: every run of neighbours in every row.

    >>> list(runs(parse(["a", "^", "{", "b", "c", "}"])))
    [(0, 6), (3, 4), (3, 5), (4, 5)]

    Tokens of such a span are a formula themselves, and may be replaced by any other formula in
    normal form without a brace or a script going astray; only a `]` cannot go into the degree of a
    root, which it would end, as in TeX.
    """
    for row in rows(node):
        for first in range(len(row.items)):
            for last in range(first, len(row.items)):
                yield row.items[first].span[0], row.items[last].span[1]
