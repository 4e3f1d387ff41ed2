"""What two runs of the same thing left, compared one by one: curves, results, files.

    contents.compare(run, rerun)            # [] if equal in every digit

Files are compared by what they hold: two .npz with the same arrays are equal, however they were
packed, and two model cards that differ in measured milliseconds (clock.py). Predictions on a probe
batch and weights are arrays in such files.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.archive.values import flat
from tegashiki.journal.format import layout, manifest, metrics
from tegashiki.journal.report import clock
from tegashiki.journal.report.divergence import equal
from tegashiki.storage import guard

_GONE = "(only its hash is known)"  # git left it out, and it is not on this machine
_TIMED = ("checkpoints/",)  # folders of artifacts whose files note the time of each epoch


@dataclass(frozen=True)
class Difference:
    """One thing that is another. `at` is the epoch, for curves."""

    kind: str  # curve, result or artifact
    name: str
    at: float | None
    then: Any
    now: Any

    def __str__(self) -> str:
        where = f"epoch {self.at:g}, {self.name}" if self.at is not None else self.name
        return f"{where}: {_short(self.then)} then, {_short(self.now)} now"


def compare(then: ArchivedRun, now: ArchivedRun) -> list[Difference]:
    """All differences: curves from the first epoch on, then results, then artifacts."""
    return [*_curves(then, now), *_results(then, now), *_artifacts(then, now)]


def beginning(then: ArchivedRun, now: ArchivedRun) -> tuple[int, list[Difference]]:
    """For a run that was stopped: how many rows its curve has, and the differences in them."""
    before, after = rows(then), rows(now)
    return len(after), _rows_apart(before[: len(after)], after)


def undecided(found: list[Difference]) -> bool:
    """Whether all that differs are hashes of files that are not here: they may hold the same."""
    return bool(found) and all(difference.name.endswith(_GONE) for difference in found)


def largest(found: list[Difference]) -> float | None:
    """The largest relative difference among numbers; None if one of them is no number."""
    sizes = []
    for difference in found:
        if difference.kind != "artifact":
            a, b = difference.then, difference.now
            if not (isinstance(a, int | float) and isinstance(b, int | float)):
                return None
            sizes.append(abs(a - b) / max(abs(a), abs(b), 1e-12))
    return max(sizes, default=None)


def _curves(then: ArchivedRun, now: ArchivedRun) -> list[Difference]:
    return _rows_apart(rows(then), rows(now))


def _rows_apart(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Difference]:
    found = []
    for number in range(max(len(before), len(after))):
        a = before[number] if number < len(before) else {}
        b = after[number] if number < len(after) else {}
        at = next(iter((a or b).values()), number + 1)
        for name in dict.fromkeys([*a, *b]):
            if not clock.is_time(name) and not equal(a.get(name), b.get(name)):
                place = at if isinstance(at, float) else float(number + 1)
                found.append(Difference("curve", name, place, a.get(name), b.get(name)))
    return found


def _results(then: ArchivedRun, now: ArchivedRun) -> list[Difference]:
    before, after = (dict(flat(clock.without(run.results))) for run in (then, now))
    return [
        Difference("result", name, None, before.get(name), after.get(name))
        for name in {**before, **after}
        if _without_place(before.get(name), then) != _without_place(after.get(name), now)
    ]


def _without_place(value: Any, run: ArchivedRun) -> Any:
    """A result that names a file of its own run: where the archive lies is no difference."""
    if not isinstance(value, str) or run.name not in value:
        return value
    return re.sub(rf"\S*{re.escape(run.name)}", "its folder", value)


def _artifacts(then: ArchivedRun, now: ArchivedRun) -> list[Difference]:
    before, after = (
        {e["path"]: e["sha256"] for e in manifest.read(run.folder)
         if e["path"].startswith(f"{layout.ARTIFACTS}/")} for run in (then, now)
    )  # fmt: skip
    found = []
    for name in sorted(before.keys() | after.keys()):
        short = name.partition("/")[2]
        if short.startswith(_TIMED) or before.get(name) == after.get(name):
            continue
        if name not in before or name not in after:
            there = ["there" if name in side else "not there" for side in (before, after)]
            found.append(Difference("artifact", short, None, *there))
        elif (what := _inside(name, then, now)) is not None:
            found.append(Difference("artifact", f"{short} {what}".strip(), None,
                                    before[name][:12], after[name][:12]))  # fmt: skip
    return found


def _inside(name: str, then: ArchivedRun, now: ArchivedRun) -> str | None:
    """What differs inside of two files that are not the same bytes; None if nothing does."""
    one, other = then.folder / name, now.folder / name
    if not one.is_file():
        return _GONE
    if zipfile.is_zipfile(one) and zipfile.is_zipfile(other):
        try:
            return _inside_zip(zipfile.ZipFile(one), zipfile.ZipFile(other))
        except guard.DAMAGED as error:
            return f"(cannot be opened: {error})"
    of_then, of_now = (list(clock.times(run.results)) for run in (then, now))
    same = clock.same_file(name, one.read_bytes(), other.read_bytes(), of_then, of_now,
                           (then.id, now.id))  # fmt: skip
    return None if same else ""


def _inside_zip(then: zipfile.ZipFile, now: zipfile.ZipFile) -> str | None:
    with then as a, now as b:
        if sorted(a.namelist()) != sorted(b.namelist()):
            return "(other parts)"
        found = {name.removesuffix(".npy"): what for name in sorted(a.namelist())
                 if a.read(name) != b.read(name)
                 and (what := _unequal(name, a.read(name), b.read(name))) is not None}  # fmt: skip
    # Numbers say more than a member that carries hashes of the others.
    name = next((name for name, what in found.items() if what), next(iter(found), None))
    return f"{name} {found[name]}".strip() if name is not None else None


def _unequal(name: str, then: bytes, now: bytes) -> str | None:
    """How two members of an archive differ, in words for numbers; None if they hold the same."""
    if name == "metadata.json":  # Keras writes there when it saved
        return None
    if not name.endswith(".npy"):
        return ""
    import numpy as np

    a, b = (np.load(io.BytesIO(side), allow_pickle=False) for side in (then, now))
    if a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
        return None
    if a.dtype != b.dtype or a.shape != b.shape or a.dtype.kind != "f":
        return ""
    apart = (a != b) & ~(np.isnan(a) & np.isnan(b))
    size = np.nanmax(np.abs(a[apart] - b[apart]), initial=0)
    return f"({apart.sum()} of {a.size} numbers, by at most {size:.1g})"


def rows(run: ArchivedRun) -> list[dict[str, Any]]:
    """The rows of its curve; none if it left none that can be read."""
    path = run.folder / layout.METRICS
    try:
        return metrics.read(path) if path.is_file() else []
    except TegashikiError:
        return []


def _short(value: Any, limit: int = 120) -> str:
    text = str(value)
    return text if len(text) <= limit else f"{text[:limit]}..."
