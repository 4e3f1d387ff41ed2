"""Where a run came from and what was made from it, drawn as boxes from left to right.

    lineage.draw(run, runs)               # SVG with a link in each box; "" if it stands alone
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun

_WIDE, _HIGH, _GAP_X, _GAP_Y = 150, 44, 44, 14
_AT_MOST = 8  # boxes above each other; a run that everything was made from has hundreds


def links(runs: Sequence[ArchivedRun]) -> dict[str, list[str]]:
    """{run: the runs that it read from, that let it pass a gate, or that it goes on from}."""
    found = {}
    for run in runs:
        try:
            record = run.record
            earlier = [item["id"] for item in record["upstream"]]
            earlier += [gate["run"] for gate in record["gates"]["required"]]
            if record.get("predecessor"):
                earlier.append(record["predecessor"]["id"])
        except (TegashikiError, KeyError, TypeError):
            earlier = []
        found[run.id] = list(dict.fromkeys(earlier))
    return found


def around(id: str, read: dict[str, list[str]]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """The runs before and after `id` with their column (0 is `id`), and the arrows between."""
    later: dict[str, list[str]] = {}
    for name, earlier in read.items():
        for other in earlier:
            later.setdefault(other, []).append(name)
    column = {id: 0}
    arrows: list[tuple[str, str]] = []
    for sign, neighbours in ((-1, read), (1, later)):
        front = [id]
        while front:
            following = []
            for name in front:
                for other in neighbours.get(name, [])[:_AT_MOST]:
                    arrow = (other, name) if sign < 0 else (name, other)
                    if arrow not in arrows:
                        arrows.append(arrow)
                    # The longest way decides the column, so that arrows always go to the right.
                    place = column[name] + sign
                    if other not in column or place * sign > column[other] * sign:
                        column[other] = place
                        if abs(place) < 12:  # a circle can only come from a forged record
                            following.append(other)
            front = following
    return column, arrows


def draw(run: ArchivedRun, known: dict[str, ArchivedRun], read: dict[str, list[str]]) -> str:
    """The drawing, for the run's own page."""
    column, arrows = around(run.id, read)
    if len(column) == 1:
        return ""
    first = min(column.values())
    stacks: dict[int, list[str]] = {}
    for name, place in column.items():
        stacks.setdefault(place - first, []).append(name)
    # Each column stands around the middle of the height; site.js scrolls to the run itself.
    tallest = max(map(len, stacks.values()))
    spots = {
        name: (1 + place * (_WIDE + _GAP_X),
               1 + (row + (tallest - len(names)) / 2) * (_HIGH + _GAP_Y))
        for place, names in stacks.items() for row, name in enumerate(names)
    }  # fmt: skip
    width = (max(stacks) + 1) * (_WIDE + _GAP_X) - _GAP_X + 2
    height = tallest * (_HIGH + _GAP_Y) - _GAP_Y + 2
    out = [
        f'<div class="wide lineage" tabindex="0" role="region" aria-label="Lineage">'
        f'<svg class="lineage" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="group" aria-label="Lineage, from left to right">'
    ]
    for before, after in arrows:
        (x0, y0), (x1, y1) = spots[before], spots[after]
        x0, y0, y1, bend = x0 + _WIDE, y0 + _HIGH / 2, y1 + _HIGH / 2, _GAP_X / 2
        curve = f"M{x0} {y0}C{x0 + bend} {y0} {x1 - bend} {y1} {x1} {y1}"
        out.append(f'<path class="arrow" d="{curve}"/>')
    for name, (x, y) in spots.items():
        out.append(_box(name, known.get(name), x, y, here=name == run.id))
    return "".join(out) + "</svg></div>"


def _box(name: str, run: ArchivedRun | None, x: float, y: float, here: bool) -> str:
    what = f"{run.step} · {run.status}" if run else "not in this archive"
    kind = "here" if here else (run.status.replace(" ", "-") if run else "lost")
    inner = (
        f'<rect class="{escape(kind)}" x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="6"/>'
        f'<text class="t" x="{x + 10}" y="{y + 19}">{escape(name)}</text>'
        f'<text class="t" x="{x + 10}" y="{y + 35}">{escape(what[:24])}</text>'
    )
    if run is None or here:
        return f"<g{' aria-current=' + chr(34) + 'page' + chr(34) if here else ''}>{inner}</g>"
    return f'<a href="{name}.html">{inner}</a>'
