"""tegashiki ls: the runs of the archive, oldest first.

    tegashiki ls --series ink2tex --step train --status ok --since 2026-11-20
    tegashiki ls --where 'val_exact>0.4' --where data=crohme --sort val_exact --reverse
    tegashiki ls --json

`--where` and `--sort` look a name up among the results, then the parameters, then the last values
of the curves, then the facts: seconds, started, profile, seed, step, series, status.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader, select
from tegashiki.journal.format import layout, paths
from tegashiki.journal.report import formatting


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki ls` takes."""
    add = parser.add_argument
    add("--series", help="only this series")
    add("--step", help="only this step")
    add("--status", choices=layout.STATUSES, help="only with this status")
    add("--since", metavar="DATE", help="started then or later (UTC): 2026-11-20, 2026-11-20T08")
    add("--until", metavar="DATE", help="started before the end of then")
    add("--tag", help="only with this tag (`tegashiki tag`)")
    add("--where", action="append", default=[], metavar="NAME=VALUE",
        help="only where a number or parameter is so; also != < <= > >=")  # fmt: skip
    add("--sort", metavar="NAME", help="by this number or parameter, lowest first")
    add("--reverse", action="store_true", help="highest first")
    add("--limit", type=int, metavar="N", help="the last N of them only")
    add("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Print them. A run whose record is broken is shown as such, it does not hide the others."""
    tests = [select.condition(text) for text in args.where]
    found = reader.runs(paths.runs_root(), args.series, args.step)
    found = [run for run in found if args.status in (None, run.status)]
    found = [run for run in found if args.tag in (None, *run.notes["tags"])]
    found = select.dated(found, args.since, args.until)
    for text in args.where:
        select.must_have(found, text)
    found = [run for run in found if all(test(run) for test in tests)]
    if args.sort:
        found = select.ordered(found, args.sort, args.reverse)
    if args.limit is not None:
        # Sorted, the best are at the top; in time, the newest are at the end.
        found = found[: args.limit] if args.sort else found[max(len(found) - args.limit, 0) :]
    if args.json:
        print(json.dumps([_facts(run) for run in found], indent=1, ensure_ascii=False))
        return 0
    rows = [["id", "started", "series", "step", "status", "time", "key numbers"]]
    rows += [_row(run) for run in found]
    print(formatting.table(rows))
    return 0


def _facts(run: reader.ArchivedRun) -> dict:
    try:
        return formatting.summary(run)
    except TegashikiError as error:
        return {"id": run.id, "status": run.status, "broken": str(error)}


def _row(run: reader.ArchivedRun) -> list[str]:
    started = (run.outcome.get("started") or "-")[:16].replace("T", " ")
    try:
        numbers = "; ".join(filter(None, [run.outcome.get("reason"),
                                          formatting.numbers(run.results)]))  # fmt: skip
    except TegashikiError as error:
        numbers = str(error)
    time = formatting.duration(run.outcome.get("seconds"))
    if run.status == layout.RUNNING:
        numbers = _living(run)
    return [run.id, started, run.series, run.step, run.status, time, numbers]


def _living(run: reader.ArchivedRun) -> str:
    """How far a run is that still goes on, and when it last said so."""
    cells, progress = run.outcome.get("cells"), run.outcome.get("progress")
    parts = [f"cell {cells['done'] + 1}/{cells['total']}"] if cells else []
    if progress:
        parts.append(f"{progress['done']}/{progress['total']} {progress['text']}".strip())
    beat = run.outcome.get("heartbeat")
    if beat:
        age = (datetime.now(UTC) - datetime.fromisoformat(beat)).total_seconds()
        parts.append(f"heartbeat {max(age, 0):.0f} s ago")
    return ", ".join(parts)
