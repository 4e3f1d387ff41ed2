"""tegashiki ls: the runs of the archive, oldest first.

    tegashiki ls --series ink2tex --step train --status ok
    tegashiki ls --json
"""

from __future__ import annotations

import argparse
import json

from tegashiki.errors import TegashikiError
from tegashiki.journal import archive, layout, place, words


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki ls` takes."""
    parser.add_argument("--series", help="only this series")
    parser.add_argument("--step", help="only this step")
    parser.add_argument("--status", choices=layout.STATUSES, help="only with this status")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Print them. A run whose record is broken is shown as such, it does not hide the others."""
    found = archive.runs(place.runs_root(), args.series, args.step)
    found = [run for run in found if args.status in (None, run.status)]
    if args.json:
        print(json.dumps([_facts(run) for run in found], indent=1, ensure_ascii=False))
        return 0
    rows = [["id", "started", "series", "step", "status", "time", "key numbers"]]
    rows += [_row(run) for run in found]
    print(words.table(rows))
    return 0


def _facts(run: archive.ArchivedRun) -> dict:
    try:
        return words.summary(run)
    except TegashikiError as error:
        return {"id": run.id, "status": run.status, "broken": str(error)}


def _row(run: archive.ArchivedRun) -> list[str]:
    started = (run.outcome.get("started") or "-")[:16].replace("T", " ")
    try:
        numbers = words.numbers(run.results) or run.outcome.get("reason") or ""
    except TegashikiError as error:
        numbers = str(error)
    time = words.duration(run.outcome.get("seconds"))
    return [run.id, started, run.series, run.step, run.status, time, numbers]
