"""Files of strangers, made hostile: every reader refuses with a TegashikiError, or reads.

    python benchmarks/fuzz.py --minutes 60                # all readers, a share each
    python benchmarks/fuzz.py --minutes 8 inkml picture   # some of them
    python benchmarks/fuzz.py --again findings/inkml-1a2b3c4d

With Atheris (pip install atheris; coverage-guided, finds its own way into a reader), without it by
changing bytes blindly. Each reader has a process of its own, and starts from small sound files. A
finding is any other exception, an input that takes over ten seconds, or a process that dies; it is
kept in a file and told, one for each place in the code. Ends with 1 if there was any.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import json
import random
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
SLOW = 10.0      # seconds for one input
BIGGEST = 1 << 16
NUMBERS = (b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"-1", b"1e999")


def targets() -> dict[str, Callable[[Path], tuple[list[bytes], Callable[[bytes], None]]]]:
    """Each reader by name: given a folder of its own, its sound files and how it is asked."""
    import fuzz_targets

    return fuzz_targets.TARGETS


class Findings:
    """What went wrong, one file for each place in the code; and how many inputs were tried."""

    def __init__(self, name: str, home: Path, ask: Callable[[bytes], None]) -> None:
        self.name, self.home, self.ask = name, home, ask
        self.tried, self.refused = 0, 0
        self.found: dict[str, str] = {}

    def __call__(self, content: bytes) -> None:
        from tegashiki.errors import TegashikiError

        self.tried += 1
        start = time.monotonic()
        (self.home / f"{self.name}.last").write_bytes(content)    # a process that dies leaves it
        try:
            self.ask(content)
        except TegashikiError as error:
            self.refused += 1
            if "\n" in str(error):
                self._note(content, "a message of several lines", str(error))
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            where = [f for f in frames if "tegashiki" in f.filename][-1:] or frames
            where = where[-1]
            self._note(content, f"{type(error).__name__} at {Path(where.filename).name}:"
                                f"{where.lineno}", str(error))
        if time.monotonic() - start > SLOW:
            self._note(content, f"slower than {SLOW:g} s", "")

    def _note(self, content: bytes, what: str, said: str) -> None:
        if what not in self.found:
            path = self.home / f"{self.name}-{hashlib.sha256(content).hexdigest()[:8]}"
            path.write_bytes(content)
            self.found[what] = f"{path}: {said[:150]}"
            print(f"{self.name}: {what}: {self.found[what]}", flush=True)

    def report(self) -> None:
        told = {"tried": self.tried, "refused": self.refused, "found": self.found}
        (self.home / f"{self.name}.json").write_text(json.dumps(told))


def changed(seeds: list[bytes], rng: random.Random) -> bytes:
    """A sound file with a few bytes, stretches or numbers changed."""
    content = bytearray(rng.choice(seeds))
    for _ in range(1 << rng.randrange(5)):
        at, kind = rng.randrange(len(content) + 1), rng.randrange(5)
        if kind == 0:
            content[at:at + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            del content[at:at + rng.randrange(1, 32)]
        elif kind == 2:
            other = rng.choice(seeds)
            cut = rng.randrange(len(other))
            content[at:at] = other[cut:cut + rng.randrange(1, 64)]
        elif kind == 3:
            content[at:at + 4] = rng.choice(NUMBERS)
        else:
            content[at:at] = content[at:at + 16] * rng.randrange(1, 20)
    return bytes(content[:BIGGEST])


def one(name: str, seconds: float, home: Path) -> None:
    """In a process of its own: this reader for so long."""
    warnings.simplefilter("ignore")
    guided = importlib.util.find_spec("atheris") is not None
    with tempfile.TemporaryDirectory(prefix="tegashiki-fuzz-") as folder:
        if not guided:
            seeds, ask = targets()[name](Path(folder))
            findings, rng = Findings(name, home, ask), random.Random(time.time_ns())
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                findings(changed(seeds, rng))
            findings.report()
            return
        import atheris

        with atheris.instrument_imports(include=["tegashiki"]):
            seeds, ask = targets()[name](Path(folder))
        findings = Findings(name, home, ask)
        corpus = home / f"{name}.corpus"
        corpus.mkdir(exist_ok=True)
        for number, seed in enumerate(seeds):
            (corpus / f"seed-{number}").write_bytes(seed)
        end = time.monotonic() + seconds

        def step(content: bytes) -> None:
            findings(content)
            if findings.tried % 200 == 0 or time.monotonic() > end:
                findings.report()

        atheris.Setup([sys.argv[0], str(corpus), f"-max_total_time={int(seconds)}",
                       f"-max_len={BIGGEST}", "-timeout=60", "-rss_limit_mb=2500",
                       f"-artifact_prefix={home}/{name}-died-", "-print_final_stats=0",
                       "-verbosity=0"], step)
        atheris.Fuzz()


def again(path: Path) -> None:
    """Ask a reader once more about what was found."""
    name = path.name.split("-")[0]
    with tempfile.TemporaryDirectory() as folder:
        _, ask = targets()[name](Path(folder))
        ask(path.read_bytes())
    print(f"{name}: read without complaint")


def rows(home: Path, names: list[str], codes: dict[str, int],
         ) -> Iterator[tuple[str, int, int, dict]]:
    """For each reader: its name, inputs tried, inputs refused, findings."""
    for name in names:
        told: dict = {"tried": 0, "refused": 0, "found": {}}
        with contextlib.suppress(FileNotFoundError):
            told = json.loads((home / f"{name}.json").read_text())
        died = sorted(home.glob(f"{name}-died-*"))
        found = told["found"] | {f"died: {path.name}": "" for path in died}
        if codes[name] and not found:
            found["ended with " + str(codes[name])] = str(home / f"{name}.last")
        yield name, told["tried"], told["refused"], found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("readers", nargs="*")
    add("--minutes", type=float, default=60.0, help="for all of them together")
    add("--home", type=Path, help="where findings and inputs go (default: temporary)")
    add("--again", type=Path, metavar="FINDING")
    add("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.again:
        again(args.again)
        return 0
    home = (args.home or Path(tempfile.mkdtemp(prefix="tegashiki-findings-"))).resolve()
    home.mkdir(parents=True, exist_ok=True)
    if args.one:
        one(args.one, args.minutes * 60, home)
        return 0
    names = args.readers or list(targets())
    share, codes = args.minutes / len(names), {}
    for name in names:
        command = [sys.executable, __file__, "--one", name, "--minutes", str(share), "--home",
                   str(home)]
        with open(home / f"{name}.stderr", "w") as said:
            codes[name] = subprocess.run(command, check=False, stderr=said).returncode
    wrong = 0
    print(f"{'reader':12} {'tried':>9} {'refused':>9}  findings ({share:.1f} minutes each)")
    for name, tried, refused, found in rows(home, names, codes):
        wrong += len(found)
        print(f"{name:12} {tried:9,} {refused:9,}  {'; '.join(found) or 'none'}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
