"""Strokes in the order and direction in which a writer would have drawn them.

    strokes = order(traced)

By recursive projection (Chan 2020, arXiv 1905.06749): what a white column divides is written from
left to right, what a white row divides from top to bottom, and so on within each part. Where
neither divides, the stroke that reaches farthest left comes first. A stroke is drawn from its left
or upper end; a closed one from its top, against the clock.
"""

from collections.abc import Sequence

import numpy as np

CLOSED = 0.15     # ends nearer than this part of the stroke's size: a closed stroke
DOTTED = 0.4      # a stroke smaller than this part of the upright one below it is its dot
STEEP = 1.3       # how much one unit down counts against one to the right


def order(strokes: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The strokes, float32 (points, 2), y down, in the order of writing, each in its direction.

    >>> bar, one = np.float32([[9, 5], [0, 5]]), np.float32([[4, 4], [4, 0]])
    >>> [stroke.tolist() for stroke in order([bar, one])]
    [[[4.0, 0.0], [4.0, 4.0]], [[0.0, 5.0], [9.0, 5.0]]]
    """
    directed = [direct(stroke) for stroke in strokes]
    if not directed:
        return []
    low = np.stack([stroke.min(axis=0) for stroke in directed])          # (strokes, 2)
    high = np.stack([stroke.max(axis=0) for stroke in directed])
    found = _project(list(range(len(directed))), low, high, axis=0, stuck=False)
    return [directed[index] for index in found]


def _project(members: list[int], low: np.ndarray, high: np.ndarray, axis: int,
             stuck: bool) -> list[int]:
    """The members in order: cut by gaps along `axis`, then along the other one, and so on."""
    if len(members) < 2:
        return members
    parts = _parts(members, low[:, axis], high[:, axis])
    if len(parts) > 1:
        if axis == 1:
            parts = _bodies_first(parts, low, high)
        return [one for part in parts for one in _project(part, low, high, 1 - axis, False)]
    if not stuck:
        return _project(members, low, high, 1 - axis, True)
    first = min(members, key=lambda one: (low[one, 0], low[one, 1]))
    rest = [one for one in members if one != first]
    return [first, *_project(rest, low, high, 0, False)]


def _bodies_first(parts: list[list[int]], low: np.ndarray, high: np.ndarray) -> list[list[int]]:
    """Parts from top to bottom, but for the dot of an i, which follows its body."""
    parts = list(parts)
    for i in range(len(parts) - 1):
        dot, body = parts[i], parts[i + 1]
        if len(dot) == len(body) == 1:
            small = float((high[dot[0]] - low[dot[0]]).max())
            width, height = (high[body[0]] - low[body[0]]).tolist()
            if small < DOTTED * height and width < height:
                parts[i], parts[i + 1] = body, dot
    return parts


def _parts(members: list[int], low: np.ndarray, high: np.ndarray) -> list[list[int]]:
    """Groups along one axis with a gap between each and the next."""
    parts: list[list[int]] = []
    reach = -np.inf
    for one in sorted(members, key=low.__getitem__):
        if low[one] > reach:
            parts.append([])
        parts[-1].append(one)
        reach = max(reach, high[one])
    return parts


def direct(stroke: np.ndarray) -> np.ndarray:
    """The stroke in the direction in which it is usually drawn."""
    if len(stroke) < 2:
        return stroke
    size = float(np.ptp(stroke, axis=0).max())
    step = stroke[-1] - stroke[0]
    if np.hypot(*step) <= CLOSED * size and len(stroke) > 3:
        return _closed(stroke)
    return stroke if step[0] + STEEP * step[1] >= 0 else stroke[::-1]


def _closed(stroke: np.ndarray) -> np.ndarray:
    """A closed stroke from its top, against the clock (y grows downwards)."""
    x, y = stroke.T
    area = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))        # > 0: with the clock
    turned = stroke if area < 0 else stroke[::-1]
    top = int(np.argmin(turned[:, 1]))
    return np.concatenate([turned[top:], turned[:top + 1]])
