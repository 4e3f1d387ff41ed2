"""tegashiki sweep NOTEBOOK: a grid of runs at once, each archived, and an entry that compares them.

    tegashiki sweep NOTEBOOK -p learning_rate=1e-3,3e-4 -p seed=0..4
    tegashiki sweep NOTEBOOK -p lr=1e-4,1e-3 --scheduler tcp://host:8786      # on a Dask cluster
    tegashiki sweep NOTEBOOK -p lr=... -p units=... --strategy random --runs 20
    tegashiki sweep NOTEBOOK -p lr=... --strategy halving --budget epochs=2,6,18 --metric val_loss

Values are separated by commas; `0..4` is 0, 1, 2, 3, 4. Ctrl-C ends it: what has finished stays,
what was running is archived as interrupted, and no entry is made.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from tegashiki.commands.run import given_pairs
from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout
from tegashiki.journal.report import formatting

if TYPE_CHECKING:
    from tegashiki.journal.execute.strategy import Strategy
    from tegashiki.journal.execute.sweep import Done


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki sweep` takes."""
    add = parser.add_argument
    add("notebook", metavar="NOTEBOOK", help="the notebook that every point runs")
    add("-p", dest="given", action="append", default=[], metavar="NAME=V1,V2|FIRST..LAST",
        help="the values of a parameter")
    add("--profile", default="quick", help="a profile of series.toml (default: quick)")
    add("--scheduler", metavar="ADDRESS", help="a Dask scheduler; without, a cluster of its own")
    add("--workers", type=int, default=2, metavar="N", help="of the cluster of its own (2)")
    add("--strategy", choices=("grid", "random", "halving"), default="grid")
    add("--runs", type=int, default=10, metavar="N", help="points of --strategy random (10)")
    add("--budget", metavar="NAME=V1,V2", help="rising values for --strategy halving")
    add("--metric", metavar="RESULT", help="the result that is best when lowest")
    add("--maximize", action="store_true", help="best when highest")
    add("--seed", type=int, default=0, help="of --strategy random and halving")
    add("--timeout", type=float, metavar="S", help="end a run after so many seconds")
    add("--json", action="store_true", help="report as JSON")


def run(args: argparse.Namespace) -> int:
    """Run it; 0 if every run was ok, 1 if one was not, 130 after Ctrl-C."""
    from tegashiki.journal.execute import plan, sweep
    from tegashiki.parallel.cluster import cluster

    asked = _strategy(args)
    for _, first in asked.first():     # a mistyped name or value is refused before anything starts
        plan.make(args.notebook, first, args.profile)
    done: list[Done] = []
    try:
        with cluster(args.scheduler, args.workers) as client:
            for item in _shown(sweep.sweep(client, args.notebook, _strategy(args), args.profile,
                                           args.timeout), asked.total):
                done.append(item)
    except KeyboardInterrupt:
        print(f"interrupted; {len(done)} runs were done and stay", file=sys.stderr)
        return 130
    entry = _entry(args, done)
    if args.json:
        rows = [vars(item) for item in done]
        print(json.dumps({"entry": entry, "runs": rows}, indent=1, ensure_ascii=False))
    else:
        _report(args, done, entry)
    return int(any(item.status != layout.OK for item in done))


def _strategy(args: argparse.Namespace) -> Strategy:
    from tegashiki.journal.execute import grid, strategy

    points = grid.points(given_pairs(args.given))
    if args.strategy == "random":
        return strategy.Sampled(points, args.runs, args.seed)
    if args.strategy == "grid":
        return strategy.Grid(points)
    if not args.budget or not args.metric:
        raise TegashikiError("--strategy halving: needs --budget NAME=V1,V2 and --metric RESULT")
    [(name, text)] = given_pairs([args.budget]).items()
    try:
        rungs = tuple(int(value) for value in grid.values(text, name))
    except ValueError:
        raise TegashikiError(f"--budget {args.budget}: expected whole numbers") from None
    return strategy.Halving(points, (name, rungs), args.metric, args.maximize, args.seed)


def _shown(items: Any, total: int) -> Any:
    """The items as they come, with a bar on a terminal and a line each elsewhere."""
    from tqdm import tqdm

    terminal = sys.stderr.isatty()
    with tqdm(total=total, unit="run", disable=not terminal) as bar:
        for number, item in enumerate(items, 1):
            bar.update()
            if not terminal:
                given = " ".join(f"{name}={value}" for name, value in item.given.items())
                print(f"[{number}/{total}] {given}: {item.status}"
                      + (f" ({item.reason})" if item.reason else ""), file=sys.stderr, flush=True)
            yield item


def _entry(args: argparse.Namespace, done: list[Done]) -> str | None:
    """The sweep's own run: its table, its picture and its best run; None where nothing was ok."""
    from tegashiki.journal.execute import sweep_entry

    return sweep_entry.write(args.notebook, done, args.metric or "", args.maximize, args.profile)


def _report(args: argparse.Namespace, done: list[Done], entry: str | None) -> None:
    names = list(dict.fromkeys(name for item in done for name in item.given))
    metric = args.metric or "key numbers"
    rows = [[*names, "status", metric, "run"]]
    for item in done:
        value = item.results.get(args.metric) if args.metric else formatting.numbers(item.results)
        rows.append([*(item.given.get(name, "") for name in names), item.status,
                     formatting.short(value) if args.metric else value or "-", item.run or "-"])
    print(formatting.table(rows))
    if entry:
        print(f"the sweep is run {entry}: tegashiki show {entry}")
