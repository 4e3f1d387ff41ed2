"""How steady the best candidate is while a formula is being written, stroke by stroke.

    python benchmarks/bench_stability.py [--model DIR] [--count 100] [--json FILE] [--curve SVG]

Expressions of CROHME test2014, evenly spread, are recognised after each of their strokes. A stroke
counts as steady if the best candidate still begins with what it was before, or rewrites at most
two tokens at its end. Strokes beyond the network's largest room change nothing and are left out.
"""

import argparse
import itertools
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tegashiki.decode import Recognizer
from tegashiki.ink.format import Ink

REWRITTEN = 2         # tokens at the end that may change and still count as steady
TOGETHER = 30         # strokes of so many and more share a point of the curve
RELEASED = Path(__file__).resolve().parent.parent / "models" / "ink2tex"


def rewritten(before: list[str], after: list[str]) -> int:
    """Tokens at the end of `before` with which `after` does not go on."""
    kept = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
                min(len(before), len(after)))
    return len(before) - kept


def steadiness(bests: list[list[list[str]]]) -> dict:
    """Of best candidates, per formula and number of strokes (from one): shares that are steady."""
    by_strokes: dict[int, list[int]] = {}
    for formula in bests:
        for strokes, (before, after) in enumerate(itertools.pairwise(formula), start=2):
            by_strokes.setdefault(min(strokes, TOGETHER), []).append(rewritten(before, after))
    every = np.concatenate([*map(np.array, by_strokes.values())]) if by_strokes else np.array([])
    return {"strokes": len(every), "steady": share(every, REWRITTEN), "same_start": share(every, 0),
            "by_strokes": {n: {"n": len(found), "steady": share(found, REWRITTEN),
                               "same_start": share(found, 0)}
                           for n, found in sorted(by_strokes.items())}}


def share(rewrites: list[int], most: int) -> float:
    """The share that rewrites at most so many tokens."""
    return round(float(np.mean(np.asarray(rewrites) <= most)), 3) if len(rewrites) else 0.0


def written(recognizer: Recognizer, ink: Ink, most: int) -> list[list[str]]:
    """The best candidate after one stroke, after two, and so on."""
    bests = []
    for count in range(1, min(len(ink.strokes), most) + 1):
        found = recognizer.candidates(Ink(ink.strokes[:count]), 1)
        bests.append(list(found[0].tokens) if found else [])
    return bests


def draw_curve(figures: dict, path: Path) -> None:
    """Both shares over the number of strokes."""
    import matplotlib
    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "tegashiki"        # the same bytes for the same figures
    import matplotlib.pyplot as plt

    points = figures["by_strokes"]
    figure, axis = plt.subplots(figsize=(6, 3.2), layout="constrained")
    for key, label in (("steady", f"rewrites at most {REWRITTEN} tokens"),
                       ("same_start", "begins with what it was")):
        axis.plot(list(points), [point[key] for point in points.values()], "o-", ms=3,
                  label=f"{label}: {figures[key]:.1%} of {figures['strokes']}")
    axis.set(xlabel=f"strokes written ({TOGETHER}: and more)", ylim=(0, 1.02),
             ylabel="share of strokes")
    axis.legend(loc="lower left", frameon=False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> None:
    """Ask, count and draw."""
    from tegashiki.data import crohme, sets

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=RELEASED)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--curve", type=Path)
    args = parser.parse_args()
    recognizer = Recognizer.load(args.model)
    examples = crohme.read(sets.find("crohme"), "test2014")[0]
    places = np.linspace(0, len(examples) - 1, min(args.count, len(examples))).astype(int)
    bests = [written(recognizer, examples[place].ink, recognizer.rooms[-1].size)
             for place in places]
    described = json.loads((args.model / "model.json").read_text(encoding="utf-8"))
    figures = {"run": described.get("run", ""), "expressions": len(bests), **steadiness(bests)}
    print(json.dumps(figures, indent=2))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if args.curve:
        draw_curve(figures, args.curve)


if __name__ == "__main__":
    main()
