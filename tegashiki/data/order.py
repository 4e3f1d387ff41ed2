r"""In which order a hand writes the signs of a formula.

    written = order.written(parse(["a", "^", "{", "2", "}"]), rng, order.OrderConfig())
    print(written)                                   # [0, 3]: tokens in the order of writing

A formula is written from left to right, but for each structure a hand has a habit: the bar of a
fraction before, between or after its rows, a root's sign first or last, limits below or above
first. The defaults are the shares counted in CROHME train by its stroke-symbol alignment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.tex.tree import Fraction, Group, Item, Node, Root, Row, Symbol


@dataclass(frozen=True)
class OrderConfig:
    """Shares of the orders; each is a probability."""

    bar_first: float = 0.10         # a fraction's bar before its numerator
    bar_last: float = 0.03          # and after its denominator; otherwise between them
    lower_first: float = 0.01       # the denominator before the numerator
    sign_last: float = 0.03         # a root's sign after what is under it
    above_first: float = 0.20       # the superscript before the subscript


def written(node: Node, rng: np.random.Generator, config: OrderConfig) -> list[int]:
    """Indices of the tokens with ink, in the order in which they are written.

    >>> from tegashiki.tex.tree import parse
    >>> row = parse([r"\\frac", "{", "a", "}", "{", "b", "}"])
    >>> written(row, np.random.default_rng(0), OrderConfig(bar_first=0.0, bar_last=1.0))
    [2, 5, 0]
    """
    match node:
        case Row(items) | Group(Row(items)):
            return _join([written(item, rng, config) for item in items])
        case Symbol(_, span):
            return [span[0]]
        case Item(base, scripts):
            parts = [written(script.row, rng, config) for script in scripts]
            if len(parts) > 1 and rng.random() < config.above_first:
                parts.reverse()
            return _join([written(base, rng, config), *parts])
        case Fraction(upper, lower, span):
            bar, rows = [span[0]], [written(upper, rng, config), written(lower, rng, config)]
            if rng.random() < config.lower_first:
                rows.reverse()
            chance = rng.random()
            if chance < config.bar_first:
                return _join([bar, *rows])
            if chance < config.bar_first + config.bar_last:
                return _join([*rows, bar])
            return _join([rows[0], bar, rows[1]])
        case Root(radicand, degree, span):
            inside = [written(degree, rng, config)] if degree is not None else []
            inside.append(written(radicand, rng, config))
            last = rng.random() < config.sign_last
            return _join([*inside, [span[0]]] if last else [[span[0]], *inside])
    raise TypeError(f"not a node: {node!r}")


def _join(parts: Sequence[Sequence[int]]) -> list[int]:
    return [token for part in parts for token in part]
