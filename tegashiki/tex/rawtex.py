r"""Raw TeX as data sets write it, read into tokens without what is not drawn.

    read_tex(r"$\left( \mbox{a} \,\right)\lt 1$")    # ['(', '{', 'a', '}', ')', '<', '1']

Spacing, fonts, bracket sizes and math shifts are dropped; other names of a symbol become its token.
"""

import re
from collections.abc import Iterator

from tegashiki.tex.problems import CleanError
from tegashiki.tex.symbol_names import ALIASES, UNICODE, words
from tegashiki.tex.tokens import tokenize

MAX_CHARACTERS = 100_000

# A function's name in plain letters, "log(x)" or, by one data set, "l o g ( x )": no part of a
# longer word, and with something to work on (a_{tan} was written in letters).
_NAMES = "sin|cos|tan|log|lim|l o g|l i m"
_SPELLED = re.compile(rf"(?<![a-zA-Z\\])(?:{_NAMES})(?![a-zA-Z])(?!\s*(?:[}}$]|$))")

# Not drawn: spaces, and what only changes the look of the argument or bracket that follows.
_DROPPED = frozenset({
    "$", "~", "&", r"\ ", r"\,", r"\;", r"\:", r"\!", r"\>", "\\\n", "\\\t", r"\/", r"\quad",
    r"\qquad", r"\enspace", r"\thinspace", r"\displaystyle", r"\textstyle", r"\scriptstyle",
    r"\scriptscriptstyle", r"\nolimits", r"\nonumber", r"\(", r"\)", r"\[", r"\]",
    r"\mbox", r"\hbox", r"\vbox", r"\vtop", r"\text", r"\textrm", r"\textit", r"\mathrm",
    r"\mathit", r"\mathbf", r"\mathsf", r"\mathnormal", r"\boldsymbol", r"\rm", r"\it", r"\bf",
    r"\operatorname", r"\mathop", r"\mathbin", r"\mathrel", r"\mathord", r"\mathopen",
    r"\mathclose", r"\mathpunct", r"\mathinner", r"\strut",
})  # fmt: skip
_SIZES = frozenset(
    "\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)
_SHARED = {r"\tfrac": r"\frac", r"\dfrac": r"\frac", r"\cfrac": r"\frac"}
_FENCES = frozenset({r"\left", r"\right", r"\middle"})


def read_tex(tex: str) -> list[str]:
    r"""Tokens of raw TeX that a pen draws or that place what it draws.

    >>> read_tex(r"\Bigg( \sum_{i=1}^n \gtM \Bigg)")
    ['(', '\\sum', '_', '{', 'i', '=', '1', '}', '^', 'n', '>', 'M', ')']

    Raises CleanError if the text is too long to be one formula.
    """
    if len(tex) > MAX_CHARACTERS:
        raise CleanError("too long", f"truth: {len(tex)} characters; give one formula")
    tex = _SPELLED.sub(lambda match: "\\" + match.group().replace(" ", "") + " ", tex)
    return _fill(list(_read(tokenize(tex))))


def _read(tokens: list[str]) -> Iterator[str]:
    fence = False
    for token in tokens:
        if fence and token == ".":      # \left. is a fence that is not drawn
            fence = False
            continue
        fence = token in _FENCES
        if fence or token in _DROPPED or token in _SIZES:
            continue
        yield from _spell(token)


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


def _spell(token: str) -> Iterator[str]:
    token = _SHARED.get(token, token)
    if token in ALIASES:
        yield from ALIASES[token]
    elif token in UNICODE and token not in "{}'":
        yield from tokenize(UNICODE[token])
    elif token[:3] in (r"\lt", r"\gt") and token[1:] not in words():
        # A data set wrote `>` as \gt without a blank after it: \gtM is > M.
        yield from ALIASES[token[:3]]
        yield from token[3:]
    else:
        yield token
