"""How often the pad's rule parts ink of one line, and how often it finds the second of two.

    python benchmarks/bench_rows.py [--part train] [--pairs 1000] [--json FILE]

Ink of CROHME is of one line: each that is parted is a mistake. Two lines are made of two inks, each
scaled to strokes of one median size, the second set below the first by some of these sizes.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.pad.test_rows import rows_of

GAPS = (0.5, 0.8, 1.0, 1.5)      # in median sizes of a stroke; the rule wants 0.7


def scaled(strokes) -> list:
    """Strokes of median size 1, the upper left corner of all at 0."""
    sizes = [max(np.ptp(stroke, axis=0)) for stroke in strokes]
    size = float(np.median([s for s in sizes if s > 0] or [1]))
    low = np.concatenate(strokes).min(0)
    return [(stroke - low) / size for stroke in strokes]


def two_lines(upper: list, lower: list, gap: float, shift: float) -> list:
    bottom = max(float(stroke[:, 1].max()) for stroke in upper)
    return upper + [np.add(stroke, (shift, bottom + gap)) for stroke in lower]


def main() -> None:
    from tegashiki.data import crohme, sets

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", default="train")
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    examples = crohme.read(sets.find("crohme"), args.part)[0]
    inks = [example.ink.strokes for example in examples]
    parted = [example.ink.id for example, rows in zip(examples, rows_of(inks), strict=True)
              if len(rows) > 1]
    result = {"part": args.part, "inks": len(inks), "parted": len(parted), "which": parted}
    rng, plain = np.random.default_rng(0), [scaled(ink) for ink in inks]
    for gap in GAPS:
        chosen = rng.integers(len(plain), size=(args.pairs, 2))
        made = [two_lines(plain[a], plain[b], gap, rng.uniform(-0.5, 0.5)) for a, b in chosen]
        right = [rows == [list(range(len(plain[a]))), list(range(len(plain[a]), len(ink)))]
                 for rows, ink, (a, _) in zip(rows_of(made), made, chosen, strict=True)]
        result[f"found_at_{gap}"] = round(float(np.mean(right)), 3)
    print(json.dumps(result, indent=2))
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
