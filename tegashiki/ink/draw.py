"""A picture of ink: strokes coloured by their order, each with its number at its first point.

    from tegashiki.ink import draw, read_ink
    draw(read_ink("formula.inkml"))
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tegashiki.ink.format import Ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NUMBERED = 40      # more strokes than this: the numbers would cover the ink


def draw(ink: Ink | Sequence[np.ndarray], ax: "Axes | None" = None,
         title: str | None = None) -> "Axes":
    """Draw an `Ink` or a list of strokes (each (points, 2), y down) and return the axes.

    Colours run from dark (first) to light (last); a stroke of one point is a dot. The title is the
    ink's truth unless one is given, shown as plain text and not as mathematics.
    """
    import matplotlib.pyplot as plt  # 0.5 s, which only those who draw should pay

    strokes = ink.strokes if isinstance(ink, Ink) else ink
    if title is None:
        title = ink.truth if isinstance(ink, Ink) else ""
    ax = ax if ax is not None else plt.gca()
    colours = plt.get_cmap("viridis")(np.linspace(0, 0.85, max(len(strokes), 2)))   # (strokes, 4)
    for index, stroke in enumerate(strokes):
        x, y = np.asarray(stroke).T
        ax.plot(x, y, color=colours[index], linewidth=1.6, solid_capstyle="round",
                marker="o" if len(stroke) == 1 else None, markersize=2.5)
        if len(strokes) <= NUMBERED:
            ax.plot(x[0], y[0], "o", color=colours[index], markersize=3.5)
            ax.annotate(str(index), (x[0], y[0]), xytext=(-3, 3), textcoords="offset points",
                        fontsize=7, color=colours[index], ha="right")
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.08)
    if not ax.yaxis_inverted():
        ax.invert_yaxis()
    ax.set_axis_off()
    ax.set_title(title, fontsize=9, parse_math=False)
    return ax
