"""Curves as SVG: one drawing for a file, a page, or a table.

    path.write_text(svg.chart({"3f9a1c2b": points}, "loss"))
    svg.sparkline(points)

No script, no font, no address. Colours follow the reader's light or dark setting; each line also
has its own dash, and a title that a pointer or a screen reader finds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from tegashiki.journal.report.curves import Points

# Distinct for most eyes on white and on near-black (Okabe and Ito 2008, without yellow and black).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
_DASHES = ("", "6 3", "2 3", "8 3 2 3")
_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 12, 12, 34
_STYLE = (
    "<style>.t{font:12px system-ui,sans-serif;fill:#333}.g{stroke:#8885;stroke-width:1}"
    "@media(prefers-color-scheme:dark){.t{fill:#ccc}}</style>"
)


def chart(lines: Mapping[str, Points], title: str, over: str = "epoch",
          width: int = 640, height: int = 300, alone: bool = True) -> str:  # fmt: skip
    """All lines in one frame with axes. `alone`: a whole file, else a piece of a page."""
    every = [point for points in lines.values() for point in points]
    if not every:
        return ""
    x_ticks = ticks(min(x for x, _ in every), max(x for x, _ in every))
    y_ticks = ticks(min(y for _, y in every), max(y for _, y in every))
    wide, high = width - _LEFT - _RIGHT, height - _TOP - _BOTTOM

    def across(x: float) -> float:
        return _LEFT + _share(x, x_ticks) * wide

    def down(y: float) -> float:
        return _TOP + (1 - _share(y, y_ticks)) * high

    name = escape(f"{title} over {over}: " + ", ".join(lines))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{name}" class="chart"' + (f' width="{width}"' if alone else "") + ">"
    ]
    out += [_STYLE] if alone else []
    for y in y_ticks:
        out.append(f'<path class="g" d="M{_LEFT} {down(y):.1f}h{wide}"/>')
        out.append(_text(_LEFT - 6, down(y) + 4, f"{y:g}", "end"))
    out += [_text(across(x), height - _BOTTOM + 16, f"{x:g}", "middle") for x in x_ticks]
    out.append(_text(_LEFT + wide / 2, height - 4, over, "middle"))
    for number, (label, points) in enumerate(lines.items()):
        path = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in sorted(points))
        colour, dash = COLOURS[number % len(COLOURS)], _DASHES[number // len(COLOURS) % 4]
        said = escape(f"{label}: {title} {points[-1][1]:.4g} at the end")
        out.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"'
            f'{f" stroke-dasharray={chr(34)}{dash}{chr(34)}" if dash else ""} '
            f'data-label="{escape(label, quote=True)}"><title>{said}</title></polyline>'
        )
        if len(points) == 1:
            x, y = points[0]
            out.append(f'<circle cx="{across(x):.1f}" cy="{down(y):.1f}" r="3" fill="{colour}"/>')
    return "".join(out) + "</svg>" + ("\n" if alone else "")


def legend(labels: list[str], width: int = 640, top: int = 300) -> str:
    """The names of the lines below a chart that stands alone."""
    rows = []
    for number, label in enumerate(labels):
        y = top + 18 * number
        colour = COLOURS[number % len(COLOURS)]
        rows.append(f'<path d="M{_LEFT} {y}h24" stroke="{colour}" stroke-width="3"/>')
        rows.append(_text(_LEFT + 32, y + 4, label, "start"))
    return "".join(rows)


def document(lines: Mapping[str, Points], title: str, over: str = "epoch") -> str:
    """A chart with its legend, as a file of its own."""
    height = 300 + 18 * len(lines) + 8
    drawn = chart(lines, title, over)
    drawn = drawn.replace('viewBox="0 0 640 300"', f'viewBox="0 0 640 {height}"', 1)
    return drawn.replace("</svg>", legend(list(lines), top=310) + "</svg>")


def sparkline(points: Points, width: int = 90, height: int = 22) -> str:
    """A line as small as a word, for a table; "" without points."""
    if not points:
        return ""
    frame = f'<svg class="s" viewBox="0 0 {width} {height}" aria-hidden="true">'
    return f'{frame}<polyline points="{spark_points(points, width, height)}"/></svg>'


def spark_points(points: Points, width: int = 90, height: int = 22) -> str:
    """The corners of that line; "" without points."""
    if not points:
        return ""
    # A word needs no more than a point for every other pixel, and a front page holds many.
    points = points[:: math.ceil(len(points) / (width // 3))]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide, high = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
    return " ".join(
        f"{1 + (x - min(xs)) / wide * (width - 2):.0f},"
        f"{height - 2 - (y - min(ys)) / high * (height - 4):.0f}" for x, y in points
    )  # fmt: skip


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers that enclose low and high.

    >>> ticks(0.13, 0.92)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    if high - low <= 1e-12 * max(abs(high), abs(low), 1e-300):
        spread = abs(low) or 1.0
        low, high = low - spread / 2, high + spread / 2
    raw = (high - low) / about
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 12) for n in range(first, last + 1)]


def _share(value: float, marks: list[float]) -> float:
    return (value - marks[0]) / (marks[-1] - marks[0])


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text class="t" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
