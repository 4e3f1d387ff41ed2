"""Ink as the networks want it, in training and on the pad alike.

    ink = prepare(read_ink("formula.inkml"))
"""

from dataclasses import replace

from tegashiki.ink.format import Ink
from tegashiki.ink.geometry import normalize
from tegashiki.ink.simplify import simplify

EPSILON = 0.04   # of the median stroke height: about the thickness of the pen


def prepare(ink: Ink, epsilon: float = EPSILON) -> Ink:
    """Normal form, and strokes without the points that lie within `epsilon` of a straight line.

    >>> import numpy as np
    >>> prepare(Ink(strokes=(np.float32([[5, 0], [5, 1], [5, 4]]),))).strokes[0].tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    ink = normalize(ink)
    strokes = tuple(simplify(stroke, epsilon) for stroke in ink.strokes)
    return replace(ink, strokes=strokes, times=None)
