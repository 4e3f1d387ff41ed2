"""The pages that list runs: the front page, one for each series, and the one that compares.

    lists.front(runs), lists.series("ink2tex", runs, "Pen strokes to TeX"), lists.compare()
"""

from __future__ import annotations

from collections.abc import Sequence

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.report import curves, svg
from tegashiki.journal.report.clock import is_time
from tegashiki.journal.report.site import page
from tegashiki.journal.report.site.page import (
    COMPARE,
    HEADS,
    entry,
    frame,
    numbers,
    section,
    table,
    text,
)
from tegashiki.journal.report.site.run import inline, legend, thin

LATEST = 100  # entries on the front page; the search finds the others
_OVERLAID = 6  # curves in the drawing that a page has without scripts

_SEARCH = (
    '<p class="bar"><label for="search">Search</label> <input id="search" type="search" '
    'placeholder="step, status, parameter, number …" autocomplete="off" spellcheck="false"> '
    '<span id="found" role="status"></span></p>'
)


def front(runs: Sequence[ArchivedRun]) -> str:
    """The latest entries, newest first, with a sparkline each."""
    newest = list(reversed(runs))[:LATEST]
    names = dict.fromkeys(run.series for run in reversed(runs))
    shelf = " ".join(
        f'<a href="series/{text(name)}.html">{text(name)}</a> '
        f"({sum(run.series == name for run in runs)})" for name in names
    )  # fmt: skip
    ok = sum(run.status == "ok" for run in runs)
    intro = f"<p>{len(runs)} runs, {ok} of them ok. Series: {shelf or 'none yet'}.</p>"
    listed = table(HEADS, [entry(run) for run in newest], "Runs, newest first", sort=True)
    body = intro + _SEARCH + COMPARE + f'<div id="runs">{listed}</div>'
    return frame("Archive of runs", body, scripts=["data/search.js"])


def search(runs: Sequence[ArchivedRun]) -> str:
    """What the search knows of each run: [id, started, series, step, status, numbers, words]."""
    rows = []
    for run in reversed(runs):
        try:
            given = run.record["given"] or run.parameters
            said = " ".join(f"{name}={value}" for name, value in given.items())
            said += f" {run.record['profile'] or ''} {run.record['launched']}"
        except (TegashikiError, KeyError, TypeError):
            said = "broken"
        when = (run.outcome.get("started") or "")[:16].replace("T", " ")
        rows.append([run.id, when, run.series, run.step, run.status, numbers(run), said[:160]])
    return f"tegashiki.search({inline(rows)});\n"


def series(name: str, runs: Sequence[ArchivedRun], title: str) -> str:
    """All runs of a series, and their curves in one frame for each quantity."""
    newest = list(reversed(runs))
    steps = sorted({run.step for run in runs})
    chosen = "".join(f"<option>{text(step)}</option>" for step in steps)
    bar = (
        '<p class="bar"><label>Step <select data-filter="3"><option value="">all</option>'
        f"{chosen}</select></label> "
        '<label>Status <select data-filter="4"><option value="">all</option>'
        + "".join(f"<option>{text(s)}</option>" for s in sorted({run.status for run in runs}))
        + "</select></label></p>"
    )
    intro = f"<p>{text(title)}</p>" if title else ""
    listed = table(HEADS, [entry(run, "../", series=False) for run in newest], "Runs", sort=True)
    body = (
        intro + section("Curves", _overlaid(newest))
        + section("Runs", bar + COMPARE + f'<div id="runs">{listed}</div>')
    )  # fmt: skip
    return frame(f"Series {name}", body, depth=1, scripts=[f"data/series-{name}.js"])


def series_data(name: str, runs: Sequence[ArchivedRun]) -> str:
    """The curves of a series for its page, short: 60 points each are enough for an overview."""
    rows = []
    for run in reversed(runs):
        try:
            lines = page.lines(run)
        except TegashikiError:
            continue
        short = {
            column: [[x, float(f"{y:.4g}")] for x, y in thin(points, 60)]
            for column, points in lines.items() if not is_time(column)
        }  # fmt: skip
        if short:
            rows.append([run.id, run.step, short])
    return f"tegashiki.series({inline(rows)});\n"


def compare() -> str:
    """An empty page that fills itself from the ids after `#` in its address."""
    body = (
        '<p>Tick runs on the <a href="index.html">front page</a> or on a series, or write ids '
        "into the field.</p>"
        '<p class="bar"><label for="ids">Runs</label> <input id="ids" autocomplete="off" '
        'spellcheck="false"> <button id="show">Show</button> '
        '<label><input type="checkbox" id="all"> also what is equal</label></p>'
        '<p id="said" role="status"></p><div id="compared"></div>'
        "<noscript><p>This page needs JavaScript; <code>tegashiki diff A B</code> does not."
        "</p></noscript>"
    )
    return frame("Compare runs", body)


def _overlaid(runs: Sequence[ArchivedRun]) -> str:
    """The newest curves drawn, for readers without scripts; site.js puts a live chart there."""
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
