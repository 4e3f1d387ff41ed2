"""The text of InkML traces as numbers: fast for what is right, exact about what is wrong.

    strokes, times = read_traces("a.inkml", [("0", "1 2, 3 4")], channels=[("X", ""), ("Y", "")])
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import MAX_POINTS

Arrays = tuple[np.ndarray, ...]


def read_traces(name: str, traces: Sequence[tuple[str, str]],
                channels: Sequence[tuple[str, str]]) -> tuple[Arrays, Arrays | None]:
    """Strokes float32 (points, 2) and times float32 (points,) in seconds, None without time.

    `traces` are (id, text) and `channels` (name, units) as the file declares them; undeclared
    values are passed over. Raises TegashikiError naming `name`, trace and point.

    >>> strokes, times = read_traces("a.inkml", [("0", "1 2, 3 4"), ("1", "5 6")], [])
    >>> [stroke.tolist() for stroke in strokes], times
    ([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]], None)
    """
    rows: list[str] = []                       # "x y" of all traces: one conversion is fast
    ends: list[int] = []
    for trace, text in traces:
        if len(rows) + text.count(",") >= MAX_POINTS:     # counted before they are made
            raise TegashikiError(f"{name}: trace {trace}: more than {MAX_POINTS} points in one "
                                 "expression; resample it or split it")
        points = text.replace("\n", " ").split(",")
        while points and not points[-1].strip():          # some files end a trace with a comma
            points.pop()
        if not points:
            raise TegashikiError(f"{name}: trace {trace}: has no points; remove it")
        rows += points
        ends.append(len(rows))
    values = _numbers(rows)                               # (points, channels) or None
    if values is None:
        raise _broken(name, traces)
    columns = [channel.upper() for channel, _ in channels]
    x, y = (columns.index("X"), columns.index("Y")) if {"X", "Y"} <= set(columns) else (0, 1)
    if values.shape[1] <= max(x, y):
        raise TegashikiError(f"{name}: trace {traces[0][0]}: {values.shape[1]} value(s) a "
                             "point; write 'x y, x y'")
    strokes = tuple(np.split(values[:, (x, y)].astype(np.float32), ends[:-1]))
    time = columns.index("T") if "T" in columns else values.shape[1]
    if time >= values.shape[1]:                # declared but absent, as MfrDB's force is
        return strokes, None
    unit = {"s": 1.0, "us": 1e-6}.get(channels[time][1], 1e-3)     # InkML's T is in ms
    seconds = (values[:, time] - values[:, time].min()) * unit
    return strokes, tuple(np.split(seconds.astype(np.float32), ends[:-1]))


def _numbers(rows: list[str]) -> np.ndarray | None:
    """["1 2", "3 4"] -> float64 (points, channels), all finite also as float32; None if not."""
    if not any(map(str.strip, rows)):
        return None
    try:
        values = np.loadtxt(rows, dtype=np.float64, comments=None, ndmin=2)
    except ValueError:
        return None
    # empty rows are passed over; beyond 1e30 float32 and its squares overflow
    return values if len(values) == len(rows) and (np.abs(values) < 1e30).all() else None


def _broken(name: str, traces: Sequence[tuple[str, str]]) -> TegashikiError:
    """Says which point is no point: the first look was for speed, this one is for the place."""
    width = len(traces[0][1].split(",")[0].split())
    for trace, text in traces:
        for index, point in enumerate(text.split(",")):
            row = point.split()
            place = f"{name}: trace {trace}: point {index}"
            if row and not _is_point(row):
                return TegashikiError(f"{place}: '{' '.join(row)[:40]}' is not a finite number for "
                                      "each channel; write 'x y'")
            if len(row) != width:
                return TegashikiError(f"{place}: {len(row)} values where the first point of all "
                                      f"has {width}; write every point alike")
    return TegashikiError(f"{name}: points that are no numbers; write 'x y, x y'")


def _is_point(row: list[str]) -> bool:
    try:
        return all(abs(float(value)) < 1e30 for value in row)
    except ValueError:
        return False
