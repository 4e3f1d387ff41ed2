"""Landmarks of a body over time: what a sequence is, and how sets of them are read.

    from tegashiki.signs import landmarks
    signs = landmarks.read("mp543_hdf5")
    signs.sequences[0].points.shape, signs.words[signs.sequences[0].label], signs.skipped

THE format: `points` float32 (T, 543, 3): frames, landmarks, x y z. x counts image widths, y image
heights and grows downwards, z is relative depth at x's scale; NaN where tracking failed. Landmarks
stand as in GISLR ("Google - Isolated Sign Language Recognition"): face 0-467, left hand 468-488,
pose 489-521, right hand 522-542. Read are

- HDF5, one file a signer, /<sequence id>/feature float32 (3, T, 543) and /token int64 (1,), with
  `sign_to_prediction_index_map.json` ({word: token}) beside the files;
- Kaggle's own layout, `train.csv` (path, participant_id, sequence_id, sign) and parquet files with
  columns frame, row_id, type, landmark_index, x, y, z. This needs pyarrow.

One sequence that is no good is left out and named in `skipped`, with what is wrong with it.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tegashiki.errors import TegashikiError

LANDMARKS = 543
FACE, LEFT_HAND = slice(0, 468), slice(468, 489)
POSE, RIGHT_HAND = slice(489, 522), slice(522, 543)
LONGEST = 1000          # frames: more than half a minute is no single word
FARTHEST = 100.0        # image widths: a coordinate beyond is a broken number
WORDS = "sign_to_prediction_index_map.json"
_KAGGLE_TYPES = {"face": FACE, "left_hand": LEFT_HAND, "pose": POSE, "right_hand": RIGHT_HAND}


@dataclass(frozen=True)
class Sequence:
    """One word, signed once. `points`: float32 (T, 543, 3), NaN where not tracked."""

    id: str
    signer: str
    label: int                      # index into the set's words
    points: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Skipped:
    """What was left out, and why."""

    place: str                      # file, and the sequence in it
    reason: str


@dataclass(frozen=True)
class Signs:
    """A set of sequences, the words that their labels stand for, and what was left out."""

    sequences: list[Sequence]
    words: tuple[str, ...]
    skipped: list[Skipped]

    def labels(self) -> np.ndarray:
        """int64 (n,)."""
        return np.array([s.label for s in self.sequences], np.int64)

    def signers(self) -> np.ndarray:
        """Strings (n,)."""
        return np.array([s.signer for s in self.sequences], dtype=str)


class BadSequenceError(TegashikiError):
    """A sequence that cannot be used; the message is the reason."""


def read(path: str | Path, progress: Callable[[int, int, str], None] | None = None) -> Signs:
    """All sequences of a folder or of one HDF5 file, in the order of files and ids.

    Raises TegashikiError if nothing there can be read, or not even one sequence is good.
    """
    path = Path(path).expanduser()
    files = _hdf5_files(path)
    folder = path if path.is_dir() else path.parent
    if not files and not (folder / "train.csv").is_file():
        raise TegashikiError(f"{path}: no *.hdf5 and no train.csv; give a folder with one HDF5 "
                             "file a signer, or with Kaggle's train.csv")
    words = _words(folder, required=bool(files))
    source = _hdf5(files, progress) if files else _kaggle(folder, words, progress)
    sequences, skipped = [], []
    for place, id, signer, load in source:
        try:
            points, label = load()
            points = checked(points)
            if words and not 0 <= label < len(words):
                raise BadSequenceError(f"unknown label {label}; {WORDS} names 0 to "
                                       f"{len(words) - 1}")
        except BadSequenceError as error:
            skipped.append(Skipped(place, str(error)))
            continue
        sequences.append(Sequence(id, signer, label, points))
    if not sequences:
        why = f"; the first: {skipped[0].place}: {skipped[0].reason}" if skipped else ""
        raise TegashikiError(f"{path}: not one good sequence among {len(skipped)}{why}")
    return Signs(sequences, words, skipped)


def checked(points: np.ndarray) -> np.ndarray:
    """`points` as float32 if they can be used; raises BadSequenceError that says why not."""
    if points.ndim != 3 or points.shape[1:] != (LANDMARKS, 3):
        raise BadSequenceError(f"frames, landmarks, coordinates are {points.shape}; wanted are "
                               f"(T, {LANDMARKS}, 3)")
    if not 0 < len(points) <= LONGEST:
        raise BadSequenceError(f"{len(points)} frames; wanted are 1 to {LONGEST}")
    if not np.issubdtype(points.dtype, np.floating):
        raise BadSequenceError(f"numbers of type {points.dtype}; wanted are floats")
    points = points.astype(np.float32)
    if np.isinf(points).any() or np.nanmax(np.abs(points), initial=0) > FARTHEST:
        raise BadSequenceError(f"a coordinate beyond {FARTHEST:g}")
    if not np.isfinite(points[:, LEFT_HAND.start:, :2]).any():
        raise BadSequenceError("nothing of hands and body was tracked in any frame")
    return points


# What the readers yield: place, id, signer and a function that loads points (T, J, C) and label.
_Source = Iterator[tuple[str, str, str, Callable[[], tuple[np.ndarray, int]]]]


def _hdf5_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(f for f in path.iterdir() if f.suffix in (".hdf5", ".h5"))
    if not path.is_file():
        raise TegashikiError(f"{path}: no such file or folder")
    return [path] if path.suffix in (".hdf5", ".h5") else []


def _words(folder: Path, required: bool) -> tuple[str, ...]:
    """Words in the order of their tokens; () where there is no list and none is required."""
    file = folder / WORDS
    if not file.is_file():
        if required:
            raise TegashikiError(f"{file}: missing; it names the words, {{word: token}}")
        return ()
    try:
        tokens = json.loads(file.read_text(encoding="utf-8"))
        words = sorted(tokens, key=tokens.get)
        if [tokens[w] for w in words] != list(range(len(words))):
            raise ValueError("tokens are not 0, 1, 2, ...")
    except (ValueError, TypeError, AttributeError) as error:
        raise TegashikiError(f"{file}: not a list of words ({error})") from None
    return tuple(words)


def _hdf5(files: list[Path], progress: Callable[[int, int, str], None] | None) -> _Source:
    import h5py

    for number, file in enumerate(files):
        if progress is not None:
            progress(number, len(files), file.name)
        try:
            opened = h5py.File(file, "r")
            ids = sorted(opened)
        except (OSError, RuntimeError, ValueError, TypeError) as error:
            reason = f"no HDF5, or broken ({error}); copy the file again"

            def refuse(reason: str = reason) -> tuple[np.ndarray, int]:
                raise BadSequenceError(reason)

            yield file.name, file.stem, file.stem, refuse
            continue
        with opened:
            for id in ids:
                def load(opened: object = opened, id: str = id) -> tuple[np.ndarray, int]:
                    try:
                        return _sample(opened[id])
                    except (OSError, KeyError, RuntimeError, ValueError) as error:  # damage
                        raise BadSequenceError(f"cannot be read ({error})") from None

                yield f"{file.name}: /{id}", f"{file.stem}/{id}", file.stem, load


def _sample(group: object) -> tuple[np.ndarray, int]:
    import h5py

    for name in ("feature", "token"):
        if not isinstance(group, h5py.Group) or not isinstance(group.get(name), h5py.Dataset):
            raise BadSequenceError(f"no {name} in it")
    # Shapes first: a file that claims a billion frames is refused before it is read.
    shape = group["feature"].shape
    if len(shape) != 3 or shape[0] != 3 or shape[2] != LANDMARKS:
        raise BadSequenceError(f"feature is {shape}; wanted is (3, T, {LANDMARKS})")
    if not 0 < shape[1] <= LONGEST:
        raise BadSequenceError(f"{shape[1]} frames; wanted are 1 to {LONGEST}")
    if group["token"].size != 1:
        raise BadSequenceError(f"token is {group['token'].shape}; wanted is one integer")
    feature, token = group["feature"][()], np.asarray(group["token"][()]).reshape(-1)
    if not np.issubdtype(token.dtype, np.integer):
        raise BadSequenceError(f"token is {token.dtype}; wanted is one integer")
    return feature.transpose(1, 2, 0), int(token[0])


def _kaggle(folder: Path, words: tuple[str, ...],
            progress: Callable[[int, int, str], None] | None) -> _Source:
    try:
        import pyarrow.parquet
    except ImportError:
        raise TegashikiError(f"{folder}: parquet files need pyarrow, which is not installed; "
                             "pip install pyarrow, or convert them to HDF5") from None
    with open(folder / "train.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and not {"path", "participant_id", "sequence_id", "sign"} <= rows[0].keys():
        raise TegashikiError(f"{folder}/train.csv: wanted are the columns path, participant_id, "
                             "sequence_id, sign")
    if not words:
        raise TegashikiError(f"{folder / WORDS}: missing; it names the words, {{word: token}}")
    for number, row in enumerate(rows):
        if progress is not None:
            progress(number, len(rows), row["path"])

        def load(row: dict = row) -> tuple[np.ndarray, int]:
            if row["sign"] not in words:
                raise BadSequenceError(f"unknown label {row['sign']!r}")
            file = (folder / row["path"]).resolve()
            if not file.is_relative_to(folder.resolve()):
                raise BadSequenceError("its path leaves the folder")
            try:
                table = pyarrow.parquet.read_table(file).to_pydict()
            except (OSError, pyarrow.lib.ArrowException) as error:
                raise BadSequenceError(f"no parquet ({error})") from None
            return from_columns(table), words.index(row["sign"])

        yield row["path"], row["sequence_id"], row["participant_id"], load


def from_columns(table: dict[str, list]) -> np.ndarray:
    """Points float32 (T, 543, 3) from Kaggle's long table: one row a frame and landmark.

    Raises BadSequenceError if columns are missing or a landmark is unknown.
    """
    if missing := {"frame", "type", "landmark_index", "x", "y", "z"} - table.keys():
        raise BadSequenceError(f"columns missing: {', '.join(sorted(missing))}")
    frames, rows = np.unique(np.asarray(table["frame"]), return_inverse=True)
    if unknown := set(table["type"]) - _KAGGLE_TYPES.keys():
        raise BadSequenceError(f"unknown landmark type {min(unknown)!r}")
    starts = {name: part.start for name, part in _KAGGLE_TYPES.items()}
    columns = np.array([starts[t] for t in table["type"]]) + np.asarray(table["landmark_index"])
    if not ((columns >= 0) & (columns < LANDMARKS)).all():
        raise BadSequenceError("a landmark_index out of range")
    points = np.full((len(frames), LANDMARKS, 3), np.nan, np.float32)
    for axis, name in enumerate("xyz"):
        points[rows, columns, axis] = np.array(table[name], np.float32)    # None becomes NaN
    return points
