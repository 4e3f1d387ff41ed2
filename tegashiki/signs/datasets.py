"""Landmark sets by name: made up here, or where they lie on this machine.

    signs = datasets.collect("synthetic", seed=1)
    signs = datasets.collect("mp543-104")         # found below TEGASHIKI_DATA
    for folder in datasets.folders("mp543-104"):
        run.data(folder)
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from tegashiki.data.sets import data_root
from tegashiki.errors import TegashikiError
from tegashiki.signs import landmarks, synthetic

FOLDERS = {"mp543": "sign/mp543_hdf5", "mp543-more": "sign/mp543_more", "ksl13": "sign/ksl13_hdf5",
           "gislr": "sign/gislr"}
# Sets of several folders. All 104 people of mp543, the first 25 and 79 more.
UNIONS = {"mp543-104": ("mp543", "mp543-more")}
SYNTHETIC = "synthetic"
# "130_extra" are more words of person 130, in a file of its own.
_EXTRA = "_extra"


def found(data: str, path: str = "") -> Path | None:
    """The folder of a set; None for what is made up. Raises TegashikiError if it is not here."""
    if data == SYNTHETIC:
        return None
    if path:
        return Path(path).expanduser()
    if data not in FOLDERS:
        names = ", ".join((SYNTHETIC, *FOLDERS, *UNIONS))
        raise TegashikiError(f"signs: no folder is called {data!r}; there are {names} (a set of "
                             "several folders is taken by `folders`); or give a path")
    folder = data_root() / FOLDERS[data]
    if not folder.is_dir():
        raise TegashikiError(f"{folder}: {data} is not there; set TEGASHIKI_DATA, or give its path")
    return folder


def folders(data: str, path: str = "") -> list[Path]:
    """All folders of a set, none for what is made up. Raises TegashikiError if one is not here."""
    parts = [data] if path else UNIONS.get(data, (data,))
    return [folder for part in parts if (folder := found(part, path)) is not None]


def collect(data: str, path: str = "", seed: int = 0, signers: int = 8, repeats: int = 2,
            progress: Callable[[int, int, str], None] | None = None) -> landmarks.Signs:
    """The whole set. `signers` and `repeats` shape what is made up, from `seed`."""
    places = folders(data, path)
    if not places:
        return synthetic.made_up(np.random.default_rng(seed), signers, repeats)
    return joined([landmarks.read(place, progress) for place in places])


def joined(parts: list[landmarks.Signs]) -> landmarks.Signs:
    """Several sets of the same words as one, in their order.

    Raises TegashikiError where their words differ.
    """
    if any(part.words != parts[0].words for part in parts):
        raise TegashikiError("signs: the folders name different words, or in another order; "
                             f"make their {landmarks.WORDS} alike")
    sequences = [replace(s, signer=s.signer.removesuffix(_EXTRA))
                 for part in parts for s in part.sequences]
    return landmarks.Signs(sequences, parts[0].words, [s for p in parts for s in p.skipped])
