"""Ink as a small JSON of our own: what the pad saves, and what other programs can write in a line.

    {"version": 1, "id": "a", "writer": "", "truth": "x", "strokes": [[[0, 0], [1, 2]], [[1, 0]]],
     "symbols": [{"label": "x", "strokes": [0, 1]}]}

Only `strokes` is needed besides `version`. A point is [x, y] or [x, y, t] with t in seconds; time
is kept if every point has it. y grows downwards; the unit is free.
"""

import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import MAX_POINTS, MAX_STROKES, Ink, Symbol
from tegashiki.storage.files import read_limited, write_or_explain

VERSION = 1
_FIELDS = {"version", "id", "writer", "truth", "strokes", "symbols"}


def read_json(source: str | os.PathLike | bytes, name: str = "") -> Ink:
    """Read one expression from our JSON (a file, or its bytes; then `name` is said in errors).

    Raises TegashikiError naming stroke and point.

    >>> read_json(b'{"version": 1, "strokes": [[[0, 0], [1, 2]]]}').strokes[0].tolist()
    [[0.0, 0.0], [1.0, 2.0]]
    """
    name = name or ("ink" if isinstance(source, bytes) else os.fspath(source))
    data = read_limited(source, name)
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise TegashikiError(f"{name}: not JSON: {error or 'nested too deep'}; "
                             "save it again") from None
    if not isinstance(record, dict) or record.get("version") != VERSION:
        raise TegashikiError(f"{name}: no ink of version {VERSION}; begin with "
                             f'{{"version": {VERSION}, "strokes": [...]}}')
    unknown = sorted(record.keys() - _FIELDS)
    if unknown:
        raise TegashikiError(f"{name}: unknown field '{unknown[0][:40]}'; known are "
                             f"{', '.join(sorted(_FIELDS))}")
    strokes, times = parse_strokes(name, record.get("strokes"))
    return Ink(strokes=strokes, times=times, symbols=_symbols(name, record, len(strokes)),
               truth=_text(name, record, "truth"), writer=_text(name, record, "writer"),
               id=_text(name, record, "id") or Path(name).stem)


def write_json(ink: Ink, path: str | os.PathLike) -> None:
    """Write an expression on one line; `read_json` gives it back (MathML and symbol ids are lost).

    Raises TegashikiError when the folder cannot be written; never leaves half a file.
    """
    strokes: list[list[list[float]]] = []
    for index, stroke in enumerate(ink.strokes):
        columns = [stroke, ink.times[index][:, None]] if ink.times is not None else [stroke]
        # the shortest decimals that give the same float32 again
        strokes.append([[float(str(value)) for value in row] for row in np.hstack(columns)])
    record = {"version": VERSION, "id": ink.id, "writer": ink.writer, "truth": ink.truth,
              "strokes": strokes,
              "symbols": [{"label": symbol.label, "strokes": list(symbol.strokes)}
                          for symbol in ink.symbols]}
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    write_or_explain(Path(path), text.encode("utf-8", "replace") + b"\n")


def parse_strokes(name: str, strokes: Any) -> tuple[tuple[np.ndarray, ...], tuple | None]:
    """Points as JSON gives them, checked one by one: strokes float32 (points, 2), times or None.

    Raises TegashikiError naming `name`, stroke and point.
    """
    if not isinstance(strokes, list) or not strokes:
        raise TegashikiError(f"{name}: strokes: none; give a list of lists of [x, y]")
    if len(strokes) > MAX_STROKES:
        raise TegashikiError(f"{name}: strokes: more than {MAX_STROKES}; split the ink")
    left, timed = MAX_POINTS, True
    arrays, times = [], []
    for index, stroke in enumerate(strokes):
        place = f"{name}: stroke {index}"
        if not isinstance(stroke, list) or not stroke:
            raise TegashikiError(f"{place}: has no points; give a list of [x, y] or remove it")
        left -= len(stroke)
        if left < 0:
            raise TegashikiError(f"{place}: more than {MAX_POINTS} points in one expression; "
                                 "resample it or split it")
        for number, point in enumerate(stroke):
            if not _is_point(point):
                raise TegashikiError(f"{place}: point {number}: {str(point)[:40]} is not [x, y] or "
                                     "[x, y, t] with finite numbers; correct it")
        arrays.append(np.array([point[:2] for point in stroke], dtype=np.float32))
        timed = timed and all(len(point) == 3 for point in stroke)
        if timed:
            times.append(np.array([point[2] for point in stroke], dtype=np.float64))
    if not timed:
        return tuple(arrays), None
    first = min(stroke.min() for stroke in times)
    return tuple(arrays), tuple((stroke - first).astype(np.float32) for stroke in times)


def _is_point(point: Any) -> bool:
    return (isinstance(point, list) and len(point) in (2, 3)
            and all(type(value) in (int, float) and abs(value) < 1e30 for value in point)
            and all(math.isfinite(value) for value in point))


def _symbols(name: str, record: dict, strokes: int) -> tuple[Symbol, ...]:
    symbols = []
    given = record.get("symbols", [])
    for index, symbol in enumerate(given if isinstance(given, list) else [None]):
        wrote = symbol.get("strokes") if isinstance(symbol, dict) else None
        if (not isinstance(wrote, list) or not isinstance(symbol.get("label"), str)
                or not all(type(stroke) is int and 0 <= stroke < strokes for stroke in wrote)):
            raise TegashikiError(f"{name}: symbol {index}: needs a label and the numbers of its "
                                 f"strokes, 0 to {strokes - 1}; correct it")
        symbols.append(Symbol(symbol["label"], tuple(wrote)))
    return tuple(symbols)


def _text(name: str, record: dict, field: str) -> str:
    value = record.get(field, "")
    if not isinstance(value, str):
        raise TegashikiError(f"{name}: {field}: is no text; write it in quotes")
    return value
