"""A set of examples in one file: an .npz of ragged arrays with a manifest, in memory in a moment.

    from tegashiki.data import bundle
    bundle.write("train.npz", examples, {"source": "CROHME train"})
    train = bundle.read("train.npz"); print(len(train), train[0].tokens)

The format, VERSION 1. For N expressions with S strokes, P points and T tokens in all:

    points           float32 (P, 2)   every point, in the unit of the ink (see ink/format.py)
    stroke_ends      int64 (S,)       stroke s is points[stroke_ends[s-1] : stroke_ends[s]]
    expression_ends  int64 (N,)       expression n has strokes expression_ends[n-1] : [n]
    tokens           int16 (T,)       ids in the manifest's vocabulary
    token_ends       int64 (N,)       expression n has tokens token_ends[n-1] : token_ends[n]
    alignment        int16 (S,)       which token of its expression a stroke writes, -1 unknown
    ids, writers     uint8 (...)      N names each, UTF-8, one a line
    manifest         uint8 (...)      UTF-8 JSON: version, vocabulary, sha256, user (what write got)

Kept are strokes, tokens, alignment, id and writer; time, raw truth and MathML stay at the source.
Nothing is pickled, and reading refuses what is. The sha256 covers everything but itself:
two bundles with the same content have the same one, and a damaged file does not pass.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.storage import guard
from tegashiki.tex.tokens import Vocabulary

VERSION = 1
_ARRAYS = {  # name -> dtype and number of dimensions
    "points": (np.float32, 2),
    "stroke_ends": (np.int64, 1),
    "expression_ends": (np.int64, 1),
    "tokens": (np.int16, 1),
    "token_ends": (np.int64, 1),
    "alignment": (np.int16, 1),
    "ids": (np.uint8, 1),
    "writers": (np.uint8, 1),
}


@dataclass(frozen=True, eq=False)
class Bundle:
    """Examples as ragged arrays, see the module; `bundle[i]` gives one back as an Example."""

    points: np.ndarray            # float32 (P, 2)
    stroke_ends: np.ndarray       # int64 (S,)
    expression_ends: np.ndarray   # int64 (N,)
    tokens: np.ndarray            # int16 (T,)
    token_ends: np.ndarray        # int64 (N,)
    alignment: np.ndarray         # int16 (S,)
    ids: tuple[str, ...]          # N
    writers: tuple[str, ...]      # N, "" where unknown
    vocabulary: tuple[str, ...]   # id -> token
    manifest: dict[str, Any]      # what the writer said about the set
    sha256: str                   # of all of the above

    def __len__(self) -> int:
        return len(self.expression_ends)

    def __iter__(self) -> Iterator[Example]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: int) -> Example:
        """Expression `index` (negative counts from the end); its strokes are views, not copies."""
        n = range(len(self))[index]
        first, last = self._stroke_starts[n], self.expression_ends[n]
        starts, ends = self._point_starts[first:last], self.stroke_ends[first:last]
        tokens = self.tokens[self._token_starts[n] : self.token_ends[n]]
        return Example(
            ink=Ink(
                strokes=tuple(self.points[a:b] for a, b in zip(starts, ends, strict=True)),
                id=self.ids[n],
                writer=self.writers[n],
            ),
            tokens=tuple(self.vocabulary[t] for t in tokens),
            alignment=self.alignment[first:last],
        )

    @cached_property
    def _stroke_starts(self) -> np.ndarray:
        return _starts(self.expression_ends)

    @cached_property
    def _point_starts(self) -> np.ndarray:
        return _starts(self.stroke_ends)

    @cached_property
    def _token_starts(self) -> np.ndarray:
        return _starts(self.token_ends)


def write(
    path: str | Path,
    examples: Sequence[Example],
    manifest: dict[str, Any],
    vocabulary: Vocabulary | None = None,
) -> str:
    """Writes the examples and returns the bundle's sha256; `manifest` is anything JSON can hold.

    The token ids are those of `vocabulary`, by default the project's own. Raises TegashikiError for
    a token it does not know, for an alignment that does not fit, and when the disk is full; then no
    file is left behind, and an older one of that name stays as it was.
    """
    path = Path(path)
    vocabulary = vocabulary or Vocabulary.load()
    names = vocabulary.tokens
    arrays = _pack(examples, vocabulary)
    _check(arrays, len(names), str(path))
    head = {"version": VERSION, "vocabulary": names, "user": manifest}
    head["sha256"] = _digest(arrays, head)
    arrays["manifest"] = _bytes(json.dumps(head, ensure_ascii=False, sort_keys=True))
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with open(partial, "wb") as file:
            np.savez(file, **arrays)
        os.replace(partial, path)
    except OSError as error:
        raise TegashikiError(f"{path}: writing: {error.strerror}; free space or choose "
                             "another folder") from error
    finally:
        partial.unlink(missing_ok=True)
    return head["sha256"]


def read(path: str | Path) -> Bundle:
    """Reads what `write` wrote, and checks all of it.

    Raises TegashikiError that names the file and what is wrong with it: missing, not a bundle,
    pickled, of another VERSION, damaged, or with arrays that do not fit together.
    """
    place = str(path)
    try:
        # Opened here: np.load leaves a file that it cannot read open when it raises.
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            found = {name: file[name] for name in (*_ARRAYS, "manifest")}
        head = json.loads(found.pop("manifest").tobytes().decode())
        version = head["version"]
    except FileNotFoundError as error:
        raise TegashikiError(f"{place}: no such bundle; run the preprocessing step") from error
    except (*guard.DAMAGED, KeyError, TypeError, AttributeError) as error:
        raise TegashikiError(f"{place}: not a bundle: {error}; write it again") from error
    if version != VERSION:
        raise TegashikiError(
            f"{place}: version {version}: this program reads {VERSION}; write it again"
        )
    if head.get("sha256") != _digest(found, head):
        raise TegashikiError(f"{place}: content does not match its sha256; write it again")
    _check(found, len(head["vocabulary"]), place)
    return Bundle(
        **{name: found[name] for name in _ARRAYS if name not in ("ids", "writers")},
        ids=_lines(found["ids"]),
        writers=_lines(found["writers"]),
        vocabulary=tuple(head["vocabulary"]),
        manifest=head["user"],
        sha256=head["sha256"],
    )


def _pack(examples: Sequence[Example], vocabulary: Vocabulary) -> dict[str, np.ndarray]:
    strokes = [stroke for example in examples for stroke in example.ink.strokes]
    codes = [vocabulary.encode(example.tokens) for example in examples]
    return {
        "points": _join(strokes, np.float32, (0, 2)),
        "stroke_ends": _ends(strokes),
        "expression_ends": _ends([example.ink.strokes for example in examples]),
        "tokens": _join(codes, np.int16, (0,)),
        "token_ends": _ends(codes),
        "alignment": _join([example.alignment for example in examples], np.int16, (0,)),
        "ids": _bytes("".join(_line(example.ink.id) for example in examples)),
        "writers": _bytes("".join(_line(example.ink.writer) for example in examples)),
    }


def _check(arrays: dict[str, np.ndarray], words: int, place: str) -> None:
    """Raises TegashikiError unless the arrays fit together as the module says."""

    def need(truth: bool, what: str) -> None:
        if not truth:
            raise TegashikiError(f"{place}: {what}; write the bundle again")

    for name, (dtype, dimensions) in _ARRAYS.items():
        array = arrays[name]
        need(array.dtype == dtype and array.ndim == dimensions, f"{name}: wrong type or shape")
    points, strokes, tokens = (len(arrays[name]) for name in ("points", "stroke_ends", "tokens"))
    need(arrays["points"].shape[1] == 2, "points: not pairs of x and y")
    need(bool(np.isfinite(arrays["points"]).all()), "points: some are not finite")
    for name, total, least in (
        ("stroke_ends", points, 1), ("expression_ends", strokes, 0), ("token_ends", tokens, 0)
    ):
        ends = arrays[name]
        need(bool((np.diff(ends, prepend=0) >= least).all()), f"{name}: not increasing")
        need((int(ends[-1]) if len(ends) else 0) == total, f"{name}: do not end at {total}")
    expressions = len(arrays["expression_ends"])
    need(len(arrays["token_ends"]) == expressions, "token_ends: not one for each expression")
    need(len(arrays["alignment"]) == strokes, "alignment: not one entry for each stroke")
    for name in ("ids", "writers"):
        need(int((arrays[name] == ord("\n")).sum()) == expressions, f"{name}: not one a line")
    codes = arrays["tokens"]
    need(tokens == 0 or (codes.min() >= 0 and codes.max() < words), "tokens: id out of range")
    lengths = np.diff(arrays["token_ends"], prepend=0)
    limits = np.repeat(lengths, np.diff(arrays["expression_ends"], prepend=0))  # (S,)
    aligned = arrays["alignment"]
    need(bool(((aligned >= -1) & (aligned < limits)).all()), "alignment: points past the tokens")


def _digest(arrays: dict[str, np.ndarray], head: dict[str, Any]) -> str:
    """sha256 over names, types, shapes and bytes, and over the head but for the digest itself."""
    sha = hashlib.sha256()
    rest = {key: value for key, value in head.items() if key != "sha256"}
    sha.update(json.dumps(rest, sort_keys=True).encode())
    for name in _ARRAYS:
        array = np.ascontiguousarray(arrays[name])
        sha.update(f"{name} {array.dtype.str} {array.shape}".encode())
        sha.update(array.data if array.size else b"")
    return sha.hexdigest()


def _starts(ends: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros(1, np.int64), ends])[: len(ends)]


def _ends(parts: Sequence[Sequence[Any]]) -> np.ndarray:
    return np.cumsum([len(part) for part in parts], dtype=np.int64)


def _join(parts: Sequence[Any], dtype: type, empty: tuple[int, ...]) -> np.ndarray:
    kept = [np.asarray(part, dtype) for part in parts if len(part)]
    return np.concatenate(kept) if kept else np.zeros(empty, dtype)


def _line(text: str) -> str:
    return text.replace("\n", " ") + "\n"


def _bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def _lines(array: np.ndarray) -> tuple[str, ...]:
    return tuple(array.tobytes().decode().split("\n")[:-1])
