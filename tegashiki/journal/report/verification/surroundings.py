"""How today's machine and environment differ from a run's, in words; and the run's own put back.

    surroundings.differing(run, checkout)        # ["cores 4 then, 2 now"]
    surroundings.settings(run), surroundings.pin(run)

What decides the last digits of a training: versions, the instructions of the processor (libraries
choose their kernels by them), and how many threads share a sum.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import paths
from tegashiki.journal.session import environment

_SHOWN = 5  # packages that a sentence names
_OURS = "tegashiki"  # installed from the tree itself, so its version is that of the code
# How many threads each library starts where nobody says it: as many as there are cores.
_THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS", "NPROC")  # fmt: skip


def differing(run: ArchivedRun, checkout: Path | None) -> list[str]:
    """One line for each thing that is another today. Packages that came since are none."""
    then, now = run.record["environment"] or {}, environment.environment(checkout)
    device, here = run.record["device"] or {}, environment.device()
    found = [f"python {then.get('python')} then, {now['python']} now"] if (
        then.get("python") != now["python"]) else []  # fmt: skip
    before, after = then.get("packages") or {}, now["packages"]
    names = [n for n in sorted(before) if n != _OURS and before[n] != after.get(n)]
    found += [f"package {n} {before[n]} then, {after.get(n)} now" for n in names[:_SHOWN]]
    if len(names) > _SHOWN:
        found.append(f"packages: {len(names) - _SHOWN} more differ")
    if device.get("processor") != here["processor"]:
        found.append(f"processor {device.get('processor')} then, {here['processor']} now")
    for name in ("model", "instructions"):  # records of VERSION 1 do not say them
        if name in device and device[name] != here[name]:
            found.append(f"processor's {name} {device[name]} then, {here[name]} now")
    if (device.get("cores") or 0) > here["cores"]:
        found.append(f"cores {device.get('cores')} then, {here['cores']} now")
    if device.get("accelerators"):
        found.append(f"accelerators {', '.join(device['accelerators'])} then")
    return found


def unknown(run: ArchivedRun) -> str:
    """What the record of a drifted run of VERSION 1 leaves open: libraries choose kernels by it."""
    here = environment.device()
    return (f"processor: the record says only {(run.record['device'] or {}).get('processor')}, not "
            f"its model and instructions; here it is {here['model']} with "
            f"{', '.join(here['instructions']) or 'none known'}")  # fmt: skip


def hurried(run: ArchivedRun) -> list[str]:
    """Parameters of a drifted run that say how long it works: a quicker machine does more."""
    return [f"{name}: it was given {value:g}, and how much it does in that time is the machine's "
            "and the hour's" for name, value in run.record["parameters"].items()
            if {"seconds", "minutes", "hours"} & set(name.split("_"))
            and isinstance(value, int | float) and value > 0]  # fmt: skip


def settings(run: ArchivedRun, home: Path | None) -> dict[str, str]:
    """The environment of the run: its own settings, none of ours, its sets where ours are.

    A setting that the run did not have is taken out. Where we have fewer cores than it had, the
    libraries are told to share their sums among as many threads all the same.
    """
    then = (run.record["environment"] or {}).get("settings", {})
    ours = {*environment.SETTINGS, *_THREADS, paths.JOIN, paths.RUNS}
    found = {name: value for name, value in os.environ.items() if name not in ours}
    cores = (run.record["device"] or {}).get("cores") or 0
    if cores > environment.usable_cores():
        found |= dict.fromkeys(_THREADS, str(cores))
    if root := paths.data_root(home):
        found[paths.DATA] = str(root)
    return found | then


def pin(run: ArchivedRun) -> Callable[[], Any] | None:
    """What a process calls before it starts, to have as many cores as the run had; None: all."""
    cores = (run.record["device"] or {}).get("cores") or 0
    if not hasattr(os, "sched_setaffinity") or not 0 < cores < environment.usable_cores():
        return None
    chosen = sorted(os.sched_getaffinity(0))[:cores]
    return lambda: os.sched_setaffinity(0, chosen)
