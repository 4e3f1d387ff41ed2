"""The page of one series, and the page that compares runs.

    lists.series("ink2tex", runs, "Pen strokes to TeX", card), lists.compare()
"""

from __future__ import annotations

from collections.abc import Sequence

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.report import curves, svg
from tegashiki.journal.report.clock import is_time
from tegashiki.journal.report.site import diary, page
from tegashiki.journal.report.site.page import CHARTS, frame, section, text
from tegashiki.journal.report.site.run import legend
from tegashiki.journal.report.site.run_data import inline, thin, ticking

_OVERLAID = 6  # curves in the drawing that a page has without scripts
_LATEST = 200  # runs whose curves the series' page holds


def series(name: str, runs: Sequence[ArchivedRun], title: str, card: str) -> str:
    """The series' best figure by date, its curves in one frame, and its entries of the diary."""
    newest = list(reversed(runs))
    intro = (
        f"<p>{text(title)}{'. ' if title else ''}"
        f'<a href="../runs.html#filter=series = {text(name)}">All {len(runs)} runs of the series '
        "in the table.</a></p>"
    )
    best = section("The best figure by date", f'<div class="cards">{card}</div>' if card else "")
    body = intro + best + section("Curves", _overlaid(newest))
    return frame(
        f"Series {name}", body + diary.entries(runs, "../", most=_LATEST), depth=1,
        scripts=[*CHARTS, "series.js", f"data/series-{name}.js"],
    )  # fmt: skip


def series_data(runs: Sequence[ArchivedRun]) -> str:
    """The curves of a series for its page, short: 60 points each are enough for an overview."""
    rows = []
    for run in list(reversed(runs))[:_LATEST]:
        try:
            lines, given = page.lines(run), run.parameters
        except TegashikiError:
            continue
        short = {
            column: [[x, float(f"{y:.4g}")] for x, y in thin(points, 60)]
            for column, points in lines.items() if not is_time(column)
        }  # fmt: skip
        if short:
            rows.append({
                "id": run.id, "step": run.step, "status": run.status, "curves": short,
                "clock": thin(ticking(lines), 60), "parameters": given,
            })  # fmt: skip
    return f"tegashiki.series({inline(rows)});\n"


def compare() -> str:
    """An empty page that fills itself from the ids after `#` in its address."""
    body = (
        '<p>Tick runs in <a href="runs.html">the table</a>, or write ids into the field.</p>'
        '<p class="bar"><label for="ids">Runs</label> <input id="ids" autocomplete="off" '
        'spellcheck="false"> <button id="show">Show</button> '
        '<label><input type="checkbox" id="all"> also what is equal</label></p>'
        '<p id="said" role="status"></p><div id="compared"></div>'
        "<noscript><p>This page needs JavaScript; <code>tegashiki diff A B</code> does not."
        "</p></noscript>"
    )
    return frame("Compare runs", body, scripts=[*CHARTS, "sweep.js", "compare.js"])


def _overlaid(runs: Sequence[ArchivedRun]) -> str:
    """The newest curves drawn, for readers without scripts; series.js puts live charts there."""
    lines: dict[str, dict[str, curves.Points]] = {}
    for run in runs:
        try:
            known = page.lines(run)
        except TegashikiError:
            continue
        for column, points in known.items():
            if not is_time(column) and len(lines.setdefault(column, {})) < _OVERLAID:
                lines[column][f"{run.id} {run.step}"] = points
    if not lines:
        return ""
    column = next((name for name in curves.USUAL if name in lines), next(iter(lines)))
    drawn = svg.chart(lines[column], column, alone=False) + legend(list(lines[column]))
    return f'<div id="overlay"><figure>{drawn}</figure></div>'
