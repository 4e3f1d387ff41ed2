"""The best figure of a series by date: what brought it forward, and by how much.

    found = milestones.of(runs, best)                  # every run that measured it, oldest first
    html = milestones.card("ink2tex", found, best)     # the curve, and a line for each step

Which figure that is stands in series.toml ([best]); without it a series has no such curve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tegashiki.journal.archive import best as figure
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.execute.series import Best
from tegashiki.journal.report import digest
from tegashiki.journal.report.site.page import text

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 340, 130, 14, 14, 26, 24
_SAID = 5  # causes named below a step


@dataclass(frozen=True)
class Measured:
    """One run that measured the figure."""

    run: ArchivedRun
    value: float
    better: bool  # than all before it


def of(runs: Sequence[ArchivedRun], best: Best) -> list[Measured]:
    """The `ok` runs that measured the figure, oldest first."""
    found: list[Measured] = []
    top: float | None = None
    for run in runs:
        value = figure.value(run, best)
        if value is None:
            continue
        better = top is None or (value > top if best.higher else value < top)
        top = value if better else top
        found.append(Measured(run, value, better))
    return found


def shown(value: float, best: Best) -> str:
    """The figure as a person reads it.

    >>> shown(0.7454, Best("exact", {}, percent=True))
    '74.5 %'
    """
    return f"{100 * value:.1f} %" if best.percent else f"{value:.4g}"


def card(
    name: str, found: Sequence[Measured], best: Best, title: str,
    causes: Callable[[ArchivedRun, ArchivedRun], list[str]], up: str = "",
) -> str:  # fmt: skip
    """The curve of one series with what each step changed; "" if nobody measured the figure.

    Without a title it stands on the page of its own series.
    """
    if not found:
        return ""
    steps = [one for one in found if one.better]
    last = steps[-1]
    head = f'<a href="{up}series/{text(name)}.html">{text(title)}</a>' if title else "So far"
    lines = []
    for before, step in zip([None, *steps], steps, strict=False):
        lines.append(_line(before, step, best, causes, up))
    return (
        f'<section class="card"><h3>{head}</h3>'
        f'<p class="best"><b>{shown(last.value, best)}</b> {text(best.label)}</p>'
        f"{_draw(found, best, up)}"
        f"<details><summary>{len(steps)} {'steps' if len(steps) > 1 else 'step'} forward in "
        f"{len(found)} measurements</summary><ol>{''.join(reversed(lines))}</ol></details>"
        "</section>"
    )


def _line(
    before: Measured | None, step: Measured, best: Best,
    causes: Callable[[ArchivedRun, ArchivedRun], list[str]], up: str,
) -> str:  # fmt: skip
    run = step.run
    when = (run.outcome.get("started") or "")[:10]
    out = (
        f"<li><b>{shown(step.value, best)}</b> {text(when)} "
        f'<a href="{up}run/{run.id}.html">{text(digest.of(run).title)}, run {run.id}</a>'
    )
    if before is not None:
        said = causes(before.run, run)
        more = f", {len(said) - _SAID} more" if len(said) > _SAID else ""
        link = f"{up}compare.html#{before.run.id},{run.id}"
        out += (
            f'<br><a href="{link}">what changed since {before.run.id}</a>: '
            f"{text('; '.join(said[:_SAID]) or 'nothing that the records know')}{more}"
        )
    return out + "</li>"


def _draw(found: Sequence[Measured], best: Best, up: str) -> str:
    """Measurements from left to right in the order of time, the best so far as a line of steps."""
    low, high = min(m.value for m in found), max(m.value for m in found)
    reach = (high - low) or abs(high) or 1.0

    def across(place: int) -> float:
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * (place + 0.5) / len(found)

    def down(value: float) -> float:
        share = (value - low) / reach if high > low else 0.5
        return _HIGH - _BOTTOM - share * (_HIGH - _TOP - _BOTTOM)

    path, dots, top = "", "", found[0].value
    for place, one in enumerate(found):
        x = across(place)
        if one.better:
            y = f"{down(one.value):.1f}"
            path += f"H{x:.1f}V{y}" if path else f"M{x:.1f} {y}"
            top = one.value
        said = f"{shown(one.value, best)}, run {one.run.id}, {digest.of(one.run).title}"
        kind = "better" if one.better else "not"
        dots += (
            f'<a href="{up}run/{one.run.id}.html" aria-label="{text(said)}">'
            f'<circle class="reach" cx="{x:.1f}" cy="{down(one.value):.1f}" r="12"/>'
            f'<circle class="{kind}" cx="{x:.1f}" cy="{down(one.value):.1f}" r="4.5"/>'
            f"<title>{text(said)}</title></a>"
        )
    path += f"H{_WIDE - _RIGHT}"
    first, last = ((m.run.outcome.get("started") or "")[:10] for m in (found[0], found[-1]))
    days = _mark(_LEFT, _HIGH - 6, first, "start")
    days += _mark(_WIDE - _RIGHT, _HIGH - 6, last, "end") if last != first else ""
    label = _mark(_WIDE - _RIGHT, down(top) - 8, shown(top, best), "end")
    return (
        f'<svg class="mile" viewBox="0 0 {_WIDE} {_HIGH}" role="group" aria-label="'
        f'{text(best.label)}, by date"><path d="{path}"/>{days}{label}{dots}</svg>'
    )


def _mark(x: float, y: float, said: str, anchor: str) -> str:
    return f'<text class="t" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text(said)}</text>'
