"""tegashiki ingest BUNDLE...: take in runs that were made elsewhere.

    tegashiki ingest ~/Downloads/ink2tex-20261120T101010Z-train-3f9a1c2b.zip
    tegashiki ingest ../other/runs/ink2tex/20261120T101010Z-train-3f9a1c2b

A bundle (`tegashiki bundle`, or the last cell in Colab) or a run's folder. What is damaged,
unsafe, of another version, or not what it says is refused with the reason.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import paths
from tegashiki.journal.report import formatting
from tegashiki.journal.transfer import ingest


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki ingest` takes."""
    parser.add_argument("paths", metavar="BUNDLE", nargs="+", type=Path, help="a file or a folder")


def run(args: argparse.Namespace) -> int:
    """Take them in, one by one; 1 if one was refused."""
    root, refused = paths.runs_root(), 0
    for path in args.paths:
        try:
            taken, new = ingest.ingest(path, root)
        except TegashikiError as error:
            print(f"error: {error}", file=sys.stderr)
            refused += 1
            continue
        here = "taken in" if new else "here already"
        numbers = formatting.numbers(taken.results)
        print(f"{taken.id}  {taken.series} {taken.step}  {taken.status}  {numbers}  {here}")
        known = {run.id for run in reader.runs(root)}
        for item in taken.record["upstream"]:
            if item["id"] not in known:
                print(f"  it read run {item['id']} of {item['step']}: ingest that one too")
    return int(bool(refused))
