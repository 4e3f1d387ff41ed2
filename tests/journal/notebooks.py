"""Tiny real notebooks, and the command line as a person calls it, for the journal's tests.

    path = write(tmp_path / "tiny", "2026-01-01_01_step", [PARAMETERS, BEGIN, FINISH])
    done = tegashiki("run", path, runs=tmp_path / "runs")
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
from nbformat import v4

from tegashiki.journal.archive import reader
from tegashiki.journal.format import folder, manifest
from tegashiki.journal.format import notebook as executed

CHECKOUT = Path(__file__).resolve().parents[2]
STARTED: list[subprocess.Popen] = []  # by `start`; tests/conftest.py ends them

PARAMETERS = ("parameters", "epochs = 2  #@param {type: 'integer'}\nrate = 0.5\nseed = 7")


def begin(step="step", series="tiny", values="epochs=epochs, rate=rate, seed=seed"):
    return (
        f"from tegashiki import journal\nrun = journal.begin({series!r}, {step!r}, {values})"
    ).replace(", )", ")")


BEGIN = begin()
FINISH = "run.finish()"
# For runs that a test ends from outside: says that it is there, then waits to be killed.
HANG = "import time\nprint('waiting', flush=True)\ntime.sleep(60)"


def write(home, name, cells):
    """A notebook of code cells: sources, or (tag, source); kernelspec of no machine."""
    home.mkdir(parents=True, exist_ok=True)
    made = []
    for number, cell in enumerate(cells):
        tag, source = cell if isinstance(cell, tuple) else (None, cell)
        made.append(
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {"tags": [tag] if tag else []},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
        )
    content = {
        "cells": made,
        "metadata": {"kernelspec": {"name": "nowhere", "display_name": "", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = home / f"{name}.ipynb"
    path.write_text(json.dumps(content))
    return path


def environment(runs):
    return os.environ | {
        "TEGASHIKI_RUNS": str(runs),
        "PYTHONPATH": os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")]),
    }


def command(*arguments):
    return [sys.executable, "-m", "tegashiki.cli", *map(str, arguments)]


def tegashiki(*arguments, runs, cwd=None, timeout=150, **options):
    """Run `tegashiki ...` to its end."""
    return subprocess.run(
        command(*arguments),
        env=environment(runs),
        cwd=cwd or CHECKOUT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        **options,
    )


def start(*arguments, runs):
    """Start `tegashiki ...` in a process group of its own, as a shell does; the test is its end."""
    process = subprocess.Popen(
        command(*arguments),
        env=environment(runs),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    STARTED.append(process)
    return process


def wait_for(fact, seconds=60):
    """Wait until `fact()` is true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := fact():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {fact}")


def waiting(runs):
    """The pid of the kernel that hangs in HANG, once it does; the folder's log says so."""

    def hangs():
        logs = list(runs.glob("*/*/log.txt"))
        return logs and "waiting" in logs[0].read_text() and only(runs)

    return wait_for(hangs)


def only(runs):
    """The one run of an archive."""
    found = reader.runs(runs)
    assert len(found) == 1, [run.name for run in found]
    return found[0]


def archived(runs, series, step, parameters, upstream=(), profile="quick", status="ok"):
    """A sealed run as the launcher leaves it, without running anything."""
    record = folder.record(series, step, "tegashiki", parameters)
    read = [
        {"step": run.step, "series": run.series, "id": run.id, "asked": "latest",
         "manifest_sha256": run.outcome["manifest_sha256"]}
        for run in upstream
    ]  # fmt: skip
    record |= {"profile": profile, "upstream": read, "began": True, "finished": True}
    path, state = folder.create(runs, record, "launcher", executed.text(v4.new_notebook()), b"")
    state.close(status, exit_code=0, manifest_sha256=manifest.write(path))
    return reader.ArchivedRun(path)


def notebook(run):
    """The cells of a run's executed notebook."""
    return executed.read(run.folder / "notebook.ipynb").cells


def alive(pid):
    try:
        return psutil.Process(int(pid)).status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.Error:
        return False


def kernels(path):
    """Pids of processes that joined the run in `path`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("TEGASHIKI_RUN") == str(path) and alive(process.pid):
                found.append(process.pid)
    return found


def kill(pid, number=signal.SIGKILL):
    os.kill(pid, number)
