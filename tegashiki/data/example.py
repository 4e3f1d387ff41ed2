"""One thing to learn from: ink, its tokens, and which token each stroke writes.

    example = Example(ink, tokens=("x", "^", "{", "2", "}"), alignment=np.int16([0, 0, 3]))
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.tex.tree import Row, parse


@dataclass(frozen=True, eq=False)
class Example:
    r"""An expression with its label.

    A fraction bar's stroke belongs to the `\frac` token, a radical's to `\sqrt`; all strokes of
    a symbol to that symbol's token. Several strokes may write one token, and no stroke writes a
    brace, `^` or `_`.

    >>> ink = Ink(strokes=(np.float32([[0, 0], [1, 1]]), np.float32([[1, 0], [0, 1]])), id="a")
    >>> Example(ink, ("x",), np.int16([0, 1]))
    Traceback (most recent call last):
    tegashiki.errors.TegashikiError: a: stroke 1: aligned with token 1 of 1; use -1 where unknown
    """

    ink: Ink
    tokens: tuple[str, ...]      # in the vocabulary of tegashiki.tex, without <s> and </s>
    alignment: np.ndarray        # int16 (strokes,): index into tokens, -1 where unknown

    def __post_init__(self) -> None:
        alignment, strokes = np.asarray(self.alignment), len(self.ink.strokes)
        if alignment.shape != (strokes,):
            raise TegashikiError(f"{self.ink.id}: alignment of shape {alignment.shape} for "
                                 f"{strokes} strokes; give one index a stroke")
        wrong = np.flatnonzero((alignment < -1) | (alignment >= len(self.tokens)))
        if len(wrong):
            raise TegashikiError(f"{self.ink.id}: stroke {wrong[0]}: aligned with token "
                                 f"{alignment[wrong[0]]} of {len(self.tokens)}; "
                                 "use -1 where unknown")
        object.__setattr__(self, "alignment", alignment.astype(np.int16))

    @cached_property
    def tree(self) -> Row:
        """The parsed tokens, parsed once; raises TegashikiError if they are no formula."""
        return parse(self.tokens)
