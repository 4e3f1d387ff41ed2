"""Checkpoints: everything that decides how a training goes on, in one .npz without pickle.

    save(path, learner, {"epoch": 3})
    state = load(path, learner)          # {"epoch": 3}; the learner goes on bit for bit

Inside: `v0000`, `v0001`, ... the learner's variables (weights, the random state of dropout),
`o0000`, ... the optimiser's (moments, step, moving average), and `state`, JSON as text.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

import keras
import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.storage import guard

VERSION = 1


def save(path: Path, learner: keras.Model, state: dict) -> None:
    """Write to a temporary name and move: a kill leaves the former checkpoint, never half a one."""
    arrays = {f"v{i:04}": value for i, value in enumerate(values(learner.variables))}
    arrays |= {f"o{i:04}": value for i, value in enumerate(values(learner.optimizer.variables))}
    arrays["state"] = np.array(json.dumps({"VERSION": VERSION, **state}))
    write_arrays(path, arrays)


def load(path: Path, learner: keras.Model) -> dict:
    """Put a checkpoint into a built learner and return its state.

    Raises TegashikiError if the file is no checkpoint or belongs to another network.
    """
    try:
        stored = read_arrays(path)
        state = json.loads(str(stored.pop("state")))
    except (ValueError, KeyError) as error:
        raise TegashikiError(f"{path}: not a checkpoint ({error}); "
                             "train again without it") from None
    if state.pop("VERSION", None) != VERSION:
        raise TegashikiError(f"{path}: a checkpoint of another VERSION; this code reads {VERSION}")
    variables = {f"v{i:04}": v for i, v in enumerate(learner.variables)}
    variables |= {f"o{i:04}": v for i, v in enumerate(learner.optimizer.variables)}
    shapes = {name: tuple(v.shape) for name, v in variables.items()}
    if shapes != {name: a.shape for name, a in stored.items()}:
        raise TegashikiError(f"{path}: made by another network or configuration; train again")
    for name, variable in variables.items():
        variable.assign(stored[name])
    return state


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """All arrays of an .npz, in memory; ValueError if it is none, or not whole."""
    try:
        # Opened here: np.load leaves a file that is no zip open when it raises.
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (*guard.DAMAGED, AttributeError) as error:
        raise ValueError(str(error)) from None


def values(variables: Iterable[keras.Variable]) -> list[np.ndarray]:
    """Copies of what the variables hold now, on any backend."""
    return [np.asarray(variable).copy() for variable in variables]


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """np.savez to a temporary name in the same folder, then os.replace."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
