"""tegashiki export RUN --as FORMAT: a run as a folder that other tools read.

    tegashiki export 9c60acc2 --as ro-crate --to crate
    tegashiki export latest --as mlflow --to mlruns; cd mlruns; mlflow ui --backend-store-uri .

Formats: ro-crate, mlflow, trackio, croissant, hf, zenodo. Nothing is sent anywhere.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tegashiki.journal.archive import reader
from tegashiki.journal.format import paths


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki export` takes."""
    parser.add_argument("which", metavar="RUN", help="its id or the start of it, or `latest`")
    parser.add_argument("--as", dest="kind", required=True, metavar="FORMAT")
    parser.add_argument("--to", type=Path, metavar="DIR", help="default: RUN-FORMAT, here")


def run(args: argparse.Namespace) -> int:
    """Write it."""
    from tegashiki.journal.transfer import exports

    found = reader.find(paths.runs_root(), args.which)
    home = exports.write(found, args.kind, args.to or Path(f"{found.id}-{args.kind}"))
    sizes = [path.stat().st_size for path in home.rglob("*") if path.is_file()]
    print(f"{paths.shown(home)}: {exports.FORMATS[args.kind][1]}; {len(sizes)} files, "
          f"{sum(sizes) / 1e6:.1f} MB")
    return 0
