"""Preprocessing CROHME train, against the same with the `rdp` package: at most 1/20 of the time.

    python benchmarks/bench_preprocess.py --sample 120

Both ways read InkML from the archive as downloaded, clean the label, align the strokes, normalise
and simplify with the same epsilon; only the simplification differs. All files are read from the
archive once and timed; parsing and simplifying are timed on every n-th of them, in turns within one
run, and scaled to all. Ends with 1 if the target is missed.
"""

import argparse
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np

from tegashiki.data import sets
from tegashiki.data.crohme import example_of
from tegashiki.errors import TegashikiError
from tegashiki.ink.geometry import normalize
from tegashiki.ink.prepare import EPSILON
from tegashiki.ink.simplify import simplify, simplify_line
from tegashiki.storage.archives import iterate

TARGET = 1 / 20
Simplify = Callable[[np.ndarray, float], np.ndarray]


def with_rdp(stroke: np.ndarray, epsilon: float) -> np.ndarray:
    """The oracle, as its users call it."""
    from rdp import rdp

    return rdp(stroke, epsilon=epsilon)


def preprocess(name: str, data: bytes, by: Simplify) -> int:
    """One file from bytes to simplified strokes; returns how many points are left."""
    try:
        example = example_of(name, data)
    except TegashikiError:
        return 0
    return sum(len(by(stroke, EPSILON)) for stroke in normalize(example.ink).strokes)


def main() -> int:
    """Measure, print the table, and say whether the target is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=120, help="files to parse (default 120)")
    sample_size = parser.parse_args().sample
    warnings.simplefilter("ignore", DeprecationWarning)      # rdp 0.8 under numpy 2

    start = time.perf_counter()
    files = [item for item in iterate(sets.find("crohme"), ".inkml") if "/train/" in item[0]]
    unpack = time.perf_counter() - start
    sample = files[:: max(len(files) // sample_size, 1)]
    scale = len(files) / len(sample)

    ways = {"simplification (ours)": simplify, "numpy, line rule": simplify_line,
            "rdp package": with_rdp}
    seconds, points = dict.fromkeys(ways, 0.0), dict.fromkeys(ways, 0)
    preprocess(*sample[0], simplify)                         # imports are not measured
    for name, data in sample:
        for way, by in ways.items():
            start = time.perf_counter()
            points[way] += preprocess(name, data, by)
            seconds[way] += time.perf_counter() - start

    total = {way: unpack + scale * seconds[way] for way in ways}
    print(f"CROHME train, {len(files)} files, of which {len(sample)} parsed; "
          f"unpacking {unpack:.1f} s is in each")
    for way in ways:
        share = total[way] / total["rdp package"]
        print(f"{way:24}{total[way]:8.1f} s{scale * points[way] / 1e3:9.0f} thousand points"
              f"   1/{1 / share:.1f} of rdp")
    ratio = total["simplification (ours)"] / total["rdp package"]
    print(f"ratio {ratio:.4f}, target {TARGET:.4f}: {'met' if ratio <= TARGET else 'MISSED'}")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
