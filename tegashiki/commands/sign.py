"""tegashiki sign RUN...: vouch for runs with an ssh key, as git signs commits.

    tegashiki sign 3f9a1c2b --key ~/.ssh/id_ed25519
    tegashiki check --signed               # demands it; runs/allowed_signers lists who may

The signature lies beside the run as status.json.sig.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tegashiki.journal.archive import reader, signature
from tegashiki.journal.format import paths


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki sign` takes."""
    parser.add_argument("which", metavar="RUN", nargs="+", help="ids, or the start of them")
    parser.add_argument("--key", type=Path, required=True, help="a private ssh key, or its .pub "
                        "where an agent holds it")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Sign them."""
    for which in args.which:
        print(paths.shown(signature.sign(reader.find(paths.runs_root(), which), args.key)))
    return 0
