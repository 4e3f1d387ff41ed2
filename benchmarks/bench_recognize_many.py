"""How many expressions a second and core `recognize --out` does, and whether its memory is flat.

    python benchmarks/bench_recognize_many.py [--count 10000] [--set crohme] [--workers 1]

The inks of a set again and again under new names, from a zip as a user would give it, through the
same door as the command. Counted is processor time of this process and its workers, so that what
else the machine does matters little; the rate on the wall is told beside it. Ends with 1 if the
rate is under the target or the memory of the second half is more than 5 % above the first's.
`--shorter` takes the shorter half of the inks: a long run for the memory, whose rate says nothing.
"""

import argparse
import itertools
import random
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tegashiki.data import sets  # noqa: E402
from tegashiki.decoding.answer_file import AnswerFile  # noqa: E402
from tegashiki.decoding.many import Asked, answers  # noqa: E402
from tegashiki.decoding.released import model_folder  # noqa: E402
from tegashiki.storage.archives import iterate  # noqa: E402

TARGET = 150      # expressions a second of processor time
GROWTH = 1.05     # of memory between the halves


def repeated(source: Path, part: str, count: int, target: Path, shorter: bool) -> None:
    """A zip of `count` inks: those of the set whose names hold `part`, again and again."""
    inks = [data for name, data in iterate(source, ".inkml") if part in name]
    if shorter:
        inks = sorted(inks, key=len)[:len(inks) // 2]
    random.Random(0).shuffle(inks)       # sources differ in length: every stretch is a fair sample
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for number, data in zip(range(count), itertools.cycle(inks)):
            file.writestr(f"{number:07}.inkml", data)


def used(process: psutil.Process) -> tuple[float, float]:
    """Processor seconds and MB of a process and its children so far."""
    family = [process, *process.children(recursive=True)]
    times = [member.cpu_times() for member in family]
    return (sum(t.user + t.system for t in times),
            sum(member.memory_info().rss for member in family) / 2**20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--set", default="crohme", help="crohme (train) or mathwriting (excerpt)")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--shorter", action="store_true", help="the shorter half of them only")
    args = parser.parse_args()
    part = "/train/" if args.set == "crohme" else ""
    with tempfile.TemporaryDirectory() as home:
        archive = Path(home, "inks.zip")
        repeated(sets.find(args.set), part, args.count, archive, args.shorter)
        asked = Asked.of(model_folder(None), None, top=5)
        process, marks = psutil.Process(), []
        start_cpu, _ = used(process)
        began, told = time.monotonic(), 0
        with AnswerFile(Path(home, "answers.tsv"), asked) as out:
            for rows in answers(asked, archive, out.lacks, args.workers):
                out.write(rows)
                if out.rows - told >= args.count / 20:
                    told = out.rows
                    cpu, memory = used(process)
                    marks.append(memory)
                    print(f"{out.rows:8} rows {out.rows / (cpu - start_cpu):6.1f} a CPU second "
                          f"{out.rows / (time.monotonic() - began):6.1f} a second "
                          f"{memory:6.0f} MB", flush=True)
            rate = out.rows / (cpu - start_cpu)
            bad = out.bad
    half = len(marks) // 2
    growth = max(marks[half:]) / max(marks[1:half])
    print(f"{args.set}, {args.workers} workers: {rate:.0f} expressions a core and second "
          f"(target {TARGET}), {bad} bad, memory grew {growth:.3f}-fold (limit {GROWTH})")
    return int((rate < TARGET and not args.shorter) or growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
