"""Time and memory of `tegashiki preprocess` on 1, 10 and 100 times MathWriting's excerpt.

    python benchmarks/bench_large.py [--times 1 10 100] [--workers 1]

Copies are distorted, so that no two inks are equal. Each size is preprocessed by a process of its
own, from a zip as a user would give it; told are processor time (what else the machine does
matters little) and the most memory that it held. Ends with 1 if a process holds more than 2 GB, or
if an expression of the last size costs half as much again as one of the second.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tegashiki.data import sets  # noqa: E402
from tegashiki.errors import TegashikiError  # noqa: E402
from tegashiki.ink import normalize, read_inkml, write_inkml  # noqa: E402
from tegashiki.ink.distort import distort  # noqa: E402
from tegashiki.storage.archives import iterate  # noqa: E402

MEMORY = 2048                     # MB a process
COST = 1.5
EXTRAPOLATED = 100_000_000        # expressions


def enlarged(times: int, target: Path) -> int:
    """A zip with `times` distorted copies of each expression; how many there are."""
    inks = []
    for name, data in iterate(sets.find("mathwriting"), ".inkml"):
        try:
            inks.append(normalize(read_inkml(data, name, segmented=False)))
        except TegashikiError:
            continue
    rng, scratch = np.random.default_rng(0), target.with_suffix(".inkml")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for copy in range(times):
            for ink in inks:
                strokes = ink.strokes if copy == 0 else tuple(distort(ink.strokes, rng))
                write_inkml(replace(ink, strokes=strokes, times=None), scratch)
                file.write(scratch, f"{copy:03}-{ink.id}.inkml")
    return times * len(inks)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as home:
        for times in args.times:
            count = enlarged(times, Path(home, "set.zip"))
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            told = json.loads(subprocess.run(
                [sys.executable, "-m", "tegashiki.cli", "preprocess", f"{home}/set.zip", "--out",
                 f"{home}/{times}", "--vocabulary", "wide", "--workers", str(args.workers),
                 "--json"], cwd=ROOT, env=os.environ, capture_output=True, text=True,
                check=True).stdout)
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
            rows.append((count, 1e3 * seconds / count, used.ru_maxrss / 1024))
            print(f"{times:4} times: {count:6} expressions, {told['train']} to train, "
                  f"{told['skipped']} left out: {rows[-1][1]:.2f} ms of processor each, "
                  f"{time.monotonic() - began:.1f} s on the wall, at most {rows[-1][2]:.0f} MB "
                  "a process", flush=True)
    cost = rows[-1][1] / 1e3
    print(f"extrapolated: {EXTRAPOLATED:,} expressions take "
          f"{cost * EXTRAPOLATED / 3600:.0f} core hours")
    return int(rows[-1][2] > MEMORY
               or rows[-1][1] > COST * rows[min(1, len(rows) - 1)][1])


if __name__ == "__main__":
    sys.exit(main())
