"""Normal form and equal-distance resampling: ink without the device's units and speed.

    ink = normalize(read_ink("formula.inkml"))
    strokes = [resample(stroke, n=16) for stroke in ink.strokes]
    left, top, right, bottom = bounds(strokes)
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import MAX_POINTS, Ink

FLAT = 0.25     # a stroke lower than this part of its width (a bar, a minus) says nothing of height
DOT = 0.1       # nor does one smaller than this part of the tallest (a dot, a slip of the pen)


def bounds(strokes: Sequence[np.ndarray]) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of all points.

    >>> bounds([np.float32([[1, 2], [3, 0]]), np.float32([[0, 1]])])
    (0.0, 0.0, 3.0, 2.0)
    """
    points = np.concatenate(strokes)                                     # (points, 2)
    return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


def unit(strokes: Sequence[np.ndarray]) -> float:
    """The median height of the strokes that have one, in the unit of the points; always > 0.

    Flat strokes and dots are left out of the median; ink that has nothing else is measured by
    the median of its larger sides; a single dot has the unit 1.

    >>> tall, minus = np.float32([[0, 0], [1, 4]]), np.float32([[0, 2], [3, 2]])
    >>> unit([tall, minus, minus]), unit([minus]), unit([minus[:1]])
    (4.0, 3.0, 1.0)
    """
    points = np.concatenate(strokes).astype(np.float64)                  # (points, 2)
    return _unit_of(_sides(points, np.cumsum([len(stroke) for stroke in strokes]))[1].tolist())


def normalize(ink: Ink) -> Ink:
    """The same ink in normal form: unit = `unit(strokes)`, bounding box beginning at (0, 0).

    Applying it twice changes nothing beyond float32 rounding.

    >>> ink = normalize(Ink(strokes=(np.float32([[10, 10], [12, 14]]),)))
    >>> ink.strokes[0].tolist()
    [[0.0, 0.0], [0.5, 1.0]]
    """
    return replace(ink, strokes=tuple(normal_strokes(ink.strokes)))


def normal_strokes(strokes: Sequence[np.ndarray], dtype: type = np.float64) -> list[np.ndarray]:
    """Strokes in normal form, float32 (points, 2), all computed at once.

    `dtype`: what is computed in. float64 for ink from files: KAIST's coordinates are large against
    their differences. float32, a third of the time, for ink that is nearly normal already.

    >>> [s.tolist() for s in normal_strokes([np.float32([[1, 1], [2, 3]])])]
    [[[0.0, 0.0], [0.5, 1.0]]]
    """
    ends = np.cumsum([len(stroke) for stroke in strokes])
    points = np.concatenate(strokes).astype(dtype)                       # (points, 2)
    low, sides = _sides(points, ends)
    size = dtype(_unit_of(sides.tolist()))
    points = ((points - low.min(axis=0)) / size).astype(np.float32)
    return [points[start:end] for start, end in pairwise([0, *ends.tolist()])]


def _sides(points: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Left top corner, and (width, height), of each stroke: (strokes, 2) both."""
    starts = np.concatenate([[0], ends[:-1]])
    low = np.minimum.reduceat(points, starts, axis=0)
    return low, np.maximum.reduceat(points, starts, axis=0) - low


def _unit_of(sides: list[list[float]]) -> float:
    """The unit of normal form from the [width, height] of each stroke, see `unit`.

    In plain Python: most expressions have a dozen strokes, for which numpy's median is slower.
    """
    flattest = DOT * max(height for _, height in sides)
    tall = [height for width, height in sides if height >= FLAT * width and height > flattest]
    sizes = sorted(size for size in tall or map(max, sides) if size > 0)
    middle = len(sizes) // 2
    if not sizes:
        return 1.0
    return sizes[middle] if len(sizes) % 2 else (sizes[middle - 1] + sizes[middle]) / 2


def resample(stroke: np.ndarray, n: int | None = None, spacing: float | None = None) -> np.ndarray:
    """The stroke at equal distances along itself, float32 (n, 2), ends kept exactly.

    Give either `n` points or the `spacing` wanted (rounded so that both ends are kept). A stroke
    without length gives n times its point, or one point with `spacing`.

    >>> resample(np.float32([[0, 0], [1, 0], [4, 0]]), n=5)[:, 0].tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0]
    >>> len(resample(np.float32([[0, 0], [1, 0], [4, 0]]), spacing=0.5))
    9
    """
    given = [value for value in (n, spacing) if value is not None]
    if len(given) != 1 or not given[0] > 0:
        raise TegashikiError(f"resample: n={n}, spacing={spacing}; give one of them, above 0")
    stroke = np.asarray(stroke, dtype=np.float32)
    if n is None:
        length = float(np.hypot(*np.diff(stroke.astype(np.float64), axis=0).T).sum())
        if length > spacing * MAX_POINTS:
            raise TegashikiError(f"resample: spacing={spacing} gives more than {MAX_POINTS} points "
                                 f"over a length of {length:g}; normalize first or space wider")
        n = 1 + max(round(length / spacing), 1 if length else 0)
    return resample_strokes([stroke], n)[0]


def resample_strokes(strokes: Sequence[np.ndarray], n: int) -> np.ndarray:
    """All strokes at once with `n` points each: float32 (strokes, n, 2)."""
    points = np.concatenate(strokes).astype(np.float64)                  # (points, 2)
    ends = np.cumsum([len(stroke) for stroke in strokes])
    starts = np.concatenate([[0], ends[:-1]])
    steps = np.zeros(len(points))
    steps[1:] = np.hypot(*np.diff(points, axis=0).T)
    steps[starts] = 0.0                        # the way of the lifted pen is not drawn
    along = np.cumsum(steps)                                             # (points,)
    wanted = np.linspace(along[starts], along[ends - 1], n).T            # (strokes, n)
    # the segment of each wanted place, kept within its own stroke
    right = np.searchsorted(along, wanted, side="right")
    right = np.clip(right, np.minimum(starts + 1, ends - 1)[:, None], (ends - 1)[:, None])
    left = np.maximum(right - 1, starts[:, None])
    gap = along[right] - along[left]
    share = np.divide(wanted - along[left], gap, out=np.zeros_like(wanted), where=gap > 0)
    out = points[left] + np.clip(share, 0, 1)[..., None] * (points[right] - points[left])
    out[:, 0] = points[starts]
    if n > 1:
        out[:, -1] = points[ends - 1]
    return out.astype(np.float32)                                        # (strokes, n, 2)
