"""A notebook that was opened alone and reads from an earlier step: that step can be made first.

    earlier.offer("ink2tex", "preprocess")      # True if it was made now

A person at a notebook is asked, and the notebook of the step is run as `tegashiki run` does; where
the package was installed from git without its notebooks (Colab), they are fetched at that commit
first. Where nobody can be asked, or nothing is known of notebooks, nothing happens.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import tegashiki
from tegashiki.journal.format import paths
from tegashiki.journal.session import frontend, git, provenance

_ASKED = ("colab", "jupyter")  # front ends with a person behind them


def offer(series: str, step: str) -> bool:
    """Ask whether to run the notebook of `step` now, and do so; whether it came out well."""
    notebook, origin = find(series, step), provenance.installed_from()
    if (notebook is None and origin is None) or frontend.by() not in _ASKED:
        return False
    what = f"Run {notebook.name}" if notebook else f"Fetch its notebook from {origin[0]} and run it"
    try:
        answer = input(f"There is no run of {step} here. {what} now? [y/n] ")
    except (EOFError, RuntimeError, NotImplementedError, OSError):  # nobody is there to answer
        return False
    if not answer.strip().lower().startswith("y"):
        return False
    if notebook is None:
        notebook = _newest(fetched(*origin), series, step)
        if notebook is None:
            print(f"{origin[0]} has no notebook of {step} at {origin[1][:12]}", flush=True)
            return False
    print(command(notebook), flush=True)
    words = [sys.executable, "-m", "tegashiki.cli", "run", str(notebook)]
    settings = os.environ | {paths.RUNS: str(paths.runs_root())}     # not into what was fetched
    return subprocess.run(words, check=False, env=settings).returncode == 0


def find(series: str, step: str) -> Path | None:
    """The newest notebook of a step, in this checkout or the one that this package is from."""
    for home in (paths.checkout(), Path(tegashiki.__file__).parents[1]):
        if home is not None and (found := _newest(home, series, step)):
            return found
    return None


def fetched(address: str, commit: str) -> Path:
    """The repository's notebooks as they are at a commit, kept in the user's cache folder."""
    import platformdirs

    home = platformdirs.user_cache_path("tegashiki") / f"notebooks-{commit[:16]}"
    if not (home / "notebooks").is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(home, ignore_errors=True)
        git.ask(home.parent, "clone", "--quiet", "--no-checkout", "--filter=blob:none", "--",
                address, str(home))  # fmt: skip
        git.ask(home, "checkout", "--quiet", commit, "--", "notebooks", "pyproject.toml")
    return home


def _newest(home: Path, series: str, step: str) -> Path | None:
    return max((home / "notebooks" / series).glob(f"*_{step}.ipynb"), default=None)


def command(notebook: Path) -> str:
    """What a person types to run it."""
    return f"tegashiki run {paths.shown(notebook)}"
