"""What the journal costs: `tegashiki ls` on 200 runs, and a run against plain papermill.

    python benchmarks/bench_journal.py

Both limits are a second. Everything is measured in one go and as the best of a few, so that ratios
mean something on a machine with other work.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tegashiki import journal  # noqa: E402

RUNS, ROUNDS = 200, 5
CELLS = [
    ("parameters", "seed = 1"),
    ("", "from tegashiki import journal\nrun = journal.begin('bench', 'step', seed=seed)"),
    ("", "for epoch in range(10):\n    run.metrics(epoch=epoch, loss=1 / (epoch + 1))"),
    ("", "run.result(loss=0.1)"),
    ("", "run.finish()"),
]
# For plain papermill: the same cells, with what they call put in their place.
LOOP = "for epoch in range(10):\n    pass"
PLAIN = [CELLS[0], ("", "pass"), ("", LOOP), ("", "pass"), ("", "pass")]
# The worker spares papermill an import of jsonschema's that takes two seconds. What the journal
# itself adds is the difference to a papermill that is spared it as well.
SPARED = "import sys; sys.modules['rfc3987_syntax'] = None; from papermill.cli import papermill"


def write(path: Path, cells: list[tuple[str, str]]) -> Path:
    made = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {"tags": [tag] if tag else []},
         "source": source, "outputs": [], "execution_count": None}
        for n, (tag, source) in enumerate(cells)
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4}
    path.write_text(json.dumps(content | {"nbformat_minor": 5}))
    return path


def seconds(command: list[str], cwd: Path) -> float:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TEGASHIKI_RUNS": str(cwd / "runs")}
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=cwd, env=environment)
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        folder = home / "bench"
        folder.mkdir()
        ours, plain = write(folder / "step.ipynb", CELLS), write(home / "plain.ipynb", PLAIN)
        run = [sys.executable, "-m", "tegashiki.cli", "run", str(ours)]
        what = [str(plain), "out.ipynb", "-k", "python3"]
        papermill = [sys.executable, "-m", "papermill", *what]
        spared = [sys.executable, "-c", f"{SPARED}; papermill()", *what]
        # In turns, so that other work on the machine meets all of them.
        rounds = [[seconds(c, home) for c in (run, papermill, spared)] for _ in range(ROUNDS)]
        journal_s, papermill_s, spared_s = (min(times) for times in zip(*rounds, strict=True))

        os.environ["TEGASHIKI_RUNS"] = str(home / "runs")
        os.chdir(home)
        with contextlib.redirect_stdout(io.StringIO()):
            for number in range(RUNS - ROUNDS):
                made = journal.begin("bench", f"step{number % 4}", seed=number)
                made.result(loss=1 / (number + 1), exact=0.5)
                made.finish()
        listing = min(
            seconds([sys.executable, "-m", "tegashiki.cli", "ls"], home) for _ in range(ROUNDS)
        )
        bare = min(seconds([sys.executable, "-c", "pass"], home) for _ in range(ROUNDS))

    added = journal_s - spared_s
    print(f"papermill                   {papermill_s:6.2f} s")
    print(f"papermill, import spared    {spared_s:6.2f} s   {spared_s / papermill_s:.2f} times")
    print(f"tegashiki run               {journal_s:6.2f} s   {journal_s / papermill_s:.2f} times")
    print(f"  the journal adds          {added:6.2f} s   to the spared one")
    print(f"python -c pass              {bare:6.3f} s")
    print(f"tegashiki ls, {RUNS} runs      {listing:6.3f} s   {listing / bare:.1f} times")
    if added > 1 or listing > 1:
        sys.exit("over a limit of one second")


if __name__ == "__main__":
    main()
