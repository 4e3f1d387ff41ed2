"""tegashiki show RUN: everything that is known of one run.

    tegashiki show 3f9a1c2b
    tegashiki show latest --json
"""

from __future__ import annotations

import argparse
import json

from tegashiki.journal.archive import reader
from tegashiki.journal.format import paths
from tegashiki.journal.report import formatting


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki show` takes."""
    parser.add_argument("which", metavar="RUN", help="its id or the start of it, or `latest`")
    parser.add_argument("--json", action="store_true", help="run.json and status.json together")


def run(args: argparse.Namespace) -> int:
    """Print it."""
    found = reader.find(paths.runs_root(), args.which)
    if args.json:
        facts = {"folder": str(found.folder), "run": found.record, "status": found.outcome}
        print(json.dumps(facts | {"results": found.results}, indent=1, ensure_ascii=False))
    else:
        print(formatting.page(found))
    return 0
