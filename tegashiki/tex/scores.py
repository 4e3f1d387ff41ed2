r"""How right recognised formulas are: whole formulas, nearly right ones, and tokens.

    score = Score.of(references=[["x", "+", "1"]], hypotheses=[["x", "-", "1"]])
    score.canonical.exact, score.canonical.within1          # (0.0, 1.0)
    score.as_dict()                                         # {'n': 1, 'exact': 0.0, ...}

An error is one token to insert, delete or replace. Published CROHME results count a formula as
right if its tokens equal the caption's after both were brought to one spelling (`tree.canonical`:
redundant braces, order of scripts), and as right within k if at most k errors remain. The raw
figures, tokens compared as they are, stand beside them. A hypothesis that cannot be parsed has no
canonical spelling and is compared as it is. Formulas of the wide vocabulary are compared in the
same way; MathWriting's published figures compare the tokens of its labels (`mathwriting_form`):

    figures = Figures.in_mathwriting(references, hypotheses)
    figures.exact, figures.token_error_rate                 # exact match and CER
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.tex.mathwriting_form import mathwriting_form
from tegashiki.tex.tree import canonical

Tokens = Sequence[str]


def distance(reference: Sequence, hypothesis: Sequence) -> int:
    """The fewest insertions, deletions and replacements that make one of the other.

    >>> distance("x + 1".split(), "x - 1 0".split())       # replace +, insert 0
    2
    >>> distance([], "x + 1".split()), distance("a b c".split(), "b c".split())
    (3, 1)

    Works on any sequences of hashable things. Wagner and Fischer (1974), one row at a time; the
    insertions of a row are a running minimum, so a row is four numpy operations.
    """
    if list(reference) == list(hypothesis):
        return 0
    index: dict = {}
    first, second = (
        np.array([index.setdefault(token, len(index)) for token in tokens], np.int64)
        for tokens in (reference, hypothesis)
    )
    steps = np.arange(len(second) + 1)
    row = steps.copy()                      # row[j]: from the reference so far to hypothesis[:j]
    for token in first:
        # row'[j] = min(row[j] + 1, row[j-1] + (token != hypothesis[j-1]), row'[j-1] + 1)
        row_next = row + 1
        np.minimum(row_next[1:], row[:-1] + (second != token), out=row_next[1:])
        row = np.minimum.accumulate(row_next - steps) + steps
    return int(row[-1])


def spelling(tokens: Tokens) -> list[str]:
    """The canonical spelling, or the tokens themselves where they are no formula.

    >>> spelling("x ^ 2".split()), spelling("x ^ { 2".split())
    (['x', '^', '{', '2', '}'], ['x', '^', '{', '2'])
    """
    try:
        return canonical(tokens)
    except TegashikiError:
        return list(tokens)


def exact(references: Sequence[Tokens], hypotheses: Sequence[Tokens]) -> float:
    """The share of hypotheses without any error.

    >>> exact([["x"], ["y"], ["z"], ["1"]], [["x"], ["y"], ["z"], ["7"]])      # 3 of 4
    0.75
    """
    return within(references, hypotheses, 0)


def within(references: Sequence[Tokens], hypotheses: Sequence[Tokens], errors: int) -> float:
    """The share of hypotheses with at most so many errors.

    >>> within([["x"], ["y"]], [["x"], ["z", "1"]], 1)      # 0 and 2 errors: 1 of 2
    0.5
    """
    return Figures.of(references, hypotheses).within(errors)


def token_error_rate(references: Sequence[Tokens], hypotheses: Sequence[Tokens]) -> float:
    """All errors together, divided by all tokens of the references.

    >>> token_error_rate([["x", "+", "1"], ["y"]], [["x", "1"], ["z"]])        # (1 + 1) / (3 + 1)
    0.5
    """
    return Figures.of(references, hypotheses).token_error_rate


def among(references: Sequence[Tokens], candidates: Sequence[Sequence[Tokens]], k: int,
          form: Callable[[Tokens], list[str]] = spelling) -> float:
    """The share of references whose canonical spelling is among the first k candidates'.

    >>> among([["x"], ["y"]], [[["X"], ["x"]], [["v"], ["u"]]], k=2)           # 1 of 2
    0.5

    `form`: another form to compare in, such as `mathwriting_form`.
    """
    _check(references, candidates)
    hits = (
        form(reference) in [form(candidate) for candidate in found[:k]]
        for reference, found in zip(references, candidates, strict=True)
    )
    return sum(hits) / len(references)


@dataclass(frozen=True)
class Figures:
    """Errors of each hypothesis and what follows from them."""

    errors: tuple[int, ...]     # token errors of each pair
    tokens: int                 # in all references together

    @classmethod
    def of(cls, references: Sequence[Tokens], hypotheses: Sequence[Tokens]) -> Self:
        """Compare pair by pair; raises TegashikiError unless both have the same length, not 0."""
        _check(references, hypotheses)
        pairs = zip(references, hypotheses, strict=True)
        return cls(tuple(distance(*pair) for pair in pairs), sum(map(len, references)))

    @classmethod
    def in_mathwriting(cls, references: Sequence[Tokens], hypotheses: Sequence[Tokens]) -> Self:
        r"""As `of`, in the tokens of MathWriting's labels.

        >>> Figures.in_mathwriting([list("sinx")], [[r"\sin", "x"]]).exact
        1.0
        """
        return cls.of(*(list(map(mathwriting_form, side)) for side in (references, hypotheses)))

    def within(self, errors: int) -> float:
        """The share of pairs with at most so many errors, 0 to 1."""
        return sum(found <= errors for found in self.errors) / len(self.errors)

    @property
    def exact(self) -> float:
        """The share of pairs without an error, 0 to 1."""
        return self.within(0)

    @property
    def within1(self) -> float:
        """The share of pairs with at most one token error, 0 to 1."""
        return self.within(1)

    @property
    def within2(self) -> float:
        """The share of pairs with at most two token errors, 0 to 1."""
        return self.within(2)

    @property
    def token_error_rate(self) -> float:
        """Errors per token of the references: 0 is perfect, may exceed 1."""
        return sum(self.errors) / max(self.tokens, 1)


@dataclass(frozen=True)
class Score:
    """What published work reports, and the same without canonical spelling.

    One formula right but for the order of its scripts, one with one wrong token:

    >>> captions = ["x _ { 1 } ^ { 2 }".split(), "a + b".split()]
    >>> answers = ["x ^ { 2 } _ { 1 }".split(), "a + 6".split()]
    >>> score = Score.of(captions, answers)
    >>> score.canonical.exact, score.canonical.within1      # 1 of 2, 2 of 2
    (0.5, 1.0)
    >>> score.raw.exact, score.raw.errors                   # _ for ^, 1 for 2, ^ for _, 2 for 1
    (0.0, (4, 1))
    """

    canonical: Figures
    raw: Figures

    @classmethod
    def of(cls, references: Sequence[Tokens], hypotheses: Sequence[Tokens]) -> Self:
        """Score hypotheses against references, both lists of token lists of the same length."""
        return cls(
            Figures.of([spelling(t) for t in references], [spelling(t) for t in hypotheses]),
            Figures.of(references, hypotheses),
        )

    def as_dict(self) -> dict[str, float]:
        """One flat row: n, the canonical figures by their plain names, the raw ones as `raw_...`.

        >>> Score.of([["x"]], [["x"]]).as_dict()["raw_exact"]
        1.0
        """
        names = ("exact", "within1", "within2", "token_error_rate")
        row: dict[str, float] = {"n": len(self.raw.errors)}
        row |= {name: getattr(self.canonical, name) for name in names}
        return row | {f"raw_{name}": getattr(self.raw, name) for name in names}


def _check(references: Sequence, hypotheses: Sequence) -> None:
    if len(references) != len(hypotheses) or not references:
        raise TegashikiError(
            f"scores: {len(references)} references and {len(hypotheses)} hypotheses; "
            "give as many of both, at least one"
        )
