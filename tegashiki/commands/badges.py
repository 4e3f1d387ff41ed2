"""tegashiki badges: point the Colab badge of every notebook at the place it stands in.

    tegashiki badges
    tegashiki badges --check

The repository's address stands in pyproject.toml, as the project URL `Repository`, only.
"""

from __future__ import annotations

import argparse

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import paths
from tegashiki.journal.notebook import badges


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki badges` takes."""
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if one is wrong")


def run(args: argparse.Namespace) -> int:
    """Rewrite or check them."""
    home = paths.checkout()
    if home is None:
        raise TegashikiError("badges: not in a checkout; go to the folder with pyproject.toml")
    wrong = badges.wrong(home)
    for path, text in wrong.items():
        print(f"{path.relative_to(home)}: {'wrong badge' if args.check else 'badge rewritten'}")
        if not args.check:
            badges.rewrite(path, text)
    return 1 if args.check and wrong else 0
