"""How steady the best candidate is while a formula is being written, stroke by stroke.

    bests = [written(recognizer, example.ink) for example in examples]
    steadiness(bests)["steady"]

A stroke counts as steady if the best candidate still begins with what it was before, or rewrites at
most two tokens at its end.
"""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from tegashiki.decoding.recognizer import Recognizer
from tegashiki.ink.format import Ink

REWRITTEN = 2         # tokens at the end that may change and still count as steady
TOGETHER = 30         # strokes of so many and more share a point of the curve


def written(recognizer: Recognizer, ink: Ink) -> list[tuple[str, ...]]:
    """The best candidate after one stroke, after two, and so on, () where there is none.

    Strokes beyond the recogniser's largest bucket change nothing and are left out.
    """
    bests = []
    for count in range(1, min(len(ink.strokes), recognizer.buckets[-1].size) + 1):
        found = recognizer.candidates(Ink(ink.strokes[:count]), 1)
        bests.append(found[0].tokens if found else ())
    return bests


def rewritten(before: Sequence[str], after: Sequence[str]) -> int:
    """Tokens at the end of `before` with which `after` does not go on.

    >>> rewritten(["a", "+", "b"], ["a", "-", "b", "c"])
    2
    """
    kept = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
                min(len(before), len(after)))
    return len(before) - kept


def steadiness(bests: Sequence[Sequence[Sequence[str]]]) -> dict[str, Any]:
    """Shares of strokes: "steady", "same_start", and both in "by_strokes", {strokes: ...}.

    `bests`: for each formula what `written` gives. The first stroke has nothing before it.
    """
    by_strokes: dict[int, list[int]] = {}
    for formula in bests:
        for strokes, (before, after) in enumerate(itertools.pairwise(formula), start=2):
            by_strokes.setdefault(min(strokes, TOGETHER), []).append(rewritten(before, after))
    every = [count for found in by_strokes.values() for count in found]
    return {"strokes": len(every), **_shares(every),
            "by_strokes": {str(n): {"n": len(found), **_shares(found)}
                           for n, found in sorted(by_strokes.items())}}


def _shares(rewrites: list[int]) -> dict[str, float]:
    counts = np.array(rewrites)
    return {"steady": float(np.mean(counts <= REWRITTEN)) if rewrites else 0.0,
            "same_start": float(np.mean(counts == 0)) if rewrites else 0.0}
