r"""Canonical formulas in fewer tokens: every brace is part of what opens it.

    packed, places = pack(r"\frac { 1 } { x ^ { 2 } }".split())
    # ['\\frac{', '1', '}{', 'x', '^{', '2', '}', '}']
    # places: [0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 7]        token i went into packed[places[i]]
    unpack(packed)                                     # the canonical tokens again

A decoder that writes these tokens chooses a structure at once instead of spelling it out, and
`grammar` can say of each token whether it may stand next. Nothing is lost: `unpack` is a look-up of
each token by itself. Tokens that no canonical formula has (`'`, `\limits`, `_` and `{` alone) are
not in the packed vocabulary: give `pack` what `tree.canonical` returns.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from tegashiki.errors import TegashikiError
from tegashiki.tex.tokens import SPECIAL, Vocabulary, published

# What each packed token stands for; any other token is a symbol and stands for itself.
STRUCTURE: dict[str, tuple[str, ...]] = {
    "_{": ("_", "{"),
    "^{": ("^", "{"),
    r"\frac{": (r"\frac", "{"),
    "}{": ("}", "{"),               # from the numerator to the denominator
    r"\sqrt{": (r"\sqrt", "{"),
    r"\sqrt[": (r"\sqrt", "["),
    "]{": ("]", "{"),               # from the degree to the radicand
    "}": ("}",),                    # closes a script, a denominator or a radicand
}
_OPENING = {pair: token for token, pair in STRUCTURE.items() if pair[0] not in ("}", "]")}
_NEVER = frozenset({"_", "^", "{", "}", r"\frac", r"\sqrt", r"\limits", "'"})


@cache
def packed_vocabulary() -> Vocabulary:
    """The special tokens, the structure above in its order, then the symbols in theirs."""
    symbols = (token for token in published().tokens[len(SPECIAL):] if token not in _NEVER)
    return Vocabulary((*SPECIAL, *STRUCTURE, *symbols))


def pack(tokens: Sequence[str]) -> tuple[list[str], list[int]]:
    r"""Packed tokens of a canonical formula, and for each of its tokens the place in them.

    >>> pack(r"\sqrt [ 3 ] { x }".split())
    (['\\sqrt[', '3', ']{', 'x', '}'], [0, 0, 1, 2, 2, 3, 4])

    Raises TegashikiError at the first token that no canonical formula has at that place.
    """
    packed: list[str] = []
    places: list[int] = []
    opened: list[str] = []          # the packed token whose row we are in, innermost last
    place = 0
    while place < len(tokens):
        pair = tuple(tokens[place : place + 2])
        inside = opened[-1] if opened else ""
        if pair in _OPENING:
            token = _OPENING[pair]
            opened.append(token)
        elif pair == ("}", "{") and inside == r"\frac{":
            token = opened[-1] = "}{"
        elif pair == ("]", "{") and inside == r"\sqrt[":
            token = opened[-1] = "]{"
        elif pair[0] == "}" and inside not in ("", r"\frac{", r"\sqrt["):
            token = opened.pop() and "}"
        elif pair[0] in _NEVER or (pair[0] == "]" and inside == r"\sqrt["):
            raise TegashikiError(
                f"formula: token {place}: {pair[0]!r} cannot be packed; make it canonical first"
            )
        else:
            token = pair[0]
        width = len(STRUCTURE.get(token, (token,)))
        places += [len(packed)] * width
        packed.append(token)
        place += width
    if opened:
        raise TegashikiError("formula: its end: a brace is not closed; make it canonical first")
    return packed, places


def unpack(packed: Iterable[str]) -> list[str]:
    """The tokens that were packed.

    >>> unpack(["x", "^{", "2", "}"])
    ['x', '^', '{', '2', '}']
    """
    return [token for part in packed for token in STRUCTURE.get(part, (part,))]
