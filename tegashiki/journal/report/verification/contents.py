"""What two runs of the same thing left, compared one by one: curves, results, arrays.

    contents.compare(run, rerun)            # [] if equal in every digit

Files are compared by what they hold: two .npz with the same arrays are equal, however they were
packed. Predictions on a probe batch and weights are arrays in such files.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest, metrics
from tegashiki.journal.report.curves import NOT_A_RESULT
from tegashiki.journal.report.divergence import equal

_CLOCK = ("seconds", "_ms", "per_second", "duration")  # names of results that are times
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
        return f"{where}: {self.then} then, {self.now} now"


def compare(then: ArchivedRun, now: ArchivedRun) -> list[Difference]:
    """All differences: curves from the first epoch on, then results, then artifacts."""
    return [*_curves(then, now), *_results(then, now), *_artifacts(then, now)]


def _curves(then: ArchivedRun, now: ArchivedRun) -> list[Difference]:
    before, after = (_rows(run) for run in (then, now))
    found = []
    for number in range(max(len(before), len(after))):
        a = before[number] if number < len(before) else {}
        b = after[number] if number < len(after) else {}
        at = next(iter((a or b).values()), number + 1)
        for name in dict.fromkeys([*a, *b]):
            if name not in NOT_A_RESULT and not equal(a.get(name), b.get(name)):
                place = at if isinstance(at, float) else float(number + 1)
                found.append(Difference("curve", name, place, a.get(name), b.get(name)))
    return found


def _results(then: ArchivedRun, now: ArchivedRun) -> list[Difference]:
    before, after = (_without_times(run.results) for run in (then, now))
    return [
        Difference("result", name, None, before.get(name), after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def _without_times(result: Any) -> Any:
    """A result without what a clock gave, also deep inside."""
    if isinstance(result, dict):
        return {name: _without_times(value) for name, value in result.items()
                if not any(word in name for word in _CLOCK)}
    return [_without_times(one) for one in result] if isinstance(result, list) else result


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
        elif (what := _inside(then.folder / name, now.folder / name)) is not None:
            found.append(Difference("artifact", f"{short} {what}".strip(), None,
                                    before[name][:12], after[name][:12]))  # fmt: skip
    return found


def _inside(then: Path, now: Path) -> str | None:
    """What differs inside of two files that are not the same bytes; None if nothing does."""
    if not then.is_file():  # git left it out, and it is not on this machine
        return "(only its hash is known)"
    if not (zipfile.is_zipfile(then) and zipfile.is_zipfile(now)):
        return ""
    with zipfile.ZipFile(then) as a, zipfile.ZipFile(now) as b:
        if sorted(a.namelist()) != sorted(b.namelist()):
            return "(other parts)"
        for name in sorted(a.namelist()):
            if a.read(name) != b.read(name) and _unequal(name, a.read(name), b.read(name)):
                return name.removesuffix(".npy")
    return None


def _unequal(name: str, then: bytes, now: bytes) -> bool:
    """Whether two members of an archive hold something else."""
    if name == "metadata.json":  # Keras writes there when it saved
        return False
    if not name.endswith(".npy"):
        return True
    import numpy as np

    a, b = (np.load(io.BytesIO(side), allow_pickle=False) for side in (then, now))
    return a.dtype != b.dtype or not np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def _rows(run: ArchivedRun) -> list[dict[str, Any]]:
    path = run.folder / layout.METRICS
    try:
        return metrics.read(path) if path.is_file() else []
    except TegashikiError:
        return []


