"""Where things are: the checkout around a file, and the archive of runs.

    paths.checkout(Path("notebooks/ink2tex/2026-11-20_03_train.ipynb"))
    paths.runs_root()
"""

from __future__ import annotations

import os
from pathlib import Path

RUNS = "TEGASHIKI_RUNS"  # environment: the archive, if it is not <checkout>/runs
DATA = "TEGASHIKI_DATA"  # environment: the folder of public sets
JOIN = "TEGASHIKI_RUN"  # environment: the run's folder that a notebook's kernel joins


def checkout(start: Path | None = None) -> Path | None:
    """The nearest folder at or above `start` with a `.git` or a pyproject.toml, or None."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or (folder / "pyproject.toml").is_file():
            return folder
    return None


def runs_root(start: Path | None = None) -> Path:
    """The archive: $TEGASHIKI_RUNS, else runs/ of the checkout around `start`, else ./runs."""
    if chosen := os.environ.get(RUNS):
        return Path(chosen).expanduser().resolve()
    return (checkout(start) or Path.cwd()) / "runs"


def data_root(home: Path | None = None) -> Path | None:
    """The folder of public sets: $TEGASHIKI_DATA, else ../shared/data beside the checkout."""
    if chosen := os.environ.get(DATA):
        return Path(chosen).expanduser().resolve()
    home = home or checkout()
    beside = home.parent / "shared" / "data" if home is not None else None
    return beside if beside is not None and beside.is_dir() else None


def located(place: str, home: Path | None) -> Path | None:
    """Where data is on this machine that `portable` called `place`; None where it cannot be."""
    if place.startswith(f"${DATA}/"):
        root = data_root(home)
        return root / place.partition("/")[2] if root else None
    return (home or Path.cwd()) / place


def portable(path: Path) -> str:
    """A data path as it may be published, and found again on another machine.

    Below the folder of public sets; or relative to the checkout, in or beside it; else its name.
    """
    path = path.resolve()
    home = checkout()
    root = data_root(home)
    if root is not None and path.is_relative_to(root):
        return f"${DATA}/{path.relative_to(root).as_posix()}"
    if home is not None and path.is_relative_to(home.parent) and home.parent != home.parent.parent:
        return Path(os.path.relpath(path, home)).as_posix()
    return path.name


def shown(path: Path) -> str:
    """A path as a person would type it from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
