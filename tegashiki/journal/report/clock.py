"""What a clock gave is never the same twice: such numbers are no difference between two runs.

    clock.is_time("ms_median"), clock.is_time("rmse")               # (True, False)
    clock.same_text(card_then, card_now, times_then, times_now)     # only milliseconds differ

A file that a run wrote from its results may repeat its times, its own id and the day: in a text two
numbers may differ if each is a time of its own run at the digits that are shown.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
from collections.abc import Collection, Iterator
from typing import Any

_WORDS = {
    "ms", "us", "ns", "milliseconds", "microseconds", "second", "seconds", "minutes", "hours",
    "duration", "latency", "elapsed", "fps", "wall", "speed",
}  # fmt: skip
LONGEST = 64 * 2**20  # bytes of a table, unpacked
_PIECES = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WHEN = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?|\d{8}T\d{6}Z")


def is_time(name: str) -> bool:
    """Whether a result or a column of this name holds what a clock measured.

    >>> [is_time(name) for name in ("ms", "encode_ms", "examples_per_second", "memory", "rms")]
    [True, True, True, False, False]
    """
    return bool(_WORDS & set(_PIECES.findall(name.lower())))


def without(value: Any) -> Any:
    """A result or a JSON document without what a clock gave, also deep inside."""
    if isinstance(value, dict):
        return {name: without(item) for name, item in value.items() if not is_time(str(name))}
    return [without(item) for item in value] if isinstance(value, list) else value


def times(value: Any, inside: bool = False) -> Iterator[float]:
    """Every number of a result that a clock gave."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from times(item, inside or is_time(str(name)))
    elif isinstance(value, list):
        for item in value:
            yield from times(item, inside)
    elif inside and isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def same_file(
    name: str, then: bytes, now: bytes, of_then: Collection[float], of_now: Collection[float],
    ids: tuple[str, str] = ("", ""),
) -> bool:  # fmt: skip
    """Whether two files hold the same but for times; `of_then` and `of_now` are the runs' own.

    `ids` are the runs' ids, by which a file may call its own run. Only texts can be the same so,
    packed by xz or not.
    """
    if name.endswith(".xz"):
        name = name.removesuffix(".xz")
        try:
            then, now = _unpacked(then), _unpacked(now)
        except (lzma.LZMAError, ValueError):
            return False
    try:
        one, other = then.decode("utf-8"), now.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if "\0" in one + other:
        return False
    one, other = (_anonymous(text, id) for text, id in ((one, ids[0]), (other, ids[1])))
    if one == other:
        return True
    if name.endswith(".md"):
        one, other = _without_timed_rows(one), _without_timed_rows(other)
    if name.endswith(".json"):
        try:
            if without(json.loads(one)) == without(json.loads(other)):
                return True
        except (ValueError, RecursionError):
            return False
    parts = {".csv": ",", ".tsv": "\t"}.get(name[-4:])
    if parts and _columns(one, parts) == _columns(other, parts):
        return True
    return same_text(one, other, of_then, of_now)


def same_text(
    then: str, now: str, of_then: Collection[float], of_now: Collection[float]
) -> bool:
    """Whether two texts are the same but for numbers that are each a time of its own run.

    >>> same_text("exact 73.6 %, 9.5 ms", "exact 73.6 %, 8.1 ms", [9.521], [8.09])
    True
    >>> same_text("exact 73.6 %, 9.5 ms", "exact 74.0 %, 9.5 ms", [9.521], [9.521])
    False
    """
    if _NUMBER.split(then) != _NUMBER.split(now):
        return False
    pairs = zip(_NUMBER.findall(then), _NUMBER.findall(now), strict=True)
    return all(a == b or (_among(a, of_then) and _among(b, of_now)) for a, b in pairs)


def _among(shown: str, known: Collection[float]) -> bool:
    """Whether a number as it stands in a text is one of these times, in ms, s, min or h."""
    shown = shown.replace(",", "")
    digits = len(shown.partition(".")[2]) if "e" not in shown.lower() else 6
    value = float(shown)
    scales = (1, 1000, 1 / 1000, 1 / 60, 1 / 3600)
    return any(abs(round(time * scale, digits) - value) < 10 ** -(digits + 3)
               for time in known for scale in scales)  # fmt: skip


def _without_timed_rows(text: str) -> str:
    """Markdown without the numbers of table rows that are called a time in their first cell.

    >>> _without_timed_rows("| exact | 73.6% |\\n| median ms | 9.5 |")
    '| exact | 73.6% |\\n| median ms |'
    """
    rows = text.split("\n")
    return "\n".join(f"|{row.split('|')[1]}|" if row.startswith("|") and is_time(row.split("|")[1])
                     else row for row in rows)  # fmt: skip


def _anonymous(text: str, id: str) -> str:
    """A text without the id of the run that wrote it, and without days and times of day."""
    return _WHEN.sub("<when>", text.replace(id, "<this run>") if id else text)


def _unpacked(content: bytes) -> bytes:
    """Raises LZMAError for what is no xz, ValueError for what is longer than a table can be."""
    reader = lzma.LZMADecompressor(lzma.FORMAT_XZ)
    unpacked = reader.decompress(content, LONGEST)
    if not reader.eof:
        raise ValueError("not whole, or too long")
    return unpacked


def _columns(text: str, parts: str) -> list[dict[str, str | None]] | None:
    """The rows of a table without its times; None if there are none to compare."""
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=parts))
    except csv.Error:
        return None
    return [{k: v for k, v in row.items() if k and not is_time(k)} for row in rows] or None
