"""tegashiki diff A B: every cause for which two runs differ, and where their curves part.

    tegashiki diff 3f9a1c2b 77aa01bc
    tegashiki diff 3f9a1c2b latest --json

Exit code 0 whether they differ or not; 1 if they cannot be compared.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from tegashiki.journal.archive import reader
from tegashiki.journal.format import paths
from tegashiki.journal.report import causes, divergence, formatting


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki diff` takes."""
    parser.add_argument("one", metavar="A", help="its id or the start of it, or `latest`")
    parser.add_argument("other", metavar="B", help="the same")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Say it."""
    one, other = (reader.find(paths.runs_root(), which) for which in (args.one, args.other))
    found = causes.between(one, other, paths.checkout())
    parted = divergence.first(one, other)
    names = [name for name in {**one.results, **other.results}
             if one.results.get(name) != other.results.get(name)]  # fmt: skip
    if args.json:
        facts = {
            "runs": [one.id, other.id],
            "causes": [asdict(cause) for cause in found],
            "parted": asdict(parted) if parted else None,
            "results": {n: [one.results.get(n), other.results.get(n)] for n in names},
        }
        print(json.dumps(facts, indent=1, ensure_ascii=False))
        return 0
    print(formatting.table([[f"run {r.id}", r.series, r.step, r.status] for r in (one, other)]))
    for cause in found:
        print(f"  {cause}")
    if not found:
        print("  no cause on record: what differs then came from chance or from the machine")
    print(f"curves part at {parted}" if parted else "curves are equal in every digit")
    for name in names:
        values = [formatting.short(run.results.get(name)) for run in (one, other)]
        print(f"  {name}: {values[0]} and {values[1]}")
    return 0
