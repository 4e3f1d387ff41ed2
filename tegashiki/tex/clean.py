r"""From what a file says to the published normal form, with the ink's names where it has them.

    mathml = '<math><msup><mi xml:id="x_1">x</mi><mn xml:id="2_1">2</mn></msup></math>'
    cleaned = clean("$x^2$", mathml)
    cleaned.tokens                                   # ('x', '^', '{', '2', '}')
    cleaned.ids                                      # ('x_1', None, None, '2_1', None)
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tegashiki.errors import TegashikiError
from tegashiki.tex.mathml import Pair, read_mathml
from tegashiki.tex.problems import CleanError
from tegashiki.tex.rawtex import read_tex
from tegashiki.tex.tokens import Vocabulary
from tegashiki.tex.tree import emit, is_valid, normal, parse

KEEP_LIMITS = frozenset({r"\int"})      # everywhere else a display puts them there by itself


@dataclass(frozen=True)
class Cleaned:
    """A formula in normal form and where it comes from."""

    tokens: tuple[str, ...]
    ids: tuple[str | None, ...]     # of each token the `xml:id` of its ink; None: no ink or unknown
    source: str                     # "mathml" or "latex": which of the two gave the tokens


def clean_latex(truth: str) -> list[str]:
    r"""Normal form of raw TeX, such as CROHME's `truth`.

    >>> " ".join(clean_latex(r"$ \left( \mbox{a}_1 \right)^2 \lt \frac12$"))
    '( a _ { 1 } ) ^ { 2 } < \\frac { 1 } { 2 }'

    Raises CleanError if the formula has no normal form in the published vocabulary.
    """
    return list(_normal([(token, None) for token in read_tex(truth)]).tokens)


def clean_mathml(text: str) -> Cleaned:
    """Normal form of MathML with the `xml:id` of each token; raises CleanError if it has none."""
    return _normal(read_mathml(text), "mathml")


def _normal(pairs: Sequence[Pair], source: str = "latex") -> Cleaned:
    try:
        row = normal(parse([token for token, _ in pairs]), KEEP_LIMITS)
    except TegashikiError as error:
        raise CleanError("unbalanced", str(error)) from error
    emitted = list(emit(row))
    tokens = tuple(token for token, _ in emitted)
    vocabulary = Vocabulary.load()
    unknown = next((token for token in tokens if token not in vocabulary), None)
    if unknown is not None:
        raise CleanError("not in the vocabulary", f"formula: {unknown!r} is not in the vocabulary")
    if not tokens:
        raise CleanError("empty", "formula: is empty; leave it out")
    if not is_valid(tokens):
        raise CleanError("no normal form", f"formula: {' '.join(tokens)}: scripts collide or hang")
    ids = tuple(pairs[origin][1] if origin >= 0 else None for _, origin in emitted)
    return Cleaned(tokens, ids, source)


def clean(truth: str, mathml: str = "") -> Cleaned:
    """Normal form of one example."""
    try:
        return clean_mathml(mathml)
    except CleanError:
        return Cleaned(*((tokens := tuple(clean_latex(truth))), (None,) * len(tokens)), "latex")


def table(reasons: Iterable[str]) -> Counter[str]:
    """How often each reason was met, the most frequent first."""
    return Counter(dict(Counter(reasons).most_common()))
