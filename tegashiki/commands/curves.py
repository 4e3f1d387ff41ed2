"""tegashiki curves RUN...: the curves of one or more runs in one frame.

    tegashiki curves 3f9a1c2b 77aa01bc
    tegashiki curves 3f9a1c2b 77aa01bc --column val_exact --svg both.svg
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import paths
from tegashiki.journal.report import curves, svg
from tegashiki.storage import files


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki curves` takes."""
    parser.add_argument("which", metavar="RUN", nargs="+", help="ids, or the start of them")
    parser.add_argument("--column", help="which curve (default: the first usual one they share)")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw into this file instead")
    parser.add_argument("--json", action="store_true", help="the points, as JSON")


def run(args: argparse.Namespace) -> int:
    """Draw them."""
    runs = [reader.find(paths.runs_root(), which) for which in dict.fromkeys(args.which)]
    known = {f"{run.id} {run.step}": curves.of(run) for run in runs}
    column = curves.choose(known, args.column)
    lines = {name: of[column] for name, of in known.items()}
    if args.json:
        print(json.dumps({"column": column, "runs": lines}, indent=1))
    elif args.svg:
        try:
            files.write_text(args.svg.resolve(), svg.document(lines, column))
        except OSError as error:
            raise TegashikiError(f"{args.svg}: cannot be written: {error.strerror}") from None
        print(paths.shown(args.svg))
    else:
        size = shutil.get_terminal_size((80, 24))
        print(column)
        print(curves.terminal(lines, min(size.columns, 120) - 2, min(size.lines, 30) - 8))
    return 0
