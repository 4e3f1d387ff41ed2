"""What the networks see of ink: numpy only, so that data workers and the recogniser need no Keras.

    inputs = StrokeFeatures.featurize(strokes, size=24)
    inputs["points"].shape, inputs["boxes"].shape        # (24, 20, 2), (24, 8)

Strokes are in normal form (unit: median stroke height). Each class says how long an ink is
(`measure`), for which lengths programs are compiled (`SIZES`, with `LENGTHS` of the formula), and
what it becomes (`featurize`).
"""

from collections.abc import Sequence

import numpy as np

Strokes = Sequence[np.ndarray]   # each float32 (points, 2)


class PointFeatures:
    """A row for each point: for networks that read the pen's path."""

    SIZES = (96, 256, 512)     # points; what is longer is thinned to the last
    LENGTHS = (24, 56, 160)    # tokens, <s> or </s> included

    @staticmethod
    def measure(strokes: Strokes) -> int:
        """Number of points."""
        return sum(len(stroke) for stroke in strokes)

    @staticmethod
    def featurize(strokes: Strokes, size: int) -> dict[str, np.ndarray]:
        """Strokes in normal form -> {"points": float32 (size, 6)}.

        Columns: valid, dx, dy to the point before, y, first point of a stroke, last point.
        """
        points = np.concatenate(strokes)  # (n, 2)
        ends = np.cumsum([len(stroke) for stroke in strokes])
        row = np.zeros((len(points), 6), np.float32)
        row[:, 0] = 1
        row[1:, 1:3] = np.clip(np.diff(points, axis=0), -4, 4)
        row[:, 3] = points[:, 1] - points[:, 1].mean()
        row[np.r_[0, ends[:-1]], 4] = 1
        row[ends - 1, 5] = 1
        if len(row) > size:
            row = row[np.linspace(0, len(row) - 1, size).round().astype(int)]
        padded = np.zeros((size, 6), np.float32)
        padded[: len(row)] = row
        return {"points": padded}


class StrokeFeatures:
    """A row for each stroke: its shape as equally spaced points, its place and size as a box."""

    SIZES = (8, 14, 20, 32, 64)       # strokes; 99 % of CROHME has under 46
    LENGTHS = (12, 20, 28, 44, 96)    # compact tokens, <s> or </s> included
    POINTS = 20                       # a stroke

    @staticmethod
    def measure(strokes: Strokes) -> int:
        """Number of strokes."""
        return len(strokes)

    @classmethod
    def featurize(cls, strokes: Strokes, size: int) -> dict[str, np.ndarray]:
        """Strokes in normal form -> {"points": (size, POINTS, 2), "boxes": (size, 8)}, float32.

        `points` are equally spaced along the stroke, relative to the box's centre. `boxes`: valid,
        centre x and y (y relative to the expression's mean centre), width, height, path length,
        and the distance from the stroke's first to its last point. Column 7 is the stroke's number
        in the order of writing. Strokes beyond `size` are left out, the last first.
        """
        count = min(len(strokes), size)
        points = np.zeros((size, cls.POINTS, 2), np.float32)
        boxes = np.zeros((size, 8), np.float32)
        for i in range(count):
            path, length = even(strokes[i], cls.POINTS)
            low, high = path.min(0), path.max(0)
            centre = (low + high) / 2
            points[i] = path - centre
            chord = np.hypot(*(path[-1] - path[0]))
            boxes[i] = (1, *centre, *(high - low), length, chord, i)
        boxes[:count, 2] -= boxes[:count, 2].mean()
        return {"points": points, "boxes": boxes}

    @staticmethod
    def supervise(alignment: np.ndarray, ids: np.ndarray, size: int, length: int,
                  ) -> dict[str, np.ndarray]:
        """What the alignment teaches: for each stroke the position and the id of its token.

        `alignment`: (strokes,) index into `ids`, -1 where unknown. Returns `stroke_position` int32
        (size,), -1 where unknown or beyond `length`; `stroke_label` int32 (size,); `stroke_weights`
        float32 (size,), 0 where unknown.
        """
        position = np.full(size, -1, np.int32)
        known = alignment[:size]
        position[: len(known)] = np.where(known < length - 1, known, -1)
        label = np.zeros(size, np.int32)
        label[position >= 0] = ids[position[position >= 0]]
        return {"stroke_position": position, "stroke_label": label,
                "stroke_weights": (position >= 0).astype(np.float32)}


class CoarseStrokeFeatures(StrokeFeatures):
    """The same rows in fewer sizes: for accelerators, where compiling costs more than padding."""

    SIZES = (20, 40, 64)
    LENGTHS = (28, 56, 96)


def even(stroke: np.ndarray, count: int) -> tuple[np.ndarray, float]:
    """`count` points at equal distances along the stroke, and its length.

    >>> even(np.float32([[0, 0], [0, 3], [1, 3]]), 5)[0].tolist()
    [[0.0, 0.0], [0.0, 1.0], [0.0, 2.0], [0.0, 3.0], [1.0, 3.0]]
    """
    if len(stroke) == 1:
        return np.repeat(stroke, count, axis=0), 0.0
    steps = np.diff(stroke, axis=0)
    along = np.zeros(len(stroke))
    np.cumsum(np.sqrt(steps[:, 0] ** 2 + steps[:, 1] ** 2), out=along[1:])
    at = np.linspace(0.0, along[-1], count)
    path = np.empty((count, 2), np.float32)
    path[:, 0] = np.interp(at, along, stroke[:, 0])
    path[:, 1] = np.interp(at, along, stroke[:, 1])
    return path, float(along[-1])


Features = type[PointFeatures] | type[StrokeFeatures] | PointFeatures | StrokeFeatures
FEATURES: dict[str, type[PointFeatures] | type[StrokeFeatures]] = {
    "baseline": PointFeatures,
    "stroke_transformer": StrokeFeatures,
}
