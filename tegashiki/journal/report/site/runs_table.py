"""The page of all runs: every parameter and every result is a column, kept in the address.

    runs_table.page_of(runs)          # runs.html, with a plain table for readers without scripts
    runs_table.data(rows)     # data/table.js, what the page's script works on

The script (table.js) filters, sorts and searches; it draws only what is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import values
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import paths
from tegashiki.journal.report import digest, formatting, verification
from tegashiki.journal.report.site import page
from tegashiki.journal.report.site.page import COMPARE, HEADS, entry, frame, numbers, table, text
from tegashiki.journal.report.site.run import again
from tegashiki.journal.report.site.run_data import inline
from tegashiki.journal.report.verification import untried

LATEST = 100  # rows of the plain table
_DEEP = 60  # numbers of one result that are columns of their own; a longer list is left to its run
_LONG = 80  # characters of a word in the table

# What is known of each run apart from its parameters and results, in this order.
FACTS = (
    "run", "started", "series", "step", "status", "verdict", "intact", "seconds", "profile",
    "commit", "seed", "tags", "why", "title", "question", "key numbers", "do it again",
)  # fmt: skip


def page_of(runs: Sequence[ArchivedRun]) -> str:
    """The page with its controls; table.js fills #table, and without scripts the latest stand."""
    newest = list(reversed(runs))[:LATEST]
    plain = table(HEADS, [entry(run) for run in newest], "Runs, newest first")
    controls = (
        '<div class="bar"><label class="grow">Search <input id="search" type="search" '
        'placeholder="any number, name, word or commit" autocomplete="off" spellcheck="false">'
        '</label><label class="grow">Filter <input id="filter" autocomplete="off" '
        'spellcheck="false" placeholder="exact &gt; 0.7 and series = ink2tex"></label></div>'
        '<details id="columns"><summary>Columns</summary><label>Find a column <input '
        'id="find-column" type="search" autocomplete="off"></label>'
        '<fieldset><legend>Shown columns</legend><div id="choices"></div></fieldset></details>'
        '<p id="found" role="status"></p>'
    )
    more = (
        '<p class="bar"><button id="all-rows" hidden>Show all rows</button>'
        '<button id="compare-shown">Compare what is found</button></p>'
    )
    body = f'{controls}{COMPARE}<div id="runs">{plain}</div>{more}'
    return frame(f"All {len(runs)} runs", body, scripts=["table.js", "data/table.js"])


def row(run: ArchivedRun, intact: bool | None) -> list[Any]:
    """What the table knows of a run: [facts, {column: value}, points of its curve]."""
    return [_facts(run, intact), _values(run), page.points(run)]


def data(rows: Sequence[Any]) -> str:
    """Names of the columns, and for each run its facts and (column, value) pairs."""
    names: dict[str, int] = {}
    told = []
    for facts, held, points in rows:
        pairs: list[Any] = []
        for name, value in held.items():
            pairs += [names.setdefault(name, len(names)), value]
        told.append([facts, pairs, points])
    return f"tegashiki.table({inline({'facts': FACTS, 'columns': list(names), 'runs': told})});\n"


def _facts(run: ArchivedRun, intact: bool | None) -> list[Any]:
    said, notes = digest.of(run), run.notes
    try:
        record, told = run.record, verification.read(run)
        profile, seed = record["profile"], record["seed"]
        commit = (record["code"] or {}).get("commit") or ""
        command = again(record)
    except (TegashikiError, KeyError, TypeError):
        profile, seed, commit, told, command = "broken", None, "", None, ""
    whole = None if intact is None else ("intact" if intact else "changed")
    return [
        run.id, (run.outcome.get("started") or "")[:16].replace("T", " "), run.series, run.step,
        run.status, (told or {}).get("verdict"), whole, run.outcome.get("seconds"), profile,
        commit[:12], seed, " ".join(notes["tags"]), notes["why"], said.title, said.question,
        numbers(run), command,
    ]  # fmt: skip


def _values(run: ArchivedRun) -> dict[str, Any]:
    """Results by their names, then parameters; one that has a result's name says so before it."""
    try:
        results, given = run.results, run.parameters
    except (TegashikiError, KeyError, TypeError):
        return {}
    found: dict[str, Any] = {}
    for name, value in results.items():
        inner = list(values.flat(value, name))
        found |= {key: _short(item) for key, item in inner[:_DEEP]}
    for name, value in values.flat(given):
        found[name if name not in found else f"parameters.{name}"] = _short(value)
    return {name: value for name, value in found.items() if value is not None}


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.7g}")
    return value[:_LONG] if isinstance(value, str) else value


def verdicts(runs: Sequence[ArchivedRun]) -> str:
    """What came of doing runs again, as a page: the verdict of each run, or why it has none."""
    rows, counts = [], dict.fromkeys(
        (verification.IDENTICAL, verification.WITHIN, verification.DRIFTED,
         verification.CANNOT, untried.NOT_TRIED), 0)  # fmt: skip
    known = untried.history(paths.checkout())
    for run in reversed(runs):
        try:
            told = verification.read(run)
        except TegashikiError:
            told = None
        word, said = (told["verdict"], told["why"]) if told else _untried(run, known)
        counts[word] += 1
        causes = "; ".join(told["causes"]) if told else ""
        rows.append([
            page.link(run), text(run.series), text(run.step), f"<b>{text(word)}</b>", text(said),
            text(causes), text(told["when"][:10] if told else ""),
            formatting.duration(run.outcome.get("seconds")),
        ])  # fmt: skip
    rows.sort(key=lambda row: untried.NOT_TRIED in row[3])
    said = ", ".join(f"{count} {word}" for word, count in counts.items())
    intro = (
        "<p>A run is done again from its own commit, parameters and data, and what comes out is "
        f"held against what was archived. Of {len(runs)} runs: {said}. Why one was not tried, or "
        "cannot be done again, stands beside it.</p>"
    )
    heads = ["run", "series", "step", "verdict", "why", "what differed here", "when", "took then"]
    return frame("Done again", intro + table(heads, rows, "Verdicts", sort=True))


def _untried(run: ArchivedRun, known: frozenset[str]) -> tuple[str, str]:
    try:
        return untried.why(run, known)
    except TegashikiError as error:
        return verification.CANNOT, str(error)
