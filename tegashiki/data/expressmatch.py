r"""ExpressMatch: expressions that CROHME left out, in the wide vocabulary, every stroke labelled.

    examples, skipped = read(sets.find("expressmatch-new"))
    print(examples[0].ink.writer, formula_of(examples[0]), examples[0].tokens)

202 inks of 12 formulas by 24 writers: they show how people lay out matrices, determinants, a sum
over divisors, a norm. `labels.tsv` beside the InkML gives id, writer, formula and tokens. The files
name the symbol of every stroke but not which token it is where a symbol occurs several times;
`alignment` decides that by order. In matrices it can go wrong when somebody did not write row by
row; `in_place` tells, and what is not in place keeps its strokes without alignment.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from tegashiki.data.alignment import align
from tegashiki.data.crohme import Skipped
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.inkml import read_inkml
from tegashiki.storage.archives import iterate
from tegashiki.tex.tokens import wide
from tegashiki.tex.tree import Fraction, Matrix, Row, Span, canonical, rows

FORMULAS = ("68", "84", "97", "100", "112", "115", "119", "120", "121", "123", "125", "128")
# Never trained on: one with a matrix, one with a norm, one with a product, one with \equiv.
HELD_OUT = ("97", "119", "123", "125")


def read(path: str | os.PathLike) -> tuple[list[Example], list[Skipped]]:
    """All examples of a folder or archive of InkML, sorted by id, and what was left out.

    The tokens are those that the file itself states, canonical. Raises TegashikiError if the path
    holds no InkML.
    """
    path = Path(path)
    archive = path / "inkml.tar.xz"
    examples: list[Example] = []
    skipped: list[Skipped] = []

    def skip(name: str, reason: str) -> None:
        skipped.append(Skipped(name, reason))

    for name, data in iterate(archive if archive.is_file() else path, ".inkml", skip):
        try:
            examples.append(example_of(name, data))
        except TegashikiError as error:
            skip(name, str(error).removeprefix(f"{name}: "))
    if not examples and not skipped:
        raise TegashikiError(f"{path}: no .inkml in it; give the folder expressmatch_new or its "
                             "archive")
    return sorted(examples, key=lambda example: example.ink.id), skipped


def example_of(name: str, data: bytes) -> Example:
    """One file as an example; raises TegashikiError where it cannot be used."""
    ink = read_inkml(data, name)
    stated = ink.notes.get("tokens", "").split()
    if not stated:
        raise TegashikiError(f"{name}: states no tokens; get the set again")
    tokens = tuple(canonical(stated))
    wide().encode(tokens)
    example = Example(ink, tokens, align(ink, tokens))
    return example if in_place(example) else replace(
        example, alignment=np.full_like(example.alignment, -1))


def formula_of(example: Example) -> str:
    """The number of the formula, as in FORMULAS: the first part of the id."""
    return example.ink.id.partition("_")[0]


def in_place(example: Example) -> bool:
    """Whether the aligned ink stands where the formula says: rows of a matrix under each other.

    And cells beside each other, numerators over denominators. What has no ink is in place.
    """
    middles = {token: np.concatenate([s for s, t in zip(example.ink.strokes, example.alignment,
                                                        strict=True) if t == token]).mean(axis=0)
               for token in set(example.alignment.tolist()) - {-1}}

    def middle(span: Span, axis: int) -> float:
        found = [xy[axis] for token, xy in middles.items() if span[0] <= token < span[1]]
        return float(np.median(found)) if found else float("nan")

    return not any(first > second for first, second in _in_order(example.tree, middle))


def _in_order(tree: Row, middle) -> Iterator[tuple[float, float]]:    # noqa: ANN001
    """Pairs of positions of which the first should be the smaller."""
    for row in rows(tree):
        for item in row.items:
            match item.base:
                case Fraction(upper, lower):
                    yield middle(upper.span, 1), middle(lower.span, 1)
                case Matrix(cells):
                    for above, below in zip(cells, cells[1:], strict=False):
                        for one, other in zip(above, below, strict=False):
                            yield middle(one.span, 1), middle(other.span, 1)
                    for line in cells:
                        for one, other in zip(line, line[1:], strict=False):
                            yield middle(one.span, 0), middle(other.span, 0)
