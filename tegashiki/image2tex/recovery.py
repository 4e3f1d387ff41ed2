"""The strokes that a picture shows: ink again.

    ink = recover(read_picture("photo.jpg"))
    recognizer.candidates(ink)
"""

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.image2tex.binarise import binarise
from tegashiki.image2tex.ordering import order
from tegashiki.image2tex.skeleton import skeleton_graph
from tegashiki.image2tex.tracing import trace
from tegashiki.ink.format import MAX_STROKES, Ink


def recover(picture: np.ndarray, clean: bool = False) -> Ink:
    """Ink in pixels of the picture, from grey uint8 (rows, columns).

    `clean`: the paper is known to be flat, so that it need not be looked for. Raises TegashikiError
    for a picture without ink, and for one with more strokes than a formula has.
    """
    found = binarise(picture, clean)
    strokes = trace(skeleton_graph(found.mask, found.pen), found.pen)
    if len(strokes) > MAX_STROKES:
        raise TegashikiError(f"picture: {len(strokes)} strokes, more than {MAX_STROKES}; "
                             "cut out one formula")
    if not strokes:
        raise TegashikiError("picture: no ink on it; give one with a written formula")
    return Ink(tuple(stroke / found.scale for stroke in order(strokes)))
