"""tegashiki site DIR: the archive as a static site, to open from a folder or put on any host.

    tegashiki site site            # then open site/index.html

Only pages whose run has changed are written again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tegashiki.journal.format import paths


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki site` takes."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="made if it is not there")


def run(args: argparse.Namespace) -> int:
    """Build it."""
    from tegashiki.journal.report import site

    def progress(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done}/{total} pages", end="", file=sys.stderr)

    built = site.build(paths.runs_root(), args.folder, progress)
    if sys.stderr.isatty():
        print("\r" + " " * 30 + "\r", end="", file=sys.stderr)
    print(
        f"{paths.shown(built.folder / 'index.html')}: {built.written} pages of runs written, "
        f"{built.kept} unchanged, {built.seconds:.1f} s"
    )
    return 0
