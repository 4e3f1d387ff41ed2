"""tegashiki push [RUN...]: copy artifacts to the store, so that the archive need not hold them.

    tegashiki push 9c60acc2 --store s3://bucket/tegashiki
    TEGASHIKI_STORE=/mnt/store tegashiki push            # all runs that ended ok

What is there already is not sent again; what is not ours to publish stays here.
"""

from __future__ import annotations

import argparse
import json

from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout, manifest, paths


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki push` takes."""
    parser.add_argument("runs", nargs="*", metavar="RUN", help="runs by id (default: all ok ones)")
    store_argument(parser)
    parser.add_argument("--json", action="store_true", help="report as JSON")


def store_argument(parser: argparse.ArgumentParser) -> None:
    """What every command takes that talks to a store."""
    parser.add_argument("--store", metavar="ADDRESS",
                        help="a folder, s3://, gs:// or https:// (default: $TEGASHIKI_STORE)")


def run(args: argparse.Namespace) -> int:
    """Push; 0 if all is in the store then. Raises TegashikiError at the first that fails."""
    from tegashiki.journal.transfer.store import Store, address

    root = paths.runs_root()
    chosen = ([reader.find(root, name) for name in args.runs] if args.runs
              else [run for run in reader.sound(root) if run.status == layout.OK])
    store = Store(address(args.store))
    sent, there = [], 0
    for one in chosen:
        private = one.record["private"]
        for entry in manifest.read(one.folder):
            path = one.folder / entry["path"]
            artifact = entry["path"].startswith(f"{layout.ARTIFACTS}/")
            if artifact and path.is_file() and not manifest.within(entry["path"], private):
                if store.put(path, entry["sha256"]):
                    sent.append({"run": one.id, **entry})
                else:
                    there += 1
    if args.json:
        print(json.dumps({"store": store.name, "sent": sent, "there": there}, indent=1))
    else:
        size = sum(entry["bytes"] for entry in sent) / 1e6
        print(f"{store.name}: {len(sent)} files sent ({size:.1f} MB), {there} were there")
    return 0
