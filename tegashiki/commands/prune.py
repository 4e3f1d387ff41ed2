"""tegashiki prune --keep RULES: let artifacts go that nobody needs here; the records stay.

    tegashiki prune --keep released,last=3,best=1 --dry-run
    tegashiki prune --keep released,last=2 --store s3://bucket/prefix    # what was pushed goes
    tegashiki prune --keep released --lose                               # the rest too, for good
    tegashiki prune                               # by `keep = "..."` in each series.toml

Without --lose, what is neither in the store nor verified as reproducible stays.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tegashiki.commands.push import store_argument
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import best, prune, reader
from tegashiki.journal.execute.series import FILE, Best, read
from tegashiki.journal.format import paths
from tegashiki.journal.report import formatting

if TYPE_CHECKING:
    from tegashiki.journal.archive.prune import Item


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki prune` takes."""
    add = parser.add_argument
    add("--keep", metavar="RULES",
        help="released, last=N, best=N, with commas (default: `keep` of each series.toml)")
    add("--best", action="append", default=[], metavar="SERIES=RESULT",
        help="what best=N goes by; -RESULT is best when lowest")
    add("--larger", type=float, default=0.01, metavar="MB", help="only artifacts of that size")
    add("--dry-run", action="store_true", help="say what would go, and change nothing")
    add("--lose", action="store_true", help="let go also what would be lost for good")
    store_argument(parser)
    add("--json", action="store_true", help="report as JSON")


def run(args: argparse.Namespace) -> int:
    """Prune; 0 if it worked, also where there is nothing to do."""
    items, name = _planned(args)
    going = [item for item in items if args.lose or item.fate != prune.LOST]
    freed = sum(item.bytes for item in going)
    if not args.dry_run:
        freed = prune.carry_out(going, f"not kept by {args.keep or 'series.toml'}", name)
    if args.json:
        print(json.dumps({
            "dry_run": args.dry_run, "bytes": freed,
            "files": [{"run": item.run.id, "path": item.entry["path"], "bytes": item.bytes,
                       "fate": item.fate, "goes": item in going} for item in items]}, indent=1))
        return 0
    rows = [["run", "step", "artifact", "MB", "", ""]]
    rows += [[item.run.id, item.run.step, item.entry["path"].partition("/")[2],
              f"{item.bytes / 1e6:.2f}", item.fate, "goes" if item in going else "stays"]
             for item in items]
    print(formatting.table(rows) if items else "nothing that the rules do not keep")
    print(f"{freed / 1e6:.1f} MB {'would go' if args.dry_run else 'gone'}, "
          f"{len(items) - len(going)} artifacts stay because they would be lost (--lose)")
    return 0


def _planned(args: argparse.Namespace) -> tuple[list[Item], str | None]:
    from tegashiki.commands.run import given_pairs
    from tegashiki.journal.transfer.store import STORE, Store, address

    store = Store(address(args.store)) if args.store or os.environ.get(STORE) else None
    root, models = paths.runs_root(), (paths.checkout() or Path.cwd()) / "models"
    named, copies = prune.released(models), prune.copies(models)
    asked, least = given_pairs(args.best), int(args.larger * 1e6)
    items: list[Item] = []
    for series, rules, figure in _policies(root, args.keep):
        keep = prune.policy(rules)
        first = [] if figure is None or series in asked or series is None else best.leading(
            reader.sound(root, series), figure, keep.get("best", 0))  # fmt: skip
        items += prune.plan(root, keep, named, asked, store, copies, least, series,
                            [run.id for run in first])  # fmt: skip
    return items, store.name if store else None


def _policies(root: Path, given: str | None) -> list[tuple[str | None, str, Best | None]]:
    """(series, rules, figure): the rules that were given, for all, or those of each series.toml.

    Raises TegashikiError if there are none.
    """
    homes = sorted(path.parent for path in (root.parent / "notebooks").glob(f"*/{FILE}"))
    known = [read(home) for home in homes]
    if given is None:
        told = [(one.name, one.keep, one.best) for one in known if one.keep]
        if not told:
            raise TegashikiError("no rules: give --keep, or write `keep` into a series.toml")
        return told
    names = {path.name for path in root.iterdir() if path.is_dir()} if root.is_dir() else set()
    figures = {one.name: one.best for one in known}
    return [(name, given, figures.get(name)) for name in sorted(names)]
