"""Landmark sets by name: made up here, or where they lie on this machine.

    signs = datasets.collect("synthetic", seed=1)
    signs = datasets.collect("mp543", path="")       # found below TEGASHIKI_DATA
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tegashiki.data.sets import data_root
from tegashiki.errors import TegashikiError
from tegashiki.signs import landmarks, synthetic

FOLDERS = {"mp543": "sign/mp543_hdf5", "ksl13": "sign/ksl13_hdf5", "gislr": "sign/gislr"}
SYNTHETIC = "synthetic"


def found(data: str, path: str = "") -> Path | None:
    """The folder of a set; None for what is made up. Raises TegashikiError if it is not here."""
    if data == SYNTHETIC:
        return None
    if path:
        return Path(path).expanduser()
    if data not in FOLDERS:
        raise TegashikiError(f"signs: no set is called {data!r}; there are {SYNTHETIC}, "
                             f"{', '.join(FOLDERS)}; or give a path")
    folder = data_root() / FOLDERS[data]
    if not folder.is_dir():
        raise TegashikiError(f"{folder}: {data} is not there; set TEGASHIKI_DATA, or give its path")
    return folder


def collect(data: str, path: str = "", seed: int = 0, signers: int = 8, repeats: int = 2,
            progress: Callable[[int, int, str], None] | None = None) -> landmarks.Signs:
    """The whole set. `signers` and `repeats` shape what is made up, from `seed`."""
    folder = found(data, path)
    if folder is None:
        return synthetic.made_up(np.random.default_rng(seed), signers, repeats)
    return landmarks.read(folder, progress)
