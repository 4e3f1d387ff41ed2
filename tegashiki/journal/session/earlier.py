"""A notebook that was opened alone and reads from an earlier step: that step can be made first.

    earlier.offer("ink2tex", "preprocess")      # True if it was made now

A person at a notebook is asked, and the notebook of the step is run as `tegashiki run` does. Where
nobody can be asked, or the notebook is not here, nothing happens.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import tegashiki
from tegashiki.journal.format import paths
from tegashiki.journal.session import frontend

_ASKED = ("colab", "jupyter")  # front ends with a person behind them


def offer(series: str, step: str) -> bool:
    """Ask whether to run the notebook of `step` now, and do so; whether it came out well."""
    notebook = find(series, step)
    if notebook is None or frontend.by() not in _ASKED:
        return False
    try:
        answer = input(f"There is no run of {step} here. Run {notebook.name} now? [y/n] ")
    except (EOFError, RuntimeError, NotImplementedError, OSError):  # nobody is there to answer
        return False
    if not answer.strip().lower().startswith("y"):
        return False
    print(command(notebook), flush=True)
    words = [sys.executable, "-m", "tegashiki.cli", "run", str(notebook)]
    done = subprocess.run(words, check=False)
    return done.returncode == 0


def find(series: str, step: str) -> Path | None:
    """The newest notebook of a step, in this checkout or the one that this package is from."""
    for home in (paths.checkout(), Path(tegashiki.__file__).parents[1]):
        if home is not None:
            known = sorted((home / "notebooks" / series).glob(f"*_{step}.ipynb"))
            if known:
                return known[-1]
    return None


def command(notebook: Path) -> str:
    """What a person types to run it."""
    return f"tegashiki run {paths.shown(notebook)}"
