"""SIGKILL at random moments of a series: what the archive says afterwards, every time.

    python benchmarks/faults.py [KILLS]           # default 50; about five seconds each

The victim is in turns the launcher, the executing process and the kernel. After each kill: no run
is `ok` unless its own files prove it, every run that had finished is still there and intact, and
the index can be rebuilt from the folders. A last run without a kill must be ok.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tegashiki.journal.archive import index, reader  # noqa: E402
from tegashiki.journal.format import layout, outcome  # noqa: E402

STEP = """
import time
for epoch in range(6):
    run.metrics(epoch=epoch, loss=1 / (epoch + 1))
    run.artifact("checkpoints/last.npz").write_bytes(bytes(200_000))
    time.sleep(0.1)
run.result(loss=0.1)
"""
VICTIMS = ("launcher", "executing process", "kernel")


def notebook(path: Path, step: str) -> None:
    """A step that writes all the time, so that every moment is a bad one to be killed at."""
    begin = f"from tegashiki import journal\nrun = journal.begin('chain', {step!r}, seed=seed)"
    sources = [("parameters", "seed = 1"), ("", begin), ("", STEP), ("", "run.finish()")]
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {"tags": [tag] if tag else []},
         "source": source, "outputs": [], "execution_count": None}
        for n, (tag, source) in enumerate(sources)
    ]  # fmt: skip
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content))


def joined(runs: Path) -> list[int]:
    """Pids of the executing process and its kernel, found by the folder that they joined."""
    mark = f"TEGASHIKI_RUN={runs}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return sorted(found)


def wrongs(runs: Path, finished: dict[str, str]) -> list[str]:
    """What no kill may do. `finished`: {run: its manifest's hash} of those that were ok before."""
    said = []
    for run in reader.runs(runs):
        if run.status == layout.RUNNING:
            said.append(f"{run.name} is shown as running")
        if run.status == layout.OK:
            word, why = outcome.judge(run.folder, run.outcome["exit_code"])
            if word != layout.OK or run.broken():
                said.append(f"{run.name} says ok, but {why or run.broken()}")
            finished.setdefault(run.id, run.outcome["manifest_sha256"])
    now = {run.id: run.outcome.get("manifest_sha256") for run in reader.runs(runs)}
    said += [f"run {id} was lost" for id, digest in finished.items() if now.get(id) != digest]
    index.rebuild(runs)
    if (runs / index.NAME).read_text() != index.text(runs):
        said.append("the index differs from the folders")
    return said


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as name:
        home, runs = Path(name), Path(name) / "runs"
        chain = home / "chain"
        chain.mkdir()
        for number, step in enumerate(("first", "second"), 1):
            notebook(chain / f"2026-01-01_0{number}_{step}.ipynb", step)
        (chain / "series.toml").write_text(
            'steps = ["2026-01-01_01_first", "2026-01-01_02_second"]'
        )
        environment = os.environ | {"TEGASHIKI_RUNS": str(runs), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tegashiki.cli", "run", str(chain), "--summary"]
        started = time.monotonic()
        subprocess.run(command, env=environment, cwd=home, check=True, capture_output=True)
        whole = time.monotonic() - started
        finished: dict[str, str] = {}
        counted: Counter = Counter()
        bad = wrongs(runs, finished)
        for number in range(kills):
            process = subprocess.Popen(
                command, env=environment, cwd=home, start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            time.sleep(rng.uniform(0, 0.9 * whole))
            victim = VICTIMS[number % 3]
            children = joined(runs)
            pid = process.pid
            if victim == "executing process" and children:
                pid = children[0]
            elif victim == "kernel" and len(children) > 1:
                pid = children[1]
            else:
                victim = "launcher"  # the others are not there yet, or not any more
            hit = process.poll() is None
            if hit:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
            until = time.monotonic() + 10
            while joined(runs) and time.monotonic() < until:
                time.sleep(0.05)
            if joined(runs):
                bad.append(f"kill {number}: processes were left behind")
            counted[victim if hit else "too late, it had ended"] += 1
            bad += [f"kill {number} of the {victim}: {what}" for what in wrongs(runs, finished)]
        done = subprocess.run(command, env=environment, cwd=home, check=False, capture_output=True)
        bad += wrongs(runs, finished) + (["the last run failed"] if done.returncode else [])
        statuses = Counter(run.status for run in reader.runs(runs))
    print(f"{kills} kills over {whole:.1f} s: {dict(counted)}")
    print(f"{sum(statuses.values())} runs: {dict(statuses)}")
    for line in bad:
        print(line)
    print("no run is ok that was not, none was lost" if not bad else f"{len(bad)} wrongs")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
