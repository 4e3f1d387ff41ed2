r"""From what a file says to the published normal form, with the ink's names where it has them.

    mathml = '<math><msup><mi xml:id="x_1">x</mi><mn xml:id="2_1">2</mn></msup></math>'
    cleaned = clean("$x^2$", mathml)
    cleaned.tokens                                   # ('x', '^', '{', '2', '}')
    cleaned.ids                                      # ('x_1', None, None, '2_1', None)
    clean_latex(r"\bar x", wide())                   # ['\\overline', '{', 'x', '}']

A file says its formula twice: as TeX, which a person wrote, and as MathML, which ties each symbol
to its strokes. The TeX decides, because it agrees with the published captions far more often (the
MathML of two sources hangs scripts on the wrong letter and swaps roots with their degrees); the
MathML stands in where the TeX has no normal form, and always gives the ids.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tegashiki.errors import TegashikiError
from tegashiki.tex.mathml import Pair, read_mathml
from tegashiki.tex.problems import CleanError
from tegashiki.tex.rawtex import read_tex
from tegashiki.tex.tokens import Vocabulary, join, published
from tegashiki.tex.tree import Row, emit, is_valid, normal, parse
from tegashiki.tex.xml_ids import agree, fold_dots, pair, symbols_of

# In published captions; elsewhere a display puts limits under and over by itself.
KEEP_LIMITS = frozenset({r"\int"})


@dataclass(frozen=True)
class Cleaned:
    """A formula in normal form and the names of its ink."""

    tokens: tuple[str, ...]
    ids: tuple[str | None, ...]     # of each token the `xml:id` of its ink; None: no ink or unknown
    source: str                     # "latex" or "mathml": which of the two gave the tokens
    agreed: bool = False            # both tell one formula, so that the ids are beyond doubt
    # Every known `xml:id` and the index of its token: also the second and third dot of a \ldots.
    places: dict[str, int] = field(default_factory=dict)


def clean_latex(truth: str, vocabulary: Vocabulary | None = None) -> list[str]:
    r"""Normal form of raw TeX, such as CROHME's `truth`, by default in the published vocabulary.

    >>> " ".join(clean_latex(r"$ \left( \mbox{a}_1 \right)^2 \lt \frac12$"))
    '( a _ { 1 } ) ^ { 2 } < \\frac { 1 } { 2 }'

    Raises CleanError if the formula has no normal form in the vocabulary.
    """
    vocabulary = vocabulary or published()
    return _checked(_tree(read_tex(truth, vocabulary), vocabulary), vocabulary)


def clean_mathml(text: str, vocabulary: Vocabulary | None = None) -> Cleaned:
    r"""Normal form of MathML with the `xml:id` of each token.

    >>> clean_mathml('<math><mi id="p">&pi;</mi></math>').ids
    ('p',)

    Raises CleanError if it is no MathML or has no normal form in the vocabulary.
    """
    vocabulary = vocabulary or published()
    pairs = read_mathml(text, vocabulary=vocabulary)
    row = _tree([token for token, _ in pairs], vocabulary)
    tokens = _checked(row, vocabulary)
    origins = [[origin] if origin >= 0 else [] for _, origin in emit(row)]
    return _named(tokens, origins, pairs, "mathml", agreed=True)


def clean(truth: str, mathml: str = "", vocabulary: Vocabulary | None = None) -> Cleaned:
    r"""Normal form of an expression that is given as TeX, as MathML, or as both.

    >>> clean("x", '<math><mi xml:id="x_1">x</mi></math>')
    Cleaned(tokens=('x',), ids=('x_1',), source='latex', agreed=True, places={'x_1': 0})

    Raises CleanError, with the TeX's reason, if neither has a normal form.
    """
    vocabulary = vocabulary or published()
    try:
        row = _tree(read_tex(truth, vocabulary), vocabulary)
        tokens = _checked(row, vocabulary)
    except CleanError:
        with suppress(CleanError):
            return clean_mathml(mathml, vocabulary)
        raise
    try:
        cleaned = _carried(tokens, row, read_mathml(mathml, vocabulary=vocabulary))
        if not cleaned.agreed and "mroot" in mathml:        # one data set writes the degree first
            pairs = read_mathml(mathml, degree_first=True, vocabulary=vocabulary)
            other = _carried(tokens, row, pairs)
            cleaned = other if other.agreed else cleaned
    except TegashikiError:
        return Cleaned(tuple(tokens), (None,) * len(tokens), "latex")
    return cleaned


def count_reasons(problems: Iterable[CleanError]) -> dict[str, int]:
    """How often each reason was met, the most frequent first: the table of what was left out.

    >>> count_reasons([CleanError("empty", "..."), CleanError("too long", "..."),
    ...                CleanError("empty", "...")])
    {'empty': 2, 'too long': 1}
    """
    return dict(Counter(problem.reason for problem in problems).most_common())


def _tree(tokens: Sequence[str], vocabulary: Vocabulary) -> Row:
    try:
        return normal(parse(tokens), KEEP_LIMITS if vocabulary == published() else ())
    except TegashikiError as error:
        raise CleanError("braces or arguments missing", str(error)) from error


def _checked(row: Row, vocabulary: Vocabulary) -> list[str]:
    """The tokens of a tree in normal form; refuses what the normal form cannot say."""
    tokens = [token for token, _ in emit(row)]
    if not tokens:
        raise CleanError("empty", "formula: is empty; leave it out")
    for place, token in enumerate(tokens):
        if token not in vocabulary:
            raise CleanError(
                "not in the vocabulary",
                f"formula: token {place}: {token!r} is not in the vocabulary; leave it out",
            )
    if not is_valid(tokens):
        raise CleanError(
            "no normal form", f"formula: {join(tokens)}: two scripts in one place, or an argument "
            "is empty; write it differently",
        )
    return tokens


def _carried(tokens: list[str], row: Row, pairs: list[Pair]) -> Cleaned:
    """The tokens of the TeX with the ids that the MathML has for them."""
    written = symbols_of(row)
    drawn = symbols_of(normal(parse([token for token, _ in pairs])))
    folded = fold_dots(written, drawn)
    drawn = [symbol for symbol, _ in folded]
    partners = iter(pair(written, drawn))
    origins = [
        folded[partner][1] if origin >= 0 and (partner := next(partners)) is not None else []
        for _, origin in emit(row)
    ]
    return _named(tokens, origins, pairs, "latex", agree(written, drawn))


def _named(
    tokens: list[str], origins: list[list[int]], pairs: list[Pair], source: str, agreed: bool
) -> Cleaned:
    ids: list[str | None] = []
    places: dict[str, int] = {}
    for place, ink in enumerate(origins):
        names = [name for origin in ink if (name := pairs[origin][1]) is not None]
        ids.append(names[0] if names else None)
        for name in names:
            places.setdefault(name, place)
    return Cleaned(tuple(tokens), tuple(ids), source, agreed, places)
