"""The picture that a network sees: 48 x 48, ink 1 on paper 0, the character 44 wide or high.

    of_picture(scan)          # any grey or colour picture of one character
    of_ink(strokes)           # the same from pen strokes, as tegashiki/kanji/web/normal.js draws it

Where the character stood, how large it was and how dark the pen was is taken out; its proportions
stay. A page draws, a scanner reads: both come to the same form, and one network serves both.
"""

import itertools
from collections.abc import Sequence

import cv2
import numpy as np

from tegashiki.errors import TegashikiError

SIZE = 48  # pixels, both ways
BOX = 44  # of them the character, its longer side
PEN = 2.6  # width of a drawn line, pixels
INK = 0.35  # darkness from which a pixel of a scan counts as ink when it is cut out
SPECK = 0.01  # share of the ink; the dot of a 'dakuten' is three times as much
_LARGEST = 4096  # pixels; a scan is one character, not a page


def of_picture(picture: np.ndarray) -> np.ndarray:
    """float32 (48, 48) from uint8 or float (rows, columns) or (rows, columns, 3 or 4).

    Dark on light or light on dark: what there is less of is ink. Raises TegashikiError for a
    picture without ink, or of another shape.
    """
    ink = _darkness(picture)
    # The pen's darkness: nearly the darkest, so that one bad pixel decides nothing.
    full = np.partition(ink.ravel(), -4)[-4] if ink.size > 4 else ink.max()
    if not full > 1e-3:
        raise TegashikiError(
            "the picture holds no ink: every pixel is alike; give a picture of one character"
        )
    ink = np.minimum(ink / full, 1)
    inked = _without_specks(ink > INK)
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    return fit(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _without_specks(inked: np.ndarray) -> np.ndarray:
    """Without pieces of less than SPECK of the ink: dust would make the character small."""
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0  # the paper
    large = areas >= SPECK * areas.sum()
    large[0] = False
    return large[pieces] if count > 2 else inked


def fit(ink: np.ndarray, box: float = BOX) -> np.ndarray:
    """Ink (rows, columns), cut to its bounds, resized to `box` and put into the middle, 0 to 1."""
    scale = box / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(np.ascontiguousarray(ink, np.float32), (width, height), interpolation=how)
    whole = np.zeros((SIZE, SIZE), np.float32)
    top, left = (SIZE - height) // 2, (SIZE - width) // 2
    whole[top : top + height, left : left + width] = small
    top_ink = float(whole.max())
    return whole / top_ink if top_ink > 0 else whole


def _darkness(picture: np.ndarray) -> np.ndarray:
    """float32 (rows, columns), 0 for paper; the sign is turned so that ink is positive."""
    picture = np.asarray(picture)
    if (
        picture.ndim not in (2, 3)
        or not 1 <= min(picture.shape[:2]) <= max(picture.shape[:2]) <= _LARGEST
    ):
        raise TegashikiError(
            f"a picture of shape {picture.shape}: give one of at most {_LARGEST} "
            "pixels a side, grey or in colour"
        )
    grey = picture.astype(np.float32) / (255 if picture.dtype == np.uint8 else 1)
    if grey.ndim == 3:
        if grey.shape[2] == 4:  # what is transparent is white paper
            grey = grey[..., :3] * grey[..., 3:] + (1 - grey[..., 3:])
        grey = (
            grey[..., :3] @ np.float32([0.299, 0.587, 0.114]) if grey.shape[2] > 1 else grey[..., 0]
        )
    paper = float(np.median(grey))
    # Where more than half of a tight cut is ink, the rim knows better than the median.
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if abs(float(np.median(rim)) - paper) > 0.5:
        paper = float(np.median(rim))
    below, above = np.maximum(paper - grey, 0), np.maximum(grey - paper, 0)
    return below if below.sum() >= above.sum() else above


def of_ink(strokes: Sequence[np.ndarray], pen: float = PEN) -> np.ndarray:
    """float32 (48, 48) from strokes (points, 2), y down: each pixel by its distance to the line.

    A pixel is 1 within the pen's half width, 0 half a pixel outside, and falls in a line between.
    Raises TegashikiError without a point.
    """
    strokes = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not strokes:
        raise TegashikiError("no stroke was written; write a character first")
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    scale = (BOX - pen) / extent if extent > 0 else 0.0
    middle = (low + high) / 2
    nearest = np.full((SIZE, SIZE), np.inf)  # squared distance of each pixel's centre
    y, x = np.mgrid[:SIZE, :SIZE] + 0.5
    for stroke in strokes:
        drawn = (stroke - middle) * scale + SIZE / 2
        for a, b in itertools.pairwise(drawn) if len(drawn) > 1 else [(drawn[0],) * 2]:
            along = b - a
            square = float(along @ along)
            # t: the nearest place on the segment, 0 at a, 1 at b
            t = (
                np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / square, 0, 1)
                if square
                else 0
            )
            distance = (x - a[0] - t * along[0]) ** 2 + (y - a[1] - t * along[1]) ** 2
            np.minimum(nearest, distance, out=nearest)
    return np.clip(pen / 2 + 0.5 - np.sqrt(nearest), 0, 1).astype(np.float32)
