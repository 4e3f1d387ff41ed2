"""MathWriting: expressions and single symbols, with time, from the folder or archive as downloaded.

    examples, skipped = read(sets.find("mathwriting"), part="train")
    samples, left_out = symbols(sets.find("mathwriting-symbols"))

The label is `normalizedLabel`, brought to our vocabulary by `tegashiki.tex.clean`; a formula that
needs other tokens is left out and listed. The set says neither who wrote nor which stroke writes
what: writers are "" and alignments -1.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import numpy as np

from tegashiki.data.crohme import Skipped
from tegashiki.data.example import Example
from tegashiki.data.symbols import IsolatedSymbol, token_of
from tegashiki.errors import TegashikiError
from tegashiki.ink.inkml import read_inkml
from tegashiki.storage.archives import Skip, iterate
from tegashiki.tex.clean import clean_latex
from tegashiki.tex.tokens import Vocabulary

PARTS = ("train", "valid", "test", "synthetic")


def read(path: str | os.PathLike, part: str = "train", limit: int | None = None,
         progress: Callable[[int], None] | None = None) -> tuple[list[Example], list[Skipped]]:
    """Examples of one part (the first `limit` files), sorted by id, and what was left out.

    Ink keeps the unit of its device; time is in seconds. Raises TegashikiError for an unknown part
    and where the path holds none of its files.
    """
    if part not in PARTS:
        raise TegashikiError(f"{part}: no part of MathWriting; parts are {', '.join(PARTS)}")
    examples, skipped = [], []
    files = _files(path, part, lambda name, reason: skipped.append(Skipped(name, reason)))
    for number, (name, data) in enumerate(files, start=1):
        try:
            ink = read_inkml(data, name)
            tokens = tuple(clean_latex(ink.truth))
            examples.append(Example(ink, tokens, np.full(len(ink.strokes), -1, dtype=np.int16)))
        except TegashikiError as error:
            skipped.append(Skipped(name, str(error).removeprefix(f"{name}: ")))
        if progress is not None:
            progress(number)
        if number == limit:
            break
    if not examples and not skipped:
        raise TegashikiError(f"{path}: no .inkml in a folder named {part}; give the folder or the "
                             "archive of MathWriting 2024 that has it")
    return sorted(examples, key=lambda example: example.ink.id), skipped


def symbols(path: str | os.PathLike, vocabulary: Vocabulary | None = None
            ) -> tuple[list[IsolatedSymbol], Counter[str]]:
    """The single symbols of the folder `symbols`; each is its own style, as writers are not named.

    Returns the samples, sorted by style, and how often each other label (or reason) was left out.
    """
    samples: list[IsolatedSymbol] = []
    skipped: Counter[str] = Counter()
    for name, data in _files(path, "symbols", lambda name, reason: skipped.update([reason])):
        try:
            ink = read_inkml(data, name)
        except TegashikiError as error:
            skipped[f"broken: {error}"] += 1
            continue
        token = token_of(ink.truth, vocabulary)
        if token is None:
            skipped[ink.truth] += 1
        else:
            samples.append(IsolatedSymbol(token, ink.strokes, f"mathwriting/{ink.id}"))
    if not samples:
        raise TegashikiError(f"{path}: no symbol of the vocabulary in a folder named symbols; give "
                             "MathWriting 2024 or its folder symbols")
    return sorted(samples, key=lambda sample: sample.style), skipped


def _files(path: str | os.PathLike, part: str, skip: Skip) -> Iterator[tuple[str, bytes]]:
    inside = Path(path).name == part

    def wanted(name: str) -> bool:
        return inside or part in PurePosixPath(name).parts[:-1]

    def skip_wanted(name: str, reason: str) -> None:
        if wanted(name):
            skip(name, reason)

    return (item for item in iterate(path, ".inkml", skip_wanted) if wanted(item[0]))
