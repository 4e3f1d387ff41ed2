r"""Functions' names that somebody wrote in plain letters: `nlogn` for `n\log n`.

    spell_out("nlogn+sin x")                         # 'n\\log n+\\sin x'

MathWriting's labels have no other way to say them. A name is taken for one only where a word would
be unlikely: with at most two letters before it, and after it at most two letters or another name.
"""

import re

_COMMON = (
    "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "sin", "cos", "tan", "cot", "sec", "csc",
    "log", "lim", "exp", "max", "min", "ln",
)  # fmt: skip
# These begin too many words: only alone, or before one capital.
_RARE = ("liminf", "sup", "inf", "det", "dim", "ker", "deg", "gcd", "mod")

_RUN = re.compile(r"(?<![a-zA-Z\\])[a-zA-Z]{2,}")
_PART = re.compile(rf"([a-zA-Z]{{0,2}}?)({'|'.join(_COMMON)})(.*)")
_ALONE = re.compile(rf"({'|'.join(_RARE)})([A-Z]?)")


def spell_out(tex: str) -> str:
    r"""TeX with a backslash before each name of a function.

    >>> spell_out(r"vcos\theta"), spell_out("dimV"), spell_out(r"single \cosh edge")
    ('v\\cos \\theta', '\\dim V', 'single \\cosh edge')
    """
    return _RUN.sub(lambda match: _names(match[0]) or match[0], tex)


def _names(run: str) -> str | None:
    """The run with its names marked; None if it holds none or looks like a word."""
    if alone := _ALONE.fullmatch(run):
        return rf"\{alone[1]} {alone[2]}"
    part = _PART.fullmatch(run)
    if not part:
        return None
    before, name, after = part.groups()
    rest = after if len(after) <= 2 else _names(after)
    return None if rest is None else rf"{before}\{name} {rest}"
