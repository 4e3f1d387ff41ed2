"""Two checkouts of this project do the same: what moved and was renamed changed no result.

    python benchmarks/unchanged.py BEFORE AFTER [--count 200] [--only NAME]... [--json FILE]

Both run with this Python, each from its own folder. The command line does most of the asking, so
that it works on any layout of the package; where it cannot, `NAMES` says what a thing is called in
which layout. CROHME and the formulas have to be at hand (TEGASHIKI_DATA). Minutes, most of them
for the two preprocess runs. Ends with 1 if anything differs.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tegashiki.data import sets  # noqa: E402
from tegashiki.storage import archives  # noqa: E402

PREPROCESS = "notebooks/ink2tex/2026-11-20_01_preprocess.ipynb"
CHEAP = ("c8861a08", "b5e6665c", "4f29d715")      # runs that are done again in a minute each
# What the stream of made examples is called: (module, class), the newest layout first.
NAMES = (("tegashiki.synthesis.dataset_spec", "DatasetSpec"),
         ("tegashiki.synthesis.dataset_spec", "Recipe"), ("tegashiki.data.recipe", "Recipe"))
MADE = """
import hashlib, importlib, itertools, pathlib, sys
import numpy as np
bundle, text, count, *names = sys.argv[1:]
for name in names:
    module, _, kind = name.partition(":")
    try:
        spec = getattr(importlib.import_module(module), kind)
        break
    except (ImportError, AttributeError):
        continue
make = spec(pathlib.Path(bundle), text=pathlib.Path(text)).start()
for example in itertools.islice(make(np.random.default_rng(7)), int(count)):
    digest = hashlib.sha256(repr((example.tokens, np.asarray(example.alignment).tolist())).encode())
    for stroke in example.ink.strokes:
        digest.update(np.ascontiguousarray(stroke).tobytes() + b"|")
    print(digest.hexdigest())
"""


class Checkouts:
    """The two, and what has been made of them: each preprocess run is made once."""

    def __init__(self, before: Path, after: Path, scratch: Path, count: int) -> None:
        self.sides, self.scratch, self.count = (before.resolve(), after.resolve()), scratch, count
        self._archives: list[Path] = []

    def python(self, side: Path, *arguments: str, **variables: str) -> str:
        """What Python prints in a checkout; its own messages stay on stderr."""
        environment = os.environ | {"TEGASHIKI_DATA": str(sets.data_root()), "PYTHONHASHSEED": "0",
                                    "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3",
                                    "PYTHONPATH": str(side), **variables}
        done = subprocess.run([sys.executable, *arguments], cwd=side, env=environment,
                              capture_output=True, text=True, check=False)
        if done.returncode and not done.stdout:
            raise RuntimeError(f"{side}: {' '.join(arguments)[:200]}: {done.stderr[-2000:]}")
        return done.stdout

    def command(self, side: Path, *words: str, **variables: str) -> str:
        """What the command line says in a checkout."""
        return self.python(side, "-m", "tegashiki.cli", *words, **variables)

    def preprocessed(self) -> list[Path]:
        """The folder of a preprocess run of CROHME in each checkout."""
        for number, side in enumerate(self.sides[len(self._archives):]):
            root = self.scratch / f"runs{number}"
            self.command(side, "run", PREPROCESS, "-p", "data=crohme-all", "-p", "count=0",
                         TEGASHIKI_RUNS=str(root))
            self._archives.append(next((root / "ink2tex").iterdir()))
        return self._archives


def candidates(both: Checkouts) -> str:
    """Formulas and scores of the released model, as they are printed: all digits."""
    folder = both.scratch / "inks"
    folder.mkdir()
    whole = archives.iterate(sets.find("crohme"), ".inkml", lambda *_: None)
    inks = sorted((name, data) for name, data in whole if "/test2014/" in name)
    for name, data in inks[:: max(1, len(inks) // both.count)][: both.count]:
        (folder / Path(name).name).write_bytes(data)
    files = sorted(map(str, folder.iterdir()))
    model = str(both.sides[0] / "models" / "ink2tex")
    said = [both.command(side, "recognize", *files, "--json", "--model", model)
            for side in both.sides]
    rows = [[json.loads(line)["candidates"] for line in text.splitlines()] for text in said]
    same(rows[0], rows[1])
    return f"{len(rows[0])} expressions of test2014, {sum(map(len, rows[0]))} candidates"


def bundles(both: Checkouts) -> str:
    """The three parts of CROHME, byte for byte."""
    digests = [{path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted((run / "artifacts").glob("*.npz"))}
               for run in both.preprocessed()]
    same(*digests)
    return ", ".join(f"{name} {digest[:12]}" for name, digest in digests[0].items())


def synthesis(both: Checkouts) -> str:
    """Made examples from one seed: ink, tokens and alignment."""
    train = both.preprocessed()[0] / "artifacts" / "train.npz"
    names = [":".join(name) for name in NAMES]
    made = [both.python(side, "-c", MADE, str(train), str(sets.find("formulas")), "1000",
                        *names).split() for side in both.sides]
    same(*made)
    return f"{len(made[0])} examples"


def run_json(both: Checkouts) -> str:
    """The keys of run.json, at every depth but for names of modules and packages."""
    keys = [sorted(_keys(json.loads((run / "run.json").read_text())))
            for run in both.preprocessed()]
    same(*keys)
    return f"{len(keys[0])} keys"


def _keys(value: object, place: str = "") -> set[str]:
    if not isinstance(value, dict):
        return set()
    inner = () if place in ("/modules", "/environment/packages") else value.items()
    return {f"{place}/{name}" for name, _ in inner}.union(
        *(_keys(part, f"{place}/{name}") for name, part in inner))


def pad(both: Checkouts) -> str:
    """The files of the built pad; names that hold a hash of the content are put aside."""
    built = []
    for number, side in enumerate(both.sides):
        folder = both.scratch / f"pad{number}"
        both.command(side, "pad", "--build", str(folder), "--model",
                     str(both.sides[0] / "models" / "ink2tex"))
        built.append({_plain(path.relative_to(folder).as_posix()): path.read_bytes()
                      for path in sorted(folder.rglob("*")) if path.is_file()})
    same(*(sorted(files) for files in built))
    different = [name for name, data in built[0].items()
                 if _plain(data.decode("latin-1")) != _plain(built[1][name].decode("latin-1"))]
    same(different, [])
    return f"{len(built[0])} files"


def _plain(text: str) -> str:
    return re.sub(r"\b(?=[A-Z0-9]*[A-Z])[A-Z0-9]{8}\b|\b[0-9a-f]{8,64}\b", "#", text)


def check(both: Checkouts) -> str:
    """`tegashiki check` is content with the archive as it is now."""
    return both.command(both.sides[1], "check").strip().splitlines()[-1]


def verify(both: Checkouts) -> str:
    """Archived runs, done again, come out the same."""
    words = []
    for name in CHEAP:
        said = json.loads(both.command(both.sides[1], "verify", name, "--today", "--dry", "--json"))
        words.append(f"{name} {said['word']}")
        if said["word"] != "identical":
            raise AssertionError(f"{', '.join(words)}: {said['why']}")
    return ", ".join(words)


def same(first: object, second: object) -> None:
    """Raises AssertionError that shows where the two part."""
    if first == second:
        return
    if isinstance(first, list) and isinstance(second, list):
        wrong = [i for i, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]]
        place = wrong[0] if wrong else min(len(first), len(second))
        raise AssertionError(f"{len(wrong)} of {len(first)} and {len(second)} differ, first number "
                             f"{place}: {first[place : place + 1]} and {second[place : place + 1]}")
    raise AssertionError(f"{first} and {second}")


CHECKS: tuple[Callable[[Checkouts], str], ...] = (candidates, bundles, synthesis, run_json, pad,
                                                  check, verify)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--count", type=int, default=200, help="expressions to recognise")
    parser.add_argument("--only", action="append", choices=[c.__name__ for c in CHECKS])
    parser.add_argument("--json", type=Path, help="write the report there")
    args = parser.parse_args()
    report = {}
    with tempfile.TemporaryDirectory(prefix="tegashiki-unchanged-") as scratch:
        both = Checkouts(args.before, args.after, Path(scratch), args.count)
        for one in CHECKS:
            if args.only and one.__name__ not in args.only:
                continue
            try:
                report[one.__name__] = {"same": True, "what": one(both)}
            except (AssertionError, RuntimeError) as error:
                report[one.__name__] = {"same": False, "what": str(error)}
            print(one.__name__, report[one.__name__], flush=True)
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n")
    sys.exit(not all(row["same"] for row in report.values()))


if __name__ == "__main__":
    main()
