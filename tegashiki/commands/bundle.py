"""tegashiki bundle RUN: the run as one file, for another archive to take in.

    tegashiki bundle 3f9a1c2b
    tegashiki bundle latest --to ../outbox
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tegashiki.journal.archive import reader
from tegashiki.journal.format import paths
from tegashiki.journal.transfer import bundle
from tegashiki.storage import files


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki bundle` takes."""
    parser.add_argument("which", metavar="RUN", help="its id or the start of it, or `latest`")
    parser.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="default: here")


def run(args: argparse.Namespace) -> int:
    """Write it."""
    path = bundle.write(reader.find(paths.runs_root(), args.which), args.to)
    print(f"{paths.shown(path)}  {path.stat().st_size:,} bytes  sha256 {files.sha256(path)}")
    return 0
