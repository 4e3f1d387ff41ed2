r"""Which token each stroke writes: by the names in the file, else by the symbols and their order.

    cleaned = clean(ink.truth, ink.mathml)
    alignment = align(ink, cleaned.tokens, cleaned.ids)      # int16 (strokes,), -1 unknown

CROHME ties a symbol to its MathML element by name, and our cleaning keeps the names of the tokens.
Where the names are missing or lost (cleaned from LaTeX, no MathML), symbols and tokens of the same
label are matched in order: symbols as they were written, except bars and roots, which contain
others and are written before or after them: those from left to right, as their tokens stand.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from tegashiki.ink.format import Ink, Symbol
from tegashiki.ink.geometry import bounds
from tegashiki.tex.nodes import FRACTION, ROOT, STRUCTURE
from tegashiki.tex.symbol_names import symbol_tokens

ReadLabel = Callable[[str], list[str]]
_CONTAIN = (FRACTION, ROOT)
_DOTS = {".": (r"\ldots", r"\cdots"), r"\cdot": (r"\cdots", r"\ldots")}


def align(ink: Ink, tokens: Sequence[str], ids: Sequence[str | None] = (),
          read_label: ReadLabel = symbol_tokens) -> np.ndarray:
    r"""The index of the token that each stroke writes: int16 (strokes,), -1 unknown.

    `ids` holds for each token the name of its symbol, as `tegashiki.tex.clean` gives them;
    `read_label` gives the tokens that a symbol's label means.

    >>> ink = Ink(strokes=(np.float32([[0, 0], [1, 1]]), np.float32([[2, -1]])),
    ...           symbols=(Symbol("2", (1,), "b"), Symbol("x", (0,), "a")))
    >>> align(ink, ["x", "^", "{", "2", "}"], ["a", None, None, "b", None]).tolist()
    [0, 3]
    >>> align(ink, ["x", "^", "{", "2", "}"]).tolist()
    [0, 3]
    """
    named = _by_name(ink.symbols, tokens, ids)                # symbol number -> token index
    matched = _by_label(ink, tokens, named, read_label)
    found = named | matched
    alignment = np.full(len(ink.strokes), -1, dtype=np.int16)
    for number, index in (found | _dots(ink, tokens, found, read_label)).items():
        alignment[list(ink.symbols[number].strokes)] = index
    return alignment


def _by_name(symbols: Sequence[Symbol], tokens: Sequence[str],
             ids: Sequence[str | None]) -> dict[int, int]:
    """Symbols whose name belongs to exactly one token."""
    indices: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(ids):
        if name:
            indices[name].append(index)
    found = {}
    for number, symbol in enumerate(symbols):
        if len(indices.get(symbol.id, ())) == 1:
            found[number] = indices[symbol.id][0]
    return found


def _by_label(ink: Ink, tokens: Sequence[str], named: dict[int, int],
              read_label: ReadLabel) -> dict[int, int]:
    """The other symbols: same label, same order, among the tokens that have no ink yet."""
    free: dict[str, list[int]] = defaultdict(list)
    taken = set(named.values())
    for index, token in enumerate(tokens):
        if index not in taken and token not in STRUCTURE:
            free[token].append(index)
    waiting: dict[str, list[int]] = defaultdict(list)
    for number, symbol in enumerate(ink.symbols):
        names = read_label(symbol.label) if symbol.label else []
        if number not in named and len(names) == 1:
            waiting[names[0]].append(number)
    # a fraction bar is mostly labelled as a minus; it is the one with ink above and below
    unnamed = len(free[FRACTION]) - len(waiting[FRACTION])
    if unnamed > 0 and waiting["-"]:
        scored = sorted(waiting["-"], key=lambda number: -_enclosed(ink, number))
        waiting[FRACTION] += scored[:unnamed]
        waiting["-"] = [number for number in waiting["-"] if number not in waiting[FRACTION]]
    found = {}
    for token, numbers in waiting.items():
        places = {number: _place(ink, number, token) for number in numbers}
        numbers.sort(key=places.__getitem__)
        indices = free[token]
        pairs = _nearest([places[number] for number in numbers],
                         [index / len(tokens) for index in indices])
        found.update({numbers[i]: indices[j] for i, j in pairs})
    return found


def _dots(ink: Ink, tokens: Sequence[str], found: dict[int, int],
          read_label: ReadLabel) -> dict[int, int]:
    """Dots that MathBrush names one by one where one token means all three: the nearest such."""
    places = {index: _box(ink, number)[0] for number, index in found.items()}
    joined = {}
    for number, symbol in enumerate(ink.symbols):
        label = (read_label(symbol.label) or [""])[0]
        names = _DOTS.get(label, ()) if number not in found else ()
        among = [index for index, token in enumerate(tokens) if token in names]
        if among:
            left = _box(ink, number)[0]
            joined[number] = min(among, key=lambda index: abs(places.get(index, left) - left))
    return joined


def _place(ink: Ink, number: int, token: str) -> float:
    """How far through the expression a symbol comes, 0 to 1: by its ink or by its left edge."""
    strokes = ink.symbols[number].strokes
    if token in _CONTAIN:
        left, _, right, _ = bounds(ink.strokes)
        return (_box(ink, number)[0] - left) / max(right - left, 1e-9)
    return min(strokes) / len(ink.strokes)


def _nearest(first: Sequence[float], second: Sequence[float]) -> list[tuple[int, int]]:
    """Pairs (i, j) that keep the order, use up the shorter list and lie nearest to each other.

    Both are ascending. The sum of differences is made smallest by dynamic programming: best[j] is
    the least cost of all of the shorter list so far within the first j of the longer.

    >>> _nearest([0.0, 0.9], [0.1, 0.5, 0.8])
    [(0, 0), (1, 2)]
    """
    if len(first) > len(second):
        return [(i, j) for j, i in _nearest(second, first)]
    best = [(0.0, ())] * (len(second) + 1)
    for i, place in enumerate(first):
        after = [(float("inf"), ())] * (i + 1)
        for j in range(i, len(second)):
            cost, pairs = best[j]
            here = (cost + abs(place - second[j]), (*pairs, (i, j)))
            after.append(min(after[-1], here, key=lambda option: option[0]))
        best = after
    return list(best[-1][1])


def _box(ink: Ink, number: int) -> tuple[float, float, float, float]:
    return bounds([ink.strokes[stroke] for stroke in ink.symbols[number].strokes])


def _enclosed(ink: Ink, number: int) -> float:
    """How much a bar looks like a fraction's: its width, if there is ink above and below it."""
    left, top, right, bottom = _box(ink, number)
    own = set(ink.symbols[number].strokes)
    above = below = False
    for index, stroke in enumerate(ink.strokes):
        x, y = (stroke.min(axis=0) + stroke.max(axis=0)) / 2
        if index not in own and left <= x <= right:
            above, below = above or y < top, below or y > bottom
    return (right - left) * (above + below)
