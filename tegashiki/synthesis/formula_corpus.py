r"""Formulas from text: what people write, as often as a training set should see it.

    text = formulas.read(sets.find("formulas"))
    tokens = text.draw(BufferedRng(np.random.default_rng(1)))

A file holds one formula a line, `count TAB tokens`, plain or compressed. Counts repeat what
textbooks repeat, so they are flattened: a formula is drawn with weight count ** 0.2. Formulas of a
part that is measured on can be kept out (`without`). `read_wide` reads text in the wide vocabulary,
and leaves out what only comes from sources that are scored on.
"""

import itertools
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.storage.archives import open_text
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.tex.tokens import published, wide
from tegashiki.tex.tree import SAME_DRAWING

Tokens = tuple[str, ...]
COMMON = 0.01       # share of the formulas: a token in fewer than that is rare
# What a text in the wide vocabulary may hold before `tree.canonical` has brought it to that.
WIDE_TEXT = frozenset({*wide().tokens, *SAME_DRAWING, r"\binom", r"\mathcal"})


@dataclass(frozen=True)
class FormulaConfig:
    """Which formulas, and how often each."""

    flatten: float = 0.2     # weight = count ** flatten; 0 is every formula alike
    shortest: int = 2        # tokens
    longest: int = 64        # tokens
    lengthen: float = 0.25   # weight * (length / 13) ** this: long ones are few and fail most
    rare: float = 0.0        # weight * (COMMON / share of its rarest token) ** this, where rare


@dataclass(frozen=True, eq=False)
class FormulaText:
    """Formulas with weights."""

    formulas: list[Tokens]
    weights: np.ndarray      # float64 (formulas,), need not add up to 1

    def __len__(self) -> int:
        return len(self.formulas)

    @cached_property
    def ends(self) -> list[float]:
        """Where each formula's part of [0, 1) ends."""
        return np.cumsum(self.weights / self.weights.sum()).tolist()

    def draw(self, random: BufferedRng) -> Tokens:
        """One formula by weight."""
        return self.formulas[min(bisect_right(self.ends, random()), len(self.formulas) - 1)]


def read(path: str | Path, config: FormulaConfig | None = None,
         without: Collection[Tokens] = ()) -> FormulaText:
    """The formulas of a file that are in the vocabulary and of the lengths wanted.

    `without`: formulas to leave out. Raises TegashikiError that names the line of a wrong count,
    and for a file with no formula that can be used.
    """
    counts: dict[Tokens, int] = {}
    for number, line in enumerate(open_text(path), start=1):
        count, tab, tokens = line.partition("\t")
        if not tab or not count.isdigit():
            raise TegashikiError(f"{path}: line {number}: is not 'count TAB tokens'; "
                                 "give a file of formulas")
        key = tuple(tokens.split())
        counts[key] = counts.get(key, 0) + int(count)
    try:
        return weighted(counts.items(), config, without)
    except TegashikiError:
        raise TegashikiError(f"{path}: no formula in the vocabulary of the lengths wanted; "
                             "give another file") from None


def read_wide(path: str | Path, tags: str | Path | None = None, config: FormulaConfig | None = None,
              leave_out: str = "m") -> FormulaText:
    """As `read`, in the wide vocabulary, written as in the file and not canonical.

    `tags`: a file beside it that says for each line where it comes from, a letter and a count for
    each kind of source; a line all of whose letters are in `leave_out` is not read. Raises
    TegashikiError for a broken line, and if the files do not have as many lines as each other.
    """
    counts: dict[Tokens, int] = {}
    sources = open_text(tags) if tags is not None else itertools.repeat("?")
    lines = zip(open_text(path), sources, strict=tags is not None)
    try:
        for number, (line, tag) in enumerate(lines, start=1):
            count, tab, tokens = line.partition("\t")
            if not tab or not count.isdigit():
                raise TegashikiError(f"{path}: line {number}: is not 'count TAB tokens'; "
                                     "give a file of formulas")
            if any(part[0] not in leave_out for part in tag.split()):
                key = tuple(map(sys.intern, tokens.split()))
                counts[key] = counts.get(key, 0) + int(count)
    except ValueError:
        raise TegashikiError(f"{tags}: has not one line for each of {path}; get both again"
                             ) from None
    return weighted(counts.items(), config, known=WIDE_TEXT)


def weighted(counts: Iterable[tuple[Tokens, int]], config: FormulaConfig | None = None,
             without: Collection[Tokens] = (), known: Collection[str] = ()) -> FormulaText:
    """Formulas with their counts, filtered and weighted as `read` does.

    >>> weighted([(("x", "+", "y"), 32), (("x",), 1)], FormulaConfig(lengthen=0)).weights.tolist()
    [2.0]
    """
    config, known, left_out = config or FormulaConfig(), known or published(), set(without)
    formulas, weights = [], []
    for tokens, count in counts:
        if (config.shortest <= len(tokens) <= config.longest and tokens not in left_out
                and all(token in known for token in tokens)):
            formulas.append(tokens)
            weights.append(count**config.flatten * (len(tokens) / 13) ** config.lengthen)
    if not formulas:
        raise TegashikiError("formulas: none in the vocabulary of the lengths wanted; give others")
    return FormulaText(formulas, np.array(weights) * _rarity(formulas, config.rare))


def _rarity(formulas: Sequence[Tokens], power: float) -> np.ndarray:
    """How much more a formula counts for its rarest token: (formulas,), 1 where all are common."""
    if not power:
        return np.ones(len(formulas))
    counts = Counter(token for tokens in formulas for token in set(tokens))
    rarest = np.array([min(counts[token] for token in tokens) for tokens in formulas])
    return np.maximum(1.0, COMMON * len(formulas) / rarest) ** power
