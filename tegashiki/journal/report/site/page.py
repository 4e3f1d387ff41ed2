"""What all pages of the site share: the frame, tables, words.

    page.frame("Run 3f9a1c2b", body, depth=1)

Everything that comes from a run passes through `text`; pages carry a policy that forbids scripts
and pictures from elsewhere, in case something slips through.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.report import curves, formatting, svg

_POLICY = (
    "default-src 'none'; img-src 'self' data: file:; style-src 'self' file: 'unsafe-inline'; "
    "script-src 'self' file:; base-uri 'none'; form-action 'none'"
)

# A run's curves are shown on four pages and read once; build() forgets them at its start.
lines = functools.lru_cache(maxsize=None)(curves.of)


def text(value: Any) -> str:
    """Anything as text that a page shows as it is."""
    return escape(str(value), quote=True)


def frame(title: str, body: str, depth: int = 0, scripts: Iterable[str] = ()) -> str:
    """A whole page. `depth`: how many folders below the front page; `scripts` are data files."""
    up = "../" * depth
    more = "".join(f'<script src="{up}{name}" defer></script>' for name in scripts)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<link rel="icon" href="data:,"><link rel="stylesheet" href="{up}uPlot.css">
<link rel="stylesheet" href="{up}site.css">
<script src="{up}site.js" defer></script>{more}</head>
<body data-up="{up}"><a class="skip" href="#main">Skip to the content</a>
<header><nav aria-label="Site"><a href="{up}index.html">Journal</a>
<a href="{up}runs.html">All runs</a> <a href="{up}compare.html">Compare</a>
<a href="{up}verdicts.html">Done again</a></nav></header>
<main id="main" tabindex="-1"><h1>{text(title)}</h1>
{body}</main></body></html>
"""


def status(run: ArchivedRun) -> str:
    """The status as a word in a coloured box; the word says it all without the colour."""
    word = run.status
    return f'<span class="status {word.replace(" ", "-")}">{text(word)}</span>'


def telling(run: ArchivedRun) -> curves.Points:
    """The run's most telling curve; no points if it has none."""
    try:
        known = lines(run)
    except TegashikiError:  # a damaged metrics.csv is told on the run's own page
        return []
    name = next((name for name in curves.USUAL if name in known), next(iter(known), None))
    return known[name] if name else []


def spark(run: ArchivedRun) -> str:
    """The run's most telling curve as a sparkline; "" if it has none."""
    return svg.sparkline(telling(run))


def points(run: ArchivedRun) -> str:
    """The same as the points of its line, for a script to draw."""
    return svg.spark_points(telling(run))


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], label: str, sort: bool = False
) -> str:
    """A table of HTML cells; with `sort`, its heads are buttons that order it."""
    heads = "".join(
        f'<th scope="col">{f"<button>{text(name)}</button>" if sort and name else text(name)}</th>'
        for name in head
    )
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    kind = ' class="sort"' if sort else ""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{text(label)}">'
        f"<table{kind}><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def facts(values: dict[str, Any], label: str) -> str:
    """Names and values in two columns; "" if there are none."""
    if not values:
        return ""
    return table(["name", "value"], [[text(k), text(v)] for k, v in values.items()], label)


def section(title: str, body: str, id: str = "") -> str:
    """A part of a page with a heading, which links can name; "" if it would be empty."""
    name = id or title.lower().replace(",", "").replace(" ", "-")
    return f'<section id="{text(name)}"><h2>{text(title)}</h2>{body}</section>\n' if body else ""


def link(run: ArchivedRun, up: str = "") -> str:
    """A link to the run's page."""
    return f'<a href="{up}run/{run.id}.html">{run.id}</a>'


def entry(run: ArchivedRun, up: str = "", series: bool = True) -> list[str]:
    """A run as a row of a table: tick, link, when, what, status, curve, key numbers."""
    started = text((run.outcome.get("started") or "")[:16].replace("T", " "))
    name = text(f"{run.series} {run.step}")
    where = f'<a href="{up}series/{text(run.series)}.html">{text(run.series)}</a> '
    return [
        f'<input type="checkbox" value="{run.id}" aria-label="Compare run {run.id}, {name}">',
        link(run, up),
        started,
        (where if series else "") + text(run.step),
        status(run),
        spark(run),
        text(numbers(run)),
    ]


def numbers(run: ArchivedRun) -> str:
    """The key numbers in one line, or why there are none."""
    try:
        found = formatting.numbers(run.results, 3)
    except TegashikiError as error:
        return str(error)[:80]
    return found or str(run.outcome.get("reason") or "")[:80]


CHARTS = ("uPlot.js", "charts.js")  # what every page with live charts loads
HEADS = ["", "run", "started (UTC)", "step", "status", "curve", "key numbers"]
COMPARE = (
    '<p class="bar"><button class="compare" disabled>Compare the ticked runs</button> '
    '<span class="ticked" role="status"></span></p>'
)
