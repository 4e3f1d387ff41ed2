"""Ink as a picture of fixed rows, and where in it each token lies: the numpy side of `networks`.

    PictureFeatures.featurize(strokes, size=256)["picture"].shape         # (96, 256, 1)

It imports no Keras, so that worker processes which make pictures begin at once.
"""

import math
from collections.abc import Sequence

import numpy as np

from tegashiki.image2tex.drawing import lines
from tegashiki.ink.geometry import normal_strokes

STRIDE = 16          # pixels of a cell's side


class PictureFeatures:
    """What a network of pictures is shown, see `tegashiki.networks.features` for its calls."""

    ROWS = 96                     # pixels
    SIZES = (128, 192, 256, 384, 512)     # columns
    LENGTHS = (16, 24, 32, 40, 48)        # tokens
    UNIT, PEN, MARGIN = 22.0, 2, 4     # pixels of the median stroke, of a line, around the ink

    @classmethod
    def measure(cls, strokes: Sequence[np.ndarray]) -> int:
        """Columns that the ink needs at the size that its height leaves it."""
        width, height = np.concatenate(normal_strokes(strokes)).max(axis=0).tolist()
        unit = min(cls.UNIT, (cls.ROWS - 2 * cls.MARGIN) / max(height, 1e-6))
        return math.ceil(width * unit) + 2 * cls.MARGIN

    @classmethod
    def featurize(cls, strokes: Sequence[np.ndarray], size: int) -> dict[str, np.ndarray]:
        """{"picture": float32 (ROWS, size, 1), ink 1; "valid": float32 (size / STRIDE,)}."""
        placed, needed = cls.place(strokes, size)
        picture = lines(placed, (cls.ROWS, size), cls.PEN)
        valid = np.arange(size // STRIDE) * STRIDE < needed
        return {"picture": picture[..., None].astype(np.float32) / 255,
                "valid": valid.astype(np.float32)}

    @classmethod
    def place(cls, strokes: Sequence[np.ndarray], size: int) -> tuple[list[np.ndarray], float]:
        """The strokes in pixels of a picture of `size` columns, and how many of these they need."""
        normal = normal_strokes(strokes)
        extent = np.maximum(np.concatenate(normal).max(axis=0), 1e-6)     # (x, y)
        room = np.array([size, cls.ROWS]) - 2.0 * cls.MARGIN
        unit = min(cls.UNIT, *(room / extent).tolist())
        down = (cls.ROWS - extent[1] * unit) / 2
        return ([stroke * unit + (cls.MARGIN, down) for stroke in normal],
                float(extent[0]) * unit + 2 * cls.MARGIN)

    @classmethod
    def supervise(cls, strokes: Sequence[np.ndarray], alignment: np.ndarray, ids: np.ndarray,
                  size: int, length: int) -> dict[str, np.ndarray]:
        """Where in the picture each token's ink lies, from the strokes that drew it.

        `alignment`: (strokes,) index into `ids`, -1 where unknown. Returns `guide_weights` float32
        (length, cells), 1 where a cell holds a fair share of the token's ink; `cell_label` int32
        (cells,), the token with most ink there; `cell_weights` float32 (cells,), 0 where none is.
        """
        columns = size // STRIDE
        cells = cls.ROWS // STRIDE * columns
        placed, _ = cls.place(strokes, size)
        owner = lines(placed, (cls.ROWS, size), cls.PEN, labels=True)     # stroke number + 1, or 0
        down, along = np.nonzero(owner)
        token = np.append(-1, alignment)[owner[down, along]]
        cell = down // STRIDE * columns + along // STRIDE
        counts = (token >= 0) & (token < length - 1)
        ink = np.zeros((length, cells), np.float32)                       # pixels
        np.add.at(ink, (token[counts], cell[counts]), 1)
        most = ink.argmax(axis=0)
        label = np.zeros(cells, np.int32)
        inked = ink.any(axis=0)
        label[inked] = ids[most[inked]]
        fair = np.maximum(ink.max(axis=1, keepdims=True) / 4, 1)
        return {"guide_weights": (ink >= fair).astype(np.float32), "cell_label": label,
                "cell_weights": inked.astype(np.float32)}
