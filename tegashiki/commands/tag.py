"""tegashiki tag RUN [TAG...]: words to find a run by, and one line that says why it was made.

    tegashiki tag 3f9a1c2b released wide
    tegashiki tag 3f9a1c2b --drop wide --why "does a wider beam help?"
    tegashiki tag 3f9a1c2b                      # what stands there

It is written beside the run, in notes.json; what is sealed is not touched.
"""

from __future__ import annotations

import argparse
import json

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import notes, paths
from tegashiki.journal.notebook import secrets


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki tag` takes."""
    add = parser.add_argument
    add("which", metavar="RUN", help="its id or the start of it, or `latest`")
    add("tags", metavar="TAG", nargs="*", help="added to what it has")
    add("--drop", action="append", default=[], metavar="TAG", help="taken away")
    add("--why", metavar="TEXT", help="one line, in place of the one that it has; '' for none")
    add("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Change the notes, if that is asked, and show them."""
    found = reader.find(paths.runs_root(), args.which)
    if args.tags or args.drop or args.why is not None:
        if what := secrets.within({"why": args.why or "", "tags": " ".join(args.tags)}):
            raise TegashikiError(f"{what}: it looks like a secret, and runs are published")
        told = notes.change(found.folder, args.why, args.tags, args.drop)
    else:
        told = notes.read(found.folder)
    if args.json:
        print(json.dumps({"id": found.id, **told}, indent=1, ensure_ascii=False))
    else:
        print(f"{found.id}  {' '.join(told['tags']) or '-'}  {told['why']}".rstrip())
    return 0
