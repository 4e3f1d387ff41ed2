r"""Canonical formulas in fewer tokens: every brace is part of what opens it.

    packed, places = pack(r"\frac { 1 } { x ^ { 2 } }".split())
    # ['\\frac{', '1', '}{', 'x', '^{', '2', '}', '}']
    # places: [0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 7]        token i went into packed[places[i]]
    unpack(packed)                                     # the canonical tokens again

A decoder that writes these tokens chooses a structure at once instead of spelling it out, and
`grammar` can say of each token whether it may stand next. Nothing is lost: `unpack` is a look-up of
each token by itself. Tokens that no canonical formula has (`'`, `\limits`, `_` and `{` alone) are
not in the packed vocabulary: give `pack` what `tree.canonical` returns. `\begin{matrix}`, `&`,
`\\` and `\end{matrix}` are one token each, before packing and after it.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from tegashiki.errors import TegashikiError
from tegashiki.tex.nodes import (
    ACCENTS,
    BINOMIAL,
    CALLIGRAPHIC,
    CELL,
    END_MATRIX,
    LIMITS,
    MATRIX,
    NEXT_ROW,
)
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
    "}": ("}",),                    # closes a script, a denominator, a radicand or an accent's row
    # What only the wide vocabulary has.
    **{accent + "{": (accent, "{") for accent in sorted(ACCENTS - {CALLIGRAPHIC})},
    MATRIX: (MATRIX,),
    CELL: (CELL,),
    NEXT_ROW: (NEXT_ROW,),
    END_MATRIX: (END_MATRIX,),
}
# Those that open a row which is a slot of its own.
SLOTS = tuple(token for token in STRUCTURE if token[-1] in "{[" or token == MATRIX)
# Those that are written with no stroke.
INKLESS = frozenset({"_{", "^{", "}{", "]{", "}", MATRIX, CELL, NEXT_ROW, END_MATRIX})
_OPENING = {pair: token for token, pair in STRUCTURE.items() if pair[-1] in "{[" and
            pair[0] not in ("}", "]")}
_NEVER = frozenset({"_", "^", "{", "}", r"\frac", r"\sqrt", "'", LIMITS, BINOMIAL, *ACCENTS})


@cache
def packed_vocabulary(vocabulary: Vocabulary | None = None) -> Vocabulary:
    """The packed form of a vocabulary, by default the published one.

    Special tokens, then the structure above whose parts the vocabulary has, then its symbols.
    """
    plain = vocabulary or published()
    structure = [token for token, parts in STRUCTURE.items() if all(p in plain for p in parts)]
    left_out = {*SPECIAL, *_NEVER, *structure}
    return Vocabulary((*SPECIAL, *structure, *(t for t in plain.tokens if t not in left_out)))


def pack(tokens: Sequence[str]) -> tuple[list[str], list[int]]:
    r"""Packed tokens of a canonical formula, and for each of its tokens the place in them.

    >>> pack(r"\sqrt [ 3 ] { x }".split())
    (['\\sqrt[', '3', ']{', 'x', '}'], [0, 0, 1, 2, 2, 3, 4])
    >>> pack(r"\begin{matrix} \hat { x } & 1 \end{matrix}".split())[0]
    ['\\begin{matrix}', '\\hat{', 'x', '}', '&', '1', '\\end{matrix}']

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
        elif pair[0] == "}" and inside not in ("", r"\frac{", r"\sqrt[", MATRIX):
            token = opened.pop() and "}"
        elif pair[0] == MATRIX:
            token = MATRIX
            opened.append(token)
        elif pair[0] == END_MATRIX and inside == MATRIX:
            token = opened.pop() and END_MATRIX
        elif pair[0] in (CELL, NEXT_ROW) and inside == MATRIX:
            token = pair[0]
        elif pair[0] in _NEVER or pair[0] in STRUCTURE or (pair[0] == "]" and inside == r"\sqrt["):
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
        raise TegashikiError("formula: its end: something is not closed; make it canonical first")
    return packed, places


def unpack(packed: Iterable[str]) -> list[str]:
    """The tokens that were packed.

    >>> unpack(["x", "^{", "2", "}"])
    ['x', '^', '{', '2', '}']
    """
    return [token for part in packed for token in STRUCTURE.get(part, (part,))]
