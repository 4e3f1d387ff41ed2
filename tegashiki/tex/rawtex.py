r"""Raw TeX as data sets write it, read into tokens without what is not drawn.

    read_tex(r"$\left( \mbox{a} \,\right)\lt 1$")    # ['(', '{', 'a', '}', ')', '<', '1']
    read_tex(r"nlogn...", wide())                     # ['n', '\\log', 'n', '\\ldots']

Spacing, fonts, bracket sizes and math shifts are dropped; other names of a symbol become its token.
For the wide vocabulary functions' names in letters and dots one by one become tokens too: that is
how MathWriting's labels write them.
"""

import re
from collections.abc import Iterator

from tegashiki.tex.function_names import spell_out
from tegashiki.tex.macros import expand
from tegashiki.tex.problems import CleanError
from tegashiki.tex.symbol_names import ALIASES, UNICODE, from_unicode, resolve, words
from tegashiki.tex.tokens import Vocabulary, published, tokenize

MAX_CHARACTERS = 100_000

# A function's name in plain letters, "log(x)" or, by one data set, "l o g ( x )": no part of a
# longer word, and with something to work on (a_{tan} was written in letters).
_NAMES = "sin|cos|tan|log|lim|l o g|l i m"
_SPELLED = re.compile(rf"(?<![a-zA-Z\\])(?:{_NAMES})(?![a-zA-Z])(?!\s*(?:[}}$]|$))")

# Not drawn: spaces, and what only changes the look of the argument or bracket that follows.
_DROPPED = frozenset({
    "$", "~", r"\ ", r"\,", r"\;", r"\:", r"\!", r"\>", "\\\n", "\\\t", r"\/", r"\quad",
    r"\qquad", r"\enspace", r"\thinspace", r"\displaystyle", r"\textstyle", r"\scriptstyle",
    r"\scriptscriptstyle", r"\nolimits", r"\nonumber", r"\(", r"\)", r"\[", r"\]",
    r"\mbox", r"\hbox", r"\vbox", r"\vtop", r"\text", r"\textrm", r"\textit", r"\mathrm",
    r"\mathit", r"\mathbf", r"\mathsf", r"\mathnormal", r"\boldsymbol", r"\rm", r"\it", r"\bf",
    r"\mathfrak", r"\frak", r"\mathtt", r"\textbf", r"\textsf", r"\texttt", r"\bm", r"\pmb",
    r"\ensuremath", r"\allowbreak", r"\notag", r"\null", r"\sf", r"\tt", r"\hfill", r"\relax",
    r"\operatorname", r"\mathop", r"\mathbin", r"\mathrel", r"\mathord", r"\mathopen",
    r"\mathclose", r"\mathpunct", r"\mathinner", r"\strut",
})  # fmt: skip
_SIZES = frozenset(
    "\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)
_SHARED = {r"\tfrac": r"\frac", r"\dfrac": r"\frac", r"\cfrac": r"\frac",
           r"\dbinom": r"\binom", r"\tbinom": r"\binom"}
_FENCES = frozenset({r"\left", r"\right", r"\middle"})
_ANGLES = {"<": r"\langle", ">": r"\rangle"}           # after a fence; published text has no others
_DOTS = {".": r"\ldots", r"\cdot": r"\cdots"}          # three in a row
_OF_TEX = frozenset("{}'%#&")             # characters that mean something else in TeX
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\s*([a-zA-Z]+\*?)\s*\}")


def read_tex(tex: str, vocabulary: Vocabulary | None = None) -> list[str]:
    r"""Tokens of raw TeX that a pen draws or that place what it draws, by default published ones.

    >>> read_tex(r"\Bigg( \sum_{i=1}^n \gtM \Bigg)")
    ['(', '\\sum', '_', '{', 'i', '=', '1', '}', '^', 'n', '>', 'M', ')']

    Raises CleanError if the text is too long to be one formula.
    """
    if len(tex) > MAX_CHARACTERS:
        raise CleanError("too long", f"truth: {len(tex)} characters; give one formula")
    vocabulary = vocabulary or published()
    wide = vocabulary != published()
    tex = _SPELLED.sub(lambda match: "\\" + match.group().replace(" ", "") + " ", tex)
    tex = _ENVIRONMENT.sub(r"\\\1{\2}", spell_out(tex) if wide else tex)
    tokens = _fill(list(_read(expand(tokenize(tex)), vocabulary)))
    return list(_dots(tokens)) if wide else tokens


def _read(tokens: list[str], vocabulary: Vocabulary) -> Iterator[str]:
    fence = False
    for token in tokens:
        if fence and token == ".":      # \left. is a fence that is not drawn
            fence = False
            continue
        if fence and _ANGLES.get(token) in vocabulary:
            token = _ANGLES[token]
        fence = token in _FENCES
        if fence or token in _DROPPED or token in _SIZES:
            continue
        yield from _spell(token, vocabulary)


def _fill(tokens: list[str]) -> list[str]:
    """Move a comma after an empty subscript into it: test2014 writes a low comma as `x _ {}, y`.

    >>> _fill("x _ { } , y ^ { 2 } _ { } , z".split())[:6]     # only where nothing else hangs
    ['x', '_', '{', ',', '}', 'y']
    """
    filled = list(tokens)
    for place in range(1, len(tokens) - 3):
        if filled[place : place + 4] == ["_", "{", "}", ","] and filled[place - 1] != "}":
            filled[place + 2 : place + 4] = ",", "}"
    return filled


def _spell(token: str, vocabulary: Vocabulary) -> Iterator[str]:
    token = _SHARED.get(token, token)
    if token in UNICODE and token not in _OF_TEX:
        yield from from_unicode(token, vocabulary)
    elif token[:3] in (r"\lt", r"\gt") and token[1:] not in words(vocabulary):
        # A data set wrote `>` as \gt without a blank after it: \gtM is > M.
        yield from ALIASES[token[:3]]
        yield from token[3:]
    else:
        yield from resolve(token, vocabulary)


def _dots(tokens: list[str]) -> Iterator[str]:
    """Three dots one by one as the token that they are."""
    place = 0
    while place < len(tokens):
        token = tokens[place]
        dots = token in _DOTS and tokens[place : place + 3] == [token] * 3
        yield _DOTS[token] if dots else token
        place += 3 if dots else 1
