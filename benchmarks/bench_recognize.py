"""How long recognising a whole expression takes, by part, on one thread; and against another model.

    python benchmarks/bench_recognize.py [--model DIR] [--against DIR] [--part test2014] [--count N]

From ink in memory to candidates. Two models take turns on the same ink, so that what else the
machine does falls on both: their ratio is the figure to trust, milliseconds are of this machine.
"""

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tegashiki.data import crohme, sets  # noqa: E402
from tegashiki.decoding.recognizer import Recognizer  # noqa: E402


class Timed:
    """A recogniser whose runtime's calls are timed."""

    def __init__(self, folder: Path) -> None:
        self.recognizer = Recognizer.load(folder)
        self.spent: defaultdict[str, float] = defaultdict(float)     # of one expression, s
        self.rows: list[dict[str, float]] = []
        for name in ("encode", "step"):
            setattr(self.recognizer.runtime, name,
                    self._timed(name, getattr(self.recognizer.runtime, name)))

    def _timed(self, name: str, call):
        def timed(*given):
            began = time.perf_counter()
            try:
                return call(*given)
            finally:
                self.spent[name] += time.perf_counter() - began
                self.spent[f"{name}s"] += 1
        return timed

    def read(self, ink) -> float:
        """Milliseconds of one expression."""
        self.spent.clear()
        began = time.perf_counter()
        self.recognizer.candidates(ink)
        whole = time.perf_counter() - began
        self.rows.append({"whole": 1e3 * whole, "encode": 1e3 * self.spent["encode"],
                          "steps": 1e3 * self.spent["step"], "number of steps": self.spent["steps"],
                          "the rest": 1e3 * (whole - self.spent["encode"] - self.spent["step"])})
        return whole

    def table(self) -> str:
        """Median and 95th percentile of each part."""
        return "\n".join(f"  {name:16} median {np.median(values):7.2f}   p95 "
                         f"{np.percentile(values, 95):7.2f}" for name, values in
                         ((n, [row[n] for row in self.rows]) for n in self.rows[0]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "ink2tex")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--part", default="test2014", help="of CROHME")
    parser.add_argument("--count", type=int, default=200, help="expressions, evenly spread")
    args = parser.parse_args()
    examples = crohme.read(sets.find("crohme"), args.part)[0]
    inks = [e.ink for e in examples[:: max(1, len(examples) // args.count)]]
    models = {folder: Timed(folder) for folder in (args.model, args.against) if folder}
    for ink in inks[:5]:                                  # the first ones load and allocate
        for timed in models.values():
            timed.read(ink)
    for timed in models.values():
        timed.rows.clear()
    ratios = []
    for ink in inks:
        times = [timed.read(ink) for timed in models.values()]
        ratios.append(times[0] / times[-1])
    for folder, timed in models.items():
        print(f"{folder}, {len(inks)} expressions of {args.part}, ms:\n{timed.table()}")
    if args.against:
        print(f"median ratio of the first to the second: {np.median(ratios):.2f}")


if __name__ == "__main__":
    main()
