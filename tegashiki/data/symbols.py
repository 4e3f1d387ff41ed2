r"""Single symbols without an expression, for banks and classifiers: five public sets.

    samples, skipped = detexify(sets.find("detexify"))
    samples, skipped = hwrt(sets.find("hwrt"), wide())
    samples, skipped = labelled(sets.find("mathbrush-symbols"), "mathbrush", wide())
    print(samples[0].token, samples[0].style, skipped.most_common(3))

All files hold one JSON object a line, plain or compressed by xz, gzip or bzip2. Their coordinates
are the canvas's (Detexify's 0 to 1), y down, so size and baseline say nothing; a bank has to place
them. A symbol that is not in the vocabulary is counted by its name and left out. The vocabulary is
the published one unless another is given; only the wide one tells `\varphi` from `\phi`.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.ink.inkjson import parse_strokes
from tegashiki.storage.archives import open_text
from tegashiki.tex.nodes import STRUCTURE
from tegashiki.tex.symbol_names import symbol_tokens
from tegashiki.tex.tokens import SPECIAL, Vocabulary, published

MAX_LINE = 2**20      # characters; the longest of the public files has 30,000
# In formulas `symbol_tokens` takes these for what stands on the right; single drawings are not it.
_OTHER_SHAPE = frozenset({
    r"\varphi", r"\vartheta", r"\varsigma", r"\leqslant", r"\geqslant", r"\lnot", r"\$", r"\ln",
    r"\longrightarrow", r"\%", r"\colon", r"\mid", r"\Vert",
})
# Labels of drawings that look like a token of the wide vocabulary which `symbol_tokens` does not
# give for them; in a formula they would be another token, or none.
_DRAWN_ALIKE = {
    r"\ast": "*", r"\mid": "|", r"\colon": ":", r"\setminus": r"\backslash", "%": r"\%",
    r"\smallsetminus": r"\backslash", r"\parallel": r"\|", r"\Vert": r"\|", r"\bot": r"\perp",
    r"\varepsilon": r"\epsilon", r"\varnothing": r"\emptyset", r"\ohm": r"\Omega",
    r"\upOmega": r"\Omega", r"\dag": r"\dagger", r"\varpropto": r"\propto", r"\lnot": r"\neg",
    r"\Longrightarrow": r"\Rightarrow", r"\Longleftrightarrow": r"\Leftrightarrow",
    r"\longmapsto": r"\mapsto", r"\longleftrightarrow": r"\leftrightarrow",
    r"\bigtriangleup": r"\triangle", r"\vartriangle": r"\triangle", r"\ne": r"\neq",
    r"\vDash": r"\models", r"\mathunderscore": r"\_", r"\le": r"\leq", r"\ge": r"\geq",
    r"\thicksim": r"\sim", r"\thickapprox": r"\approx", r"\shortparallel": r"\|",
    r"\trianglelefteq": r"\triangleleft", r"\bigstar": r"\star", r"\diameter": r"\emptyset",
}  # fmt: skip
_NOT_DRAWN = STRUCTURE | set(SPECIAL)


@dataclass(frozen=True, eq=False)
class IsolatedSymbol:
    """One drawing of one token."""

    token: str                          # in the vocabulary of tegashiki.tex
    strokes: tuple[np.ndarray, ...]     # each float32 (points, 2), y down, in the file's unit
    style: str                          # who drew it; where nobody says, the drawing's own name


def detexify(path: str | os.PathLike, vocabulary: Vocabulary | None = None
             ) -> tuple[list[IsolatedSymbol], Counter[str]]:
    """Drawings of Detexify ("command", "mode", "strokes", "id"), text mode left out.

    The visitors are not named: every drawing is its own style. Returns the samples and how often
    each other command (or reason) was left out. Raises TegashikiError naming the line.
    """
    return _read(path, "command", lambda record: f"detexify/{record.get('id')}",
                 lambda record: record.get("mode") == "text", vocabulary)


def hwrt(path: str | os.PathLike, vocabulary: Vocabulary | None = None
         ) -> tuple[list[IsolatedSymbol], Counter[str]]:
    """Drawings of write-math.com ("latex", "user", "strokes" with x, y, t), by user.

    Returns the samples and how often each other formula was left out. Raises TegashikiError.
    """
    return _read(path, "latex", lambda record: f"hwrt/{record.get('user')}",
                 lambda record: record.get("type") != "single symbol", vocabulary)


def labelled(path: str | os.PathLike, name: str, vocabulary: Vocabulary | None = None
             ) -> tuple[list[IsolatedSymbol], Counter[str]]:
    """Drawings whose record says its "token" (null: none of ours), with "id" and maybe "drawer".

    So are MathBrush's symbols, Detypify's and Omniglot's Greek; `name` begins the names of their
    styles. Returns the samples and how often each other token was left out. Raises TegashikiError.
    """
    return _read(path, "token", lambda record: f"{name}/{record.get('drawer', record.get('id'))}",
                 lambda record: False, vocabulary)


def token_of(label: str, vocabulary: Vocabulary | None = None) -> str | None:
    r"""The token that a drawing with this label shows, or None if the vocabulary has none.

    >>> token_of(r"\to"), token_of(r"\varphi"), token_of(r"\heartsuit"), token_of("{")
    ('\\rightarrow', None, None, None)
    >>> token_of(r"\varphi", wide()), token_of(r"\mathds{R}", wide())
    ('\\varphi', '\\mathbb{R}')
    """
    known = vocabulary or published()
    if known is not published():
        label = _DRAWN_ALIKE.get(label, label).replace(r"\mathds", r"\mathbb")
        if label in known and label not in _NOT_DRAWN:
            return label
    if label in _OTHER_SHAPE or label in _NOT_DRAWN:
        return None
    found = symbol_tokens(label)
    token = found[0] if len(found) == 1 else None
    return token if token in known and token not in _NOT_DRAWN else None


def _read(path: str | os.PathLike, field: str, style: Any, unwanted: Any,
          vocabulary: Vocabulary | None) -> tuple[list[IsolatedSymbol], Counter[str]]:
    samples, skipped = [], Counter()
    for place, record in _records(Path(path)):
        label = record.get(field)
        token = token_of(label, vocabulary) if isinstance(label, str) else None
        if token is None or unwanted(record):
            skipped[str(label)[:40]] += 1
            continue
        try:
            strokes, _ = parse_strokes(place, record.get("strokes"))
        except TegashikiError as error:
            skipped[f"broken: {error}"] += 1
            continue
        samples.append(IsolatedSymbol(token, strokes, style(record)))
    if not samples:
        raise TegashikiError(f"{path}: no symbol of the vocabulary in it; give a file of JSON "
                             f"lines with the fields '{field}' and 'strokes'")
    return samples, skipped


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(open_text(path, MAX_LINE), start=1):
        place = f"{path}: line {number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict):
            raise TegashikiError(f"{place}: is no JSON object; get the file again")
        yield place, record
