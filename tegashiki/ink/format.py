"""What was written: the one statement of the ink format. Everything else refers to it.

    ink = Ink(strokes=(np.array([[0, 0], [0, 1]], np.float32),))

An expression is a list of strokes in the order of writing. A stroke is float32 (points, 2): x to
the right, y DOWN, in pen order, at least one point, all finite. As read from a file the unit is the
file's; in normal form (`geometry.normalize`) the unit is the median stroke height of the expression
and its bounding box begins at (0, 0). Time, where the device gave it, is float32 (points,) per
stroke in seconds since the first point. A symbol is a token of the vocabulary and the indices of
the strokes that it was written with.
"""

from dataclasses import dataclass

import numpy as np

MAX_STROKES = 2_000      # more in one expression is no handwriting; readers refuse it
MAX_POINTS = 200_000     # in one expression, over all strokes


@dataclass(frozen=True)
class Symbol:
    """One written symbol: what it is and which strokes it is made of."""

    label: str                   # as the file spells it: "x", r"\alpha", "-"
    strokes: tuple[int, ...]     # indices into Ink.strokes
    id: str = ""                 # the name by which the file's MathML refers to it


@dataclass(frozen=True, eq=False)
class Ink:
    """One expression as it was written, with what its file says about it."""

    strokes: tuple[np.ndarray, ...]                # each float32 (points, 2), see above
    times: tuple[np.ndarray, ...] | None = None    # each float32 (points,), seconds
    truth: str = ""                                # TeX as the file gives it, not cleaned
    mathml: str = ""                               # presentation MathML as the file gives it
    symbols: tuple[Symbol, ...] = ()               # the alignment, where the file has one
    id: str = ""                                   # unique within its set
    writer: str = ""                               # "" where unknown
