r"""Alphabets: which tokens a recogniser may write, by name or from a file of one's own.

    read("school")                       # frozenset({'0', '1', ..., '\\frac', ...})
    read("my-alphabet.txt")              # any file in the same form
    read("all")                          # None: no restriction

A file is UTF-8 text: tokens of the wide vocabulary with blanks between them, on any number of
lines; a line that begins with `# ` is a comment. Scripts need not be listed. A fraction is written
if `\frac` is listed, a root if `\sqrt` is, an accent if its token is, a matrix if `\begin{matrix}`
is. Those that come with the package lie beside this file, each with its reason.
"""

from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.tex.nodes import CELL, END_MATRIX, MATRIX, NEXT_ROW
from tegashiki.tex.tokens import SPECIAL, wide

ALL = "all"
_FOLDER = Path(__file__).parent
NAMES = (ALL, *sorted(path.stem for path in _FOLDER.glob("*.txt")))
_ALWAYS = frozenset({*SPECIAL, "{", "}", "_", "^"})
_TABLE = frozenset({MATRIX, CELL, NEXT_ROW, END_MATRIX})


def read(name: str) -> frozenset[str] | None:
    r"""The tokens of an alphabet: one of NAMES, or the path of a file; None for all.

    >>> r"\frac" in read("school"), r"\mathbb{R}" in read("school"), read("all")
    (True, False, None)

    Raises TegashikiError for what is neither, and for a token that the wide vocabulary lacks.
    """
    if name == ALL:
        return None
    path = _FOLDER / f"{name}.txt" if name in NAMES else Path(name)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TegashikiError(f"alphabet: {name}: cannot be read ({error}); give "
                             f"{', '.join(NAMES)} or a text file of tokens") from None
    tokens = set(_ALWAYS)
    for number, line in enumerate(lines, start=1):
        for token in () if line.startswith("# ") else line.split():
            if token not in wide():
                raise TegashikiError(f"{path}: line {number}: {token!r} is no token of the wide "
                                     "vocabulary; remove it")
            tokens.add(token)
    return frozenset(tokens | _TABLE if MATRIX in tokens else tokens - _TABLE)
