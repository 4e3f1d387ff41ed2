r"""Which `xml:id` wrote which token, when TeX and MathML tell the same formula in two ways.

    written = symbols_of(normal(parse(["x", "^", "{", "2", "}"])))
    # [WrittenSymbol(token='x', path='', origin=0), WrittenSymbol(token='2', path='^', origin=3)]
    pair(written, drawn)         # for each written symbol the index of its drawn symbol, or None

Most files tell the same; then the n-th symbol is the n-th symbol. The others swap the parts of a
fraction, hang a script on the wrong letter, call a raised dot a full stop or lose a symbol. So a
symbol is known by what it looks like and by where it stands (the scripts, fraction halves and roots
it is in); first equals in the same order are paired, then equals anywhere, then what looks alike
wherever it stands, and last a single symbol between two paired ones with whatever stands there.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tegashiki.tex.tree import (
    Accent,
    Binomial,
    Fraction,
    Group,
    Item,
    Matrix,
    Node,
    Root,
    Row,
    Script,
    Symbol,
)

# Symbols that one file calls this and another that, for the same ink.
_LOOKS = {r"\cdot": ".", r"\cdots": "...", r"\ldots": "...", r"\div": "/", r"\prime": "'"}
_DOTS = frozenset({".", r"\cdot"})


@dataclass(frozen=True)
class WrittenSymbol:
    """A token with ink of its own."""

    token: str
    # The slots that it stands in, outermost first: _ ^ u(pper) l(ower) r(adicand) d(egree)
    # a(ccented) m(atrix).
    path: str
    origin: int         # where the node was parsed from

    @property
    def looks(self) -> str:
        """What it looks like: equal for symbols that data sets confuse."""
        return _LOOKS.get(self.token, self.token)


def symbols_of(node: Node, path: str = "") -> list[WrittenSymbol]:
    """The symbols of a tree in the order in which `emit` writes them."""
    return list(_symbols(node, path))


def _symbols(node: Node, path: str) -> Iterator[WrittenSymbol]:
    match node:
        case Symbol(token, span):
            yield WrittenSymbol(token, path, span[0])
        case Row(items):
            for item in items:
                yield from _symbols(item, path)
        case Item(base, scripts):
            yield from _symbols(base, path)
            for script in scripts:
                yield from _symbols(script, path)
        case Script(mark, row):
            yield from _symbols(row, path + mark)
        case Group(row):
            yield from _symbols(row, path)
        case Fraction(upper, lower, span):
            yield WrittenSymbol(r"\frac", path, span[0])
            yield from _symbols(upper, path + "u")
            yield from _symbols(lower, path + "l")
        case Binomial(upper, lower):
            yield from _symbols(upper, path + "u")
            yield from _symbols(lower, path + "l")
        case Accent(token, row, span):
            yield WrittenSymbol(token, path, span[0])
            yield from _symbols(row, path + "a")
        case Matrix(cells):
            for row in cells:
                for cell in row:
                    yield from _symbols(cell, path + "m")
        case Root(radicand, degree, span):
            yield WrittenSymbol(r"\sqrt", path, span[0])
            if degree is not None:
                yield from _symbols(degree, path + "d")
            yield from _symbols(radicand, path + "r")


def fold_dots(
    written: Sequence[WrittenSymbol], drawn: Sequence[WrittenSymbol]
) -> list[tuple[WrittenSymbol, list[int]]]:
    """The drawn symbols, each with the origins of its ink; three dots are one if TeX says so."""
    wanted = sum(symbol.looks == "..." for symbol in written)
    wanted -= sum(symbol.looks == "..." for symbol in drawn)
    folded: list[tuple[WrittenSymbol, list[int]]] = []
    place = 0
    while place < len(drawn):
        three = drawn[place : place + 3]
        if wanted > 0 and len(three) == 3 and all(symbol.token in _DOTS for symbol in three):
            folded.append((WrittenSymbol(r"\ldots", three[0].path, three[0].origin),
                           [symbol.origin for symbol in three]))
            wanted -= 1
            place += 3
        else:
            folded.append((drawn[place], [drawn[place].origin]))
            place += 1
    return folded


def agree(written: Sequence[WrittenSymbol], drawn: Sequence[WrittenSymbol]) -> bool:
    """Whether both are the same formula, up to symbols that look alike."""
    return [(s.looks, s.path) for s in written] == [(s.looks, s.path) for s in drawn]


def pair(written: Sequence[WrittenSymbol], drawn: Sequence[WrittenSymbol]) -> list[int | None]:
    """For each written symbol the index of the drawn one that is its ink; each is used once."""
    pairs: list[int | None] = [None] * len(written)
    keys = [[(s.looks, s.path) for s in symbols] for symbols in (written, drawn)]
    blocks = SequenceMatcher(None, *keys, autojunk=False).get_matching_blocks()
    for block in blocks:
        for step in range(block.size):
            pairs[block.a + step] = block.b + step
    _pair_equals(pairs, written, drawn, lambda symbol: (symbol.looks, symbol.path))
    _pair_equals(pairs, written, drawn, lambda symbol: symbol.looks)
    _pair_single(pairs, len(drawn))
    return pairs


def _pair_equals(
    pairs: list[int | None],
    written: Sequence[WrittenSymbol],
    drawn: Sequence[WrittenSymbol],
    key: Callable[[WrittenSymbol], Hashable],
) -> None:
    """Pair what is left and has the same key, in order."""
    used = set(pairs)
    left: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in reversed(range(len(drawn))):
        if index not in used:
            left[key(drawn[index])].append(index)
    for index, symbol in enumerate(written):
        if pairs[index] is None and left[key(symbol)]:
            pairs[index] = left[key(symbol)].pop()


def _pair_single(pairs: list[int | None], drawn: int) -> None:
    """Pair a lone written symbol with the lone drawn one between the same two neighbours."""
    used = set(pairs)
    for index, partner in enumerate(pairs):
        before = pairs[index - 1] if index else -1
        after = pairs[index + 1] if index + 1 < len(pairs) else drawn
        if partner is None and before is not None and after == before + 2:
            if before + 1 not in used:
                pairs[index] = before + 1
