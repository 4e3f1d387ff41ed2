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
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from tegashiki.data.alignment import align
from tegashiki.data.crohme import Skipped
from tegashiki.data.example import Example
from tegashiki.data.rough_layout import untangle
from tegashiki.data.symbols import token_of
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Symbol
from tegashiki.ink.inkml import read_inkml
from tegashiki.storage.archives import iterate, open_text
from tegashiki.tex.tokens import wide
from tegashiki.tex.tree import Fraction, Matrix, Row, Span, canonical, rows

FORMULAS = ("68", "84", "97", "100", "112", "115", "119", "120", "121", "123", "125", "128")
# Never trained on: one with a matrix, one with a norm, one with a product, one with \equiv.
HELD_OUT = ("97", "119", "123", "125")


def read(path: str | os.PathLike) -> tuple[list[Example], list[Skipped]]:
    """All examples of a folder or archive of InkML, sorted by id, and what was left out.

    The path is the folder with `labels.tsv` and the InkML (or its archive). Raises TegashikiError
    if one of them is not there.
    """
    path = Path(path)
    labels = _labels(path / "labels.tsv")
    archive = path / "inkml.tar.xz"
    examples: list[Example] = []
    skipped: list[Skipped] = []

    def skip(name: str, reason: str) -> None:
        skipped.append(Skipped(name, reason))

    for name, data in iterate(archive if archive.is_file() else path, ".inkml", skip):
        try:
            examples.append(example_of(name, data, labels))
        except TegashikiError as error:
            skip(name, str(error).removeprefix(f"{name}: "))
    if not examples and not skipped:
        raise TegashikiError(f"{path}: no .inkml in it; give the folder expressmatch_new or its "
                             "archive")
    return sorted(examples, key=lambda example: example.ink.id), skipped


def example_of(name: str, data: bytes, labels: dict[str, list[str]]) -> Example:
    """One file as an example, its tokens canonical; raises TegashikiError if it cannot be used."""
    ink = read_inkml(data, name)
    if ink.id not in labels:
        raise TegashikiError(f"{name}: has no label; add its id to labels.tsv")
    tokens = tuple(canonical(labels[ink.id]))
    wide().encode(tokens)
    ink = replace(ink, symbols=tuple(_joined(list(ink.symbols), tokens)))
    example = Example(ink, tokens, untangle(ink, tokens, align(
        ink, tokens, read_label=_read_label)))
    return example if in_place(example) else replace(
        example, alignment=np.full_like(example.alignment, -1))


def _read_label(label: str) -> list[str]:
    token = token_of(label, wide())
    return [token] if token else []


def _joined(symbols: list[Symbol], tokens: Sequence[str]) -> list[Symbol]:
    r"""Symbols with the letters of `\mod`, `\tan` ..., which the files name one by one, as one.

    >>> [s.label for s in _joined([Symbol(c, (i,)) for i, c in enumerate("xmod")], (r"\mod",))]
    ['x', '\\\\mod']
    """
    symbols = sorted(symbols, key=lambda symbol: symbol.strokes[0])
    for word in [token for token in tokens if token[0] == "\\" and token[1:].isalpha()]:
        letters = list(word[1:])
        labels = [symbol.label for symbol in symbols]
        for first in range(len(symbols) - len(letters) + 1):
            last = first + len(letters)
            if len(letters) > 1 and labels[first:last] == letters:
                strokes = tuple(i for symbol in symbols[first:last] for i in symbol.strokes)
                symbols[first:last] = [Symbol(word, strokes)]
                break
    return symbols


def _labels(path: Path) -> dict[str, list[str]]:
    found = {}
    for number, line in enumerate(open_text(path), start=1):
        parts = line.split("\t")
        if len(parts) != 4:
            raise TegashikiError(f"{path}: line {number}: is not 'id, writer, formula, tokens' "
                                 "with tabs between; get the set again")
        found[parts[0]] = parts[3].split()
    return found


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
                    for above, below in pairwise(cells):
                        for one, other in zip(above, below, strict=False):
                            yield middle(one.span, 1), middle(other.span, 1)
                    for line in cells:
                        for one, other in pairwise(line):
                            yield middle(one.span, 0), middle(other.span, 0)
