"""tegashiki resume RUN: go on with a run that was killed or failed, from its last good epoch.

    tegashiki resume 3f9a1c2b
    tegashiki resume latest

A new run names the old one as its predecessor. If the run was a step of a series, the steps after
it follow.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tegashiki.commands import run as command
from tegashiki.journal.archive import reader
from tegashiki.journal.format import paths
from tegashiki.journal.session import provenance


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki resume` takes."""
    parser.add_argument("which", metavar="RUN", help="its id or the start of it, or `latest`")
    parser.add_argument("--notebook", type=Path, metavar="PATH", help="where its notebook is now")
    command.limits(parser)


def run(args: argparse.Namespace) -> int:
    """Go on; the exit code is that of `tegashiki run`."""
    from tegashiki.journal.archive import resume

    before = reader.find(paths.runs_root(), args.which)
    todo = resume.plan(before, args.notebook)
    then = (before.record["code"] or {}).get("commit")
    now = provenance.code(paths.checkout(todo.steps[0].source.path.parent), skip=todo.root)[0]
    if then != now["commit"]:
        print(f"code: {(then or 'unknown')[:12]} then, {(now['commit'] or 'unknown')[:12]} now; "
              "what follows is made by today's", file=sys.stderr)  # fmt: skip
    return command.execute(todo, args)
