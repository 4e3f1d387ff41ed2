"""tegashiki pull RUN [PATH...]: fetch artifacts of a run from the store, each proved by its hash.

    tegashiki pull 9c60acc2 --store s3://bucket/tegashiki
    tegashiki pull latest artifacts/weights.npz
"""

from __future__ import annotations

import argparse
import json

from tegashiki.commands.push import store_argument
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout, manifest, paths


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki pull` takes."""
    parser.add_argument("run", metavar="RUN", help="a run by id, or `latest`")
    parser.add_argument("paths", nargs="*", metavar="PATH",
                        help="files as the manifest lists them (default: all artifacts not here)")
    store_argument(parser)
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(args: argparse.Namespace) -> int:
    """Pull; 0 if all that was asked for is here then."""
    from tegashiki.journal.transfer.store import Store, address

    one = reader.find(paths.runs_root(), args.run)
    listed = {entry["path"]: entry for entry in manifest.read(one.folder)}
    for path in args.paths:
        if path not in listed:
            raise TegashikiError(f"{path}: not a file of run {one.id}; its manifest lists "
                                 f"{', '.join(listed)}")
    wanted = args.paths or [
        path for path in listed if path.startswith(f"{layout.ARTIFACTS}/")
        and not manifest.within(path, one.record["private"])]
    missing = [path for path in wanted if not (one.folder / path).is_file()]
    store = Store(address(args.store))
    for path in missing:
        store.get(listed[path]["sha256"], one.folder / path)
    if args.json:
        print(json.dumps({"store": store.name, "pulled": missing}, indent=1))
    else:
        size = sum(listed[path]["bytes"] for path in missing) / 1e6
        print(f"run {one.id}: {len(missing)} files pulled ({size:.1f} MB), "
              f"{len(wanted) - len(missing)} were here")
    return 0
