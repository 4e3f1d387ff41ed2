"""One symbol as somebody wrote it, in the unit of its line: what a glyph bank is made of.

    glyph = Glyph("x", (np.float32([[0, -1], [0.8, 0]]),), style="writer 7")
    print(glyph.box)                                 # left, top, right, bottom

A glyph knows how large it was written and where on its line: its strokes are in x-heights of the
line it stood on (1 = the height of that writer's x), y down, the baseline at 0 and the left edge at
x = 0. So a p hangs below 0, a comma is small, a writer's capitals are as tall as that writer makes
them, and writing a glyph on another line is one scale and one shift. A style is a writer or a font:
glyphs of one style look as if one person made them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Box = tuple[float, float, float, float]     # left, top, right, bottom; y down


@dataclass(frozen=True, eq=False)
class Glyph:
    """One symbol as somebody wrote it; the unit is the x-height of its line, see the module."""

    token: str
    strokes: tuple[np.ndarray, ...]     # each float32 (points, 2), in the order of writing
    style: str
    script: bool = False                # written as a script or limit, not on a full line
    origin: str = "formula"             # cut out of one; or "drawing", "composed", "copy"

    @property
    def box(self) -> Box:
        """The bounds of its ink."""
        points = np.concatenate(self.strokes)
        return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


def root_knee(strokes: Sequence[np.ndarray], box: Box, near_top: float = 0.25) -> float:
    """The x where a radical's hook ends and its bar begins; not limited to the box.

    It is where the ink first comes near the top again (within `near_top` of the height) after its
    lowest point; the middle of the box if it never does.

    >>> root_knee([np.float32([[0, 0.5], [1, 1], [2, 0], [6, 0]])], (0, 0, 6, 1))
    2.0
    """
    points = np.concatenate(strokes)
    lowest = int(points[:, 1].argmax())
    risen = np.flatnonzero(points[lowest:, 1] <= box[1] + near_top * (box[3] - box[1]))
    return float(points[lowest + risen[0], 0]) if len(risen) else (box[0] + box[2]) / 2
