"""tegashiki preprocess FOLDER|ARCHIVE --out ADDRESS: a set of any size as TFRecord shards.

    tegashiki preprocess mathwriting-2024.tgz --folder train --vocabulary wide --out shards/
    tegashiki preprocess SET --out s3://bucket/prefix --scheduler tcp://host:8786

Ink in normal form, thinned, labelled in our tokens, split so that no formula is in both parts. The
same command goes on where it was stopped, and what it writes is the same whatever the number of
workers. The manifest in ADDRESS says what is there; it is written last.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from tegashiki.errors import TegashikiError


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki preprocess` takes."""
    add = parser.add_argument
    add("source", metavar="FOLDER|ARCHIVE|SET", help="InkML with labels, or a set's name")
    add("--out", required=True, metavar="ADDRESS", help="a folder, s3://..., gs://...")
    add("--folder", default="", metavar="NAME", help="only files in folders of this name")
    add("--vocabulary", choices=("published", "wide"), default="published")
    add("--held-out", type=float, default=0.1, metavar="SHARE", help="of the formulas (0.1)")
    add("--seed", type=int, default=0, help="of the split")
    add("--per-shard", type=int, default=1000, metavar="N", help="files of the source (1000)")
    add("--workers", type=int, metavar="N", help="processes (default: one for each core)")
    add("--scheduler", metavar="ADDRESS", help="a Dask scheduler")
    add("--json", action="store_true", help="report as JSON")


def run(args: argparse.Namespace) -> int:
    """0 when the set is whole, 130 after Ctrl-C."""
    from tqdm import tqdm

    from tegashiki.data import sets
    from tegashiki.data.large import LargeConfig, preprocess
    from tegashiki.parallel.ordered import usable_cores

    workers = usable_cores() if args.workers is None else args.workers
    if workers < 1:
        raise TegashikiError(f"--workers {workers}: give at least 1")
    config = LargeConfig(args.vocabulary, args.folder, args.held_out, seed=args.seed,
                         chunk_files=args.per_shard)
    began = time.monotonic()
    try:
        with tqdm(unit=" files", disable=not sys.stderr.isatty()) as bar:
            done = preprocess(sets.find(args.source), args.out, config, workers, args.scheduler,
                              lambda files, _: bar.update(files - bar.n))
    except KeyboardInterrupt:
        print("interrupted; what is done stays, the same command goes on", file=sys.stderr)
        return 130
    seconds = time.monotonic() - began
    counts = {part: found["examples"] for part, found in done["parts"].items()}
    if args.json:
        print(json.dumps({**counts, "skipped": done["skipped"], "sha256": done["sha256"],
                          "seconds": seconds}))
    else:
        said = ", ".join(f"{count} to {part}" for part, count in counts.items())
        print(f"{args.out}: {said}; {done['skipped']} files left out (skipped.tsv); "
              f"{seconds:.0f} s")
    return 0
