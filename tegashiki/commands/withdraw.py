"""tegashiki withdraw RUN PICTURE...: take pictures out of a run that may not be shown.

    tegashiki withdraw 38c51205 pictures/bodies.svg --why "nobody stated a licence"

They go from the notebook too. The run stays what it was: rights.json says what is gone, and why.
"""

from __future__ import annotations

import argparse

from tegashiki.journal.archive import reader, withdraw
from tegashiki.journal.format import paths


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki withdraw` takes."""
    parser.add_argument("which", metavar="RUN", help="its id or the start of it")
    parser.add_argument("pictures", metavar="PICTURE", nargs="+",
        help="its path in the run's folder, as in manifest.json")  # fmt: skip
    parser.add_argument("--why", required=True, help="stays in the record, and in the notebook")


def run(args: argparse.Namespace) -> int:
    """Take them out, and say what stays."""
    found = reader.find(paths.runs_root(), args.which)
    withdraw.withdraw(found, args.pictures, args.why)
    print(f"{found.id}: {', '.join(args.pictures)} taken out; "
          f"{paths.shown(found.folder / 'rights.json')} says why")
    return 0
