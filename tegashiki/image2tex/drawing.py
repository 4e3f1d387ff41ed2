"""Ink as a picture: what a scan of it would look like, without the paper.

    picture = draw(ink.strokes)                                  # uint8 (rows, columns)
    picture = draw(ink.strokes, PictureConfig(height=40, pen=2.5))

One size rule for every picture: the median stroke height (`geometry.unit`) becomes `height` pixels.
A formula therefore has letters of the same size whether it is short or long, and pen and margin are
told in the same pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.ink.geometry import normal_strokes

MOST_PIXELS = 24_000_000     # of one picture; beyond it the formula is drawn smaller
_SHIFT = 4                   # bits behind the point in the coordinates that OpenCV takes


@dataclass(frozen=True)
class PictureConfig:
    """How ink is drawn; lengths in pixels."""

    height: float = 48.0     # of the median stroke
    pen: float = 3.0         # width of a line; below 1 it fades
    margin: float = 12.0     # white around the ink
    ink: int = 0             # grey of the ink, 0 black
    paper: int = 255         # grey of the paper


def draw(strokes: Sequence[np.ndarray], config: PictureConfig | None = None) -> np.ndarray:
    """The strokes, each (points, 2) in any unit, y down, as uint8 (rows, columns).

    >>> draw([np.float32([[0, 0], [0, 1]])], PictureConfig(height=10, pen=2, margin=5)).shape
    (20, 10)
    """
    config = config or PictureConfig()
    placed, shape = place(strokes, config)
    covered = lines(placed, (shape[0] * 2, shape[1] * 2), 2 * config.pen, scale=2)
    import cv2  # a heavy library of the extra `images`

    covered = cv2.resize(covered, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    share = covered.astype(np.float32) / 255
    return np.rint(config.paper + (config.ink - config.paper) * share).astype(np.uint8)


def place(strokes: Sequence[np.ndarray], config: PictureConfig,
          ) -> tuple[list[np.ndarray], tuple[int, int]]:
    """The strokes in pixels, float32 (points, 2), and the (rows, columns) of their picture."""
    normal = normal_strokes(strokes)
    extent = np.concatenate(normal).max(axis=0)                          # (x, y)
    size = float(config.height)
    while np.prod(extent * size + 2 * config.margin) > MOST_PIXELS:
        size *= 0.8
    columns, rows = np.ceil(extent * size + 2 * config.margin).astype(int).tolist()
    return [stroke * size + config.margin for stroke in normal], (max(rows, 1), max(columns, 1))


def lines(strokes: Sequence[np.ndarray], shape: tuple[int, int], pen: float, scale: float = 1.0,
          labels: bool = False) -> np.ndarray:
    """Strokes in pixels times `scale` as lines of width `pen` on a black picture of `shape`.

    uint8 with 255 on the lines; with `labels` int32 with the stroke's number plus one.
    """
    import cv2

    canvas = np.zeros(shape, np.int32 if labels else np.uint8)
    width = max(round(pen), 1)
    for number, stroke in enumerate(strokes, start=1):
        points = np.rint((stroke * scale - (0.5 if scale == 1 else 0)) * (1 << _SHIFT))
        value = number if labels else 255
        if len(stroke) == 1 or not np.any(points != points[0]):
            centre = points[0].astype(int).tolist()
            cv2.circle(canvas, centre, round(width * (1 << _SHIFT) / 2), value, -1, cv2.LINE_8,
                       _SHIFT)
        else:
            cv2.polylines(canvas, [points.astype(np.int32)], False, value, width, cv2.LINE_8,
                          _SHIFT)
    return canvas
