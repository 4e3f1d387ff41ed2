"""tegashiki run SERIES|NOTEBOOK: execute notebooks and archive what happened.

    tegashiki run ink2tex --profile full -p data=crohme
    tegashiki run notebooks/ink2tex/2026-11-20_03_train.ipynb -p epochs=3
    tegashiki run ink2tex --from train --timeout 3600 --retries 1
    tegashiki run ink2tex --if-changed --exclusive --summary      # every night (tegashiki cron)
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout, notes, paths
from tegashiki.journal.notebook import secrets
from tegashiki.journal.report import formatting

if TYPE_CHECKING:
    from tegashiki.journal.execute.plan import Plan


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki run` takes."""
    add = parser.add_argument
    add("target", metavar="SERIES|NOTEBOOK", help="a series by name or folder, or one notebook")
    add("-p", dest="given", action="append", default=[], metavar="NAME=VALUE",
        help="set a parameter, in every step that has it")  # fmt: skip
    add("--profile", default="quick", help="a profile of series.toml (default: quick)")
    add("-m", dest="why", metavar="TEXT", help="one line: why this is run (`tegashiki tag` later)")
    add("--tag", dest="tags", action="append", default=[], metavar="WORD",
        help="a word to find it by, as `tegashiki tag` gives")  # fmt: skip
    add("--from", dest="start", metavar="STEP", help="start there, on earlier ok runs")
    add("--if-changed", action="store_true",
        help="pass over steps whose notebook, parameters, data and code are as they were")
    add("--exclusive", action="store_true",
        help="do nothing (exit code 75) while another --exclusive run of the series goes on")
    limits(parser)


def limits(parser: argparse.ArgumentParser) -> None:
    """What every command takes that executes notebooks."""
    add = parser.add_argument
    add("--retries", type=_count, default=0, metavar="N",
        help="try again what may pass, never a failed assertion or gate")  # fmt: skip
    add("--timeout", type=seconds, metavar="S", help="end it after so many seconds in all")
    add("--summary", action="store_true", help="print one line at the end and nothing else")
    add("--json", action="store_true", help="report as JSON")


def run(args: argparse.Namespace) -> int:
    """Run it; 0 if every step was ok, 1 if one was not, 128 + signal if interrupted."""
    from tegashiki.journal.execute import plan, schedule

    todo = plan.make(args.target, given_pairs(args.given), args.profile, args.start)
    if args.why:
        if what := secrets.within({"-m": args.why}):
            raise TegashikiError(f"{what}: it looks like a secret, and runs are published")
        todo = replace(todo, why=notes.line_of(args.why))
    todo = replace(todo, tags=tuple(map(notes.tag_of, args.tags)))
    if not args.exclusive:
        return execute(todo, args, args.if_changed)
    try:
        with schedule.exclusive(todo.root, todo.series):
            return execute(todo, args, args.if_changed)
    except schedule.BusyError as error:
        print(error)
        return schedule.BUSY


def execute(todo: Plan, args: argparse.Namespace, if_changed: bool = False) -> int:
    """Launch the plan, report, and return the exit code."""
    from tegashiki.journal.execute import launch
    from tegashiki.journal.execute.progress import Progress

    quiet = open(os.devnull, "w") if args.summary else contextlib.nullcontext()
    with quiet as stream:
        launched = launch.launch(
            todo, Progress(stream), args.retries, args.timeout, if_changed=if_changed
        )
    outcomes, runs = launched.outcomes, launched.runs
    if args.json:
        print(json.dumps([formatting.summary(run) for run in runs], indent=1, ensure_ascii=False))
    elif args.summary:
        print(formatting.one_line(todo.series, todo.profile, runs, len(todo.steps),
                                  launched.reused))
    else:
        _report(runs, len(todo.steps), launched.reused)
    if not outcomes:  # everything was up to date
        return 0
    if outcomes[-1].signal is not None:
        return 128 + outcomes[-1].signal
    return int(outcomes[-1].status != layout.OK)


def _report(runs: list, planned: int, reused: dict[str, str]) -> None:
    rows = [["step", "status", "time", "key numbers", "read"]]
    rows += [[step, "reused", "-", f"run {run}", ""] for step, run in reused.items()]
    for run in runs:
        time = formatting.duration(run.outcome.get("seconds"))
        where = paths.shown(run.folder)
        rows.append([run.step, run.status, time, formatting.numbers(run.results) or "-", where])
    print(formatting.table(rows))
    for run in runs:
        for path in formatting.kept(run):
            print(f"exported {path}")
    if runs and (reason := runs[-1].outcome.get("reason")):
        left = planned - len(runs)
        print(f"{runs[-1].step}: {reason}" + (f" ({left} steps not run)" if left else ""))


def given_pairs(pairs: list[str]) -> dict[str, str]:
    """`name=value` pairs as a dict; raises TegashikiError for anything else."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise TegashikiError(f"-p {pair}: expected name=value")
        if name in given:
            raise TegashikiError(f"-p {pair}: {name} is given twice")
        given[name] = value
    return given


def _count(text: str) -> int:
    if (value := int(text)) < 0:
        raise ValueError(text)
    return value


def seconds(text: str) -> float:
    """An argument that is a time in seconds, of the command line. Raises ValueError else."""
    if not 0 < (value := float(text)) < float("inf"):
        raise ValueError(text)
    return value
