"""Loading a bundle of 8,835 expressions, as many as CROHME's train part has: the limit is a second.

    python benchmarks/bench_bundle.py [BUNDLE]

Without a bundle one of the same size is made: 14 strokes of 31 points and 15 tokens an expression.
"""

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from tegashiki.data import bundle  # noqa: E402
from tegashiki.data.example import Example  # noqa: E402
from tegashiki.ink.format import Ink  # noqa: E402

EXPRESSIONS, STROKES, POINTS, TOKENS = 8_835, 14, 31, 15
LIMIT, ROUNDS = 1.0, 5      # seconds; the best of so many


def made() -> list[Example]:
    rng = np.random.default_rng(0)
    examples = []
    for number in range(EXPRESSIONS):
        points = rng.random((STROKES, POINTS, 2), dtype=np.float32)
        ink = Ink(tuple(points), id=f"expression-{number}", writer=f"writer-{number % 334}")
        alignment = rng.integers(0, TOKENS, STROKES).astype(np.int16)
        examples.append(Example(ink, ("x",) * TOKENS, alignment))
    return examples


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "made.npz"
        if len(sys.argv) == 1:
            start = time.perf_counter()
            bundle.write(path, made(), {"source": "bench_bundle"})
            print(f"written in {time.perf_counter() - start:.2f} s")
        best, raw = float("inf"), float("inf")
        for _ in range(ROUNDS):
            start = time.perf_counter()
            path.read_bytes()
            raw = min(raw, time.perf_counter() - start)
            start = time.perf_counter()
            read = bundle.read(path)
            best = min(best, time.perf_counter() - start)
        start = time.perf_counter()
        strokes = sum(len(example.ink.strokes) for example in read)
        each = time.perf_counter() - start
        print(f"{len(read)} expressions, {strokes} strokes, {len(read.points)} points, "
              f"{path.stat().st_size / 2**20:.1f} MiB")
        print(f"loaded and checked in {best:.3f} s (limit {LIMIT} s), {best / raw:.1f} times "
              f"reading its bytes; as Examples in {each:.2f} s more")
    return int(best > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
