r"""In which order a writer writes the symbols of a formula, and what is added late.

    order = writing_order(parse(["a", "^", "{", "2", "}"]), random, ORDER_PRIORS.get)
    print(order)                                     # [0, 3]: tokens in the order of writing

A formula is written from left to right, but in each structure a writer has a way of their own: the
bar of a fraction before, between or after its rows, a radical first or last, the upper limit first,
the opening bracket when the content is there. Each is a statistic: a vector of shares, one for each
order, measured on the ink (`measure_orders`) as one vector a structure with a 1 for the order that
it has. The priors stand in `layout_priors`.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from tegashiki.synthesis.layout_statistics import Vector
from tegashiki.tex.token_classes import brackets, item_class
from tegashiki.tex.tree import (
    Accent,
    Fraction,
    Group,
    Item,
    Matrix,
    Node,
    Root,
    Row,
    Symbol,
    rows,
)

# Orders by key: u upper, b bar, l lower; s radical, r radicand, d degree; B base, ^ and _ scripts.
ORDERS = {
    "order fraction": ("ubl", "bul", "lbu", "blu", "ulb", "lub"),
    "order root": ("sr", "rs"),
    "order degree": ("sdr", "dsr", "srd", "rsd"),
    "order scripts": ("B_^", "B^_"),
    "order limits": ("B_^", "B^_"),
    "order bracket": ("open", "late"),     # the opening one first, or after what it holds
    "order accent": ("rm", "mr"),          # the row first, or the mark
    "order matrix": ("rows", "columns"),
    "order late": ("never", "late"),       # whether a stroke returns to an earlier symbol
}
_OFTEN_LATE = (r"\sqrt", r"\frac")         # their bars are lengthened when the content is there
_GO_ON = 0.6                               # chance that a late stroke waits for yet another symbol

Shares = Callable[[str], Vector]
Entry = tuple[int, np.ndarray]             # a stroke and the token that it writes


def writing_order(node: Node, random: Callable[[], float], shares: Shares) -> list[int]:
    """Indices of the tokens with ink, in the order in which they are written.

    >>> from tegashiki.synthesis.layout_priors import ORDER_PRIORS
    >>> from tegashiki.tex.tree import parse
    >>> row = parse([r"\\frac", "{", "a", "}", "{", "b", "}"])
    >>> writing_order(row, lambda: 0.5, ORDER_PRIORS.get)
    [2, 0, 5]
    """
    match node:
        case Row(items) | Group(Row(items)):
            parts = [writing_order(item, random, shares) for item in items]
            for first, last in brackets(items):
                if _one_of("order bracket", random, shares) == "late":
                    parts[last] = parts[first] + parts[last]
                    parts[first] = []
            return [token for part in parts for token in part]
        case Symbol(_, span):
            return [span[0]]
        case Item(base, scripts):
            if not scripts:
                return writing_order(base, random, shares)
            named = {script.mark: writing_order(script.row, random, shares) for script in scripts}
            named["B"] = writing_order(base, random, shares)
            key = "order limits" if item_class(node) == "B" else "order scripts"
            order = _one_of(key, random, shares) if len(named) > 2 else "B_^"
        case Fraction(upper, lower, span):
            named = {"u": writing_order(upper, random, shares), "b": [span[0]],
                     "l": writing_order(lower, random, shares)}
            order = _one_of("order fraction", random, shares)
        case Root(radicand, degree, span):
            named = {"s": [span[0]], "r": writing_order(radicand, random, shares)}
            if degree is not None:
                named["d"] = writing_order(degree, random, shares)
            order = _one_of("order root" if degree is None else "order degree", random, shares)
        case Accent(_, row, span):
            named = {"m": [span[0]], "r": writing_order(row, random, shares)}
            order = _one_of("order accent", random, shares)
        case Matrix(cells):
            parts = [[writing_order(cell, random, shares) for cell in line] for line in cells]
            if _one_of("order matrix", random, shares) == "columns":
                parts = [[line[i] for line in parts if i < len(line)]
                         for i in range(max(map(len, parts)))]
            return [token for line in parts for cell in line for token in cell]
        case _:
            raise TypeError(f"not a node: {node!r}")
    return [token for name in order for token in named.get(name, ())]


def late(entries: list[Entry], tokens: Sequence[str], random: Callable[[], float], shares: Shares
         ) -> list[Entry]:
    """In some formulas a symbol gets its last stroke late: an i its dot, a root more of its bar.

    The stroke is moved back by one symbol or more, as often and as far as in CROHME train.
    """
    if _one_of("order late", random, shares) == "never":
        return entries
    ends = [i for i in range(1, len(entries) - 1)
            if entries[i][0] == entries[i - 1][0] != entries[i + 1][0]]
    if not ends:
        return entries
    ends += [i for i in ends if tokens[entries[i][0]] in _OFTEN_LATE for _ in range(4)]
    moved = ends[int(random() * len(ends))]
    place = moved + 1
    while True:
        passed = entries[place][0]
        while place < len(entries) and entries[place][0] == passed:
            place += 1
        if place == len(entries) or random() > _GO_ON:
            break
    return [*entries[:moved], *entries[moved + 1 : place], entries[moved], *entries[place:]]


def measure_orders(row: Row, alignment: Sequence[int]) -> Iterator[tuple[str, Vector]]:
    """The orders of one written formula: of each structure its key and a 1 in its order's place."""
    places: dict[int, list[int]] = {}
    for stroke, token in enumerate(alignment):
        if token >= 0:
            places.setdefault(token, []).append(stroke)
    late = any(places[token][-1] - places[token][0] >= len(places[token]) for token in places)
    yield "order late", (float(not late), float(late))
    middle = {token: sum(strokes) / len(strokes) for token, strokes in places.items()}

    def when(first: int, last: int) -> float | None:
        found = [place for token, place in middle.items() if first <= token < last]
        return sum(found) / len(found) if found else None

    for inner in rows(row):
        for first, last in brackets(inner.items):
            opened, held = (when(*span) for span in (
                inner.items[first].span, (inner.items[first].span[1], inner.items[last].span[0])))
            if opened is not None and held is not None:
                yield from _seen("order bracket", "late" if opened > held else "open")
        for item in inner.items:
            yield from _of_item(item, when)


def _of_item(item: Item, when: Callable[[int, int], float | None]) -> Iterator[tuple[str, Vector]]:
    base, named = item.base, {}
    match base:
        case Fraction(upper, lower, span):
            key = "order fraction"
            bar = when(span[0], span[0] + 1)
            named = {"u": when(*upper.span), "l": when(*lower.span), "b": bar}
        case Root(radicand, degree, span):
            key = "order root" if degree is None else "order degree"
            named = {"s": when(span[0], span[0] + 1), "r": when(*radicand.span)}
            if degree is not None:
                named["d"] = when(*degree.span)
        case Accent(_, row, span):
            key = "order accent"
            named = {"m": when(span[0], span[0] + 1), "r": when(*row.span)}
    if named and None not in named.values():
        yield from _seen(key, "".join(sorted(named, key=named.__getitem__)))
    if len(item.scripts) == 2:
        scripts = {script.mark: when(*script.row.span) for script in item.scripts}
        if None not in scripts.values() and len(scripts) == 2:
            key = "order limits" if item_class(item) == "B" else "order scripts"
            yield from _seen(key, "B" + "".join(sorted(scripts, key=scripts.__getitem__)))


def _seen(key: str, order: str) -> Iterator[tuple[str, Vector]]:
    if order in ORDERS[key]:
        yield key, tuple(float(order == other) for other in ORDERS[key])


def _one_of(key: str, random: Callable[[], float], shares: Shares) -> str:
    mark = random()
    for order, share in zip(ORDERS[key], shares(key), strict=True):
        mark -= share
        if mark < 0:
            return order
    return ORDERS[key][0]
