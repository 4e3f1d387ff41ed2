"""Fewer points for the same shape: Ramer-Douglas-Peucker, by two rules.

    fast = simplify(stroke, epsilon=0.02)          # Rust; distance to the segment
    other = simplify_line(stroke, epsilon=0.02)    # numpy; distance to the infinite line

Both keep the two ends, take the point farthest from the chord between them, and go on to both
sides of it while that distance is above epsilon (Ramer 1972; Douglas & Peucker 1973). They differ
in what is measured: a hook that turns back beyond the end of the chord is far from the segment and
near the line, so the line rule, which the `rdp` package follows, cuts it off.

>>> hook = np.float32([[0, 0], [2, 0], [1, 0]])
>>> simplify(hook, 0.1).tolist(), simplify_line(hook, 0.1).tolist()
([[0.0, 0.0], [2.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [1.0, 0.0]])
"""

import numpy as np
from simplification.cutil import simplify_coords


def simplify(stroke: np.ndarray, epsilon: float) -> np.ndarray:
    """The stroke without points nearer than `epsilon` to the segment; float32 (fewer points, 2).

    `epsilon` has the unit of the points; 0.02 stroke heights cannot be seen. A stroke of one or
    two points comes back as it is.
    """
    if len(stroke) < 3:
        return stroke
    points = np.ascontiguousarray(stroke, dtype=np.float64)
    return np.asarray(simplify_coords(points, epsilon), dtype=np.float32)


def simplify_line(stroke: np.ndarray, epsilon: float) -> np.ndarray:
    """As `simplify`, measuring to the infinite line: the same points as the `rdp` package keeps."""
    points = np.asarray(stroke, dtype=np.float64)                        # (points, 2)
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        offset = points[first] - points[first + 1:last]                  # (inner points, 2)
        chord = points[last] - points[first]
        length = np.sqrt(chord @ chord)
        if length == 0.0:                      # a closed loop: distance to the point
            distance = np.sqrt((offset * offset).sum(axis=1))
        else:                                  # |chord x offset| / |chord|
            distance = np.abs(chord[0] * offset[:, 1] - chord[1] * offset[:, 0]) / length
        far = int(distance.argmax())
        if distance[far] > epsilon:
            middle = first + 1 + far
            keep[middle] = True
            todo += [(first, middle), (middle, last)]
    return np.asarray(stroke, dtype=np.float32)[keep]
