"""The `rdp` package as an independent oracle for the line rule, with every numpy that is allowed.

    kept = rdp(stroke.astype(np.float64), epsilon)     # what `simplify_line` must keep as well

`rdp` 0.8 measures with `np.cross` of vectors in the plane, which numpy 2.5 no longer takes. Only
its distance is replaced; which points are kept is still decided by the package's own code.

>>> rdp(np.float64([[0, 0], [2, 0], [1, 0]]), 0.1).tolist()
[[0.0, 0.0], [1.0, 0.0]]
"""

import warnings

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")          # rdp 0.8 is older than numpy 2
    from rdp import rdp as _rdp


def distance_to_line(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    """How far `point` (2,) lies from the infinite line through `start` and `end`, in their unit."""
    chord, offset = end - start, start - point
    length = np.linalg.norm(chord)
    if length == 0.0:                        # a closed loop: distance to the point
        return np.linalg.norm(offset)
    return np.abs(chord[0] * offset[1] - chord[1] * offset[0]) / length      # |chord x offset|


def rdp(points: np.ndarray, epsilon: float) -> np.ndarray:
    """The points (count, 2) that the `rdp` package keeps, at the tolerance `epsilon`."""
    return _rdp(points, epsilon, dist=distance_to_line)
