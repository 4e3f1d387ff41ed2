r"""Formulas in the tokens of MathWriting's `normalizedLabel`, to compare with what it publishes.

    mathwriting_form(r"\lim _ { n } a _ { n } \leq \ldots".split())
    # l i m _ { n } a _ { n } \le . . .

MathWriting writes functions in letters, dots one by one, `\mathcal{O}` as `O`, and has no token for
some symbols that look like one of its own. Its published figures count a formula as right if these
tokens are equal, and as character error rate (CER) the edits between them divided by the tokens of
the labels. What has no canonical form is compared token by token as it is.
"""

from collections.abc import Iterator, Sequence

from tegashiki.errors import TegashikiError
from tegashiki.tex.nodes import CALLIGRAPHIC
from tegashiki.tex.tree import canonical

_OTHERWISE: dict[str, tuple[str, ...]] = {
    r"\leq": (r"\le",), r"\geq": (r"\ge",), r"\neq": (r"\ne",),
    r"\cdots": (r"\cdot",) * 3, r"\ldots": (".",) * 3,
    # Symbols without a token there, by what they look like.
    r"\ell": ("l",), r"\imath": ("i",), r"\jmath": ("j",), r"\star": ("*",),
}  # fmt: skip
_FUNCTIONS = frozenset(r"""\sin \cos \tan \cot \sec \csc \arcsin \arccos \arctan \sinh \cosh \tanh
    \log \ln \exp \lim \liminf \max \min \sup \inf \det \dim \ker \deg \gcd \mod""".split())


def mathwriting_form(tokens: Sequence[str]) -> list[str]:
    r"""The tokens of the label that MathWriting would give a formula.

    >>> " ".join(mathwriting_form(r"\binom n 2 \cdots \mathcal{O} ( \log n )".split()))
    '( \\begin{matrix} n \\\\ 2 \\end{matrix} ) \\cdot \\cdot \\cdot O ( l o g n )'
    """
    try:
        return list(_written(canonical(tokens)))
    except TegashikiError:
        return list(tokens)


def _written(tokens: Sequence[str]) -> Iterator[str]:
    for token in tokens:
        if token in _OTHERWISE:
            yield from _OTHERWISE[token]
        elif token in _FUNCTIONS:
            yield from token[1:]
        elif token.startswith(CALLIGRAPHIC + "{"):
            yield token[-2]
        else:
            yield token
