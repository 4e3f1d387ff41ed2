"""Gates: what must have been shown for this very code and data before something may start.

    gates.find(root, "ink2tex", gate)         # the ok run that passed it, or a refusal
"""

from __future__ import annotations

from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader


class GateError(TegashikiError):
    """A gate was not passed. Trying again does not help; passing it does."""


def gate(name: str, code: str, data: str) -> dict[str, str]:
    """A gate as it stands in run.json: its name and the fingerprints it was passed for."""
    return {"name": name, "code": code, "data": data}


def find(root: Path, series: str, wanted: dict[str, str]) -> reader.ArchivedRun:
    """The newest `ok`, intact run of the series that passed the gate. Raises GateError."""
    nearest = "no run ever passed it"
    for run in reversed(reader.sound(root, series)):
        for passed in run.record["gates"]["passed"]:
            if passed["name"] != wanted["name"]:
                continue
            changed = [what for what in ("code", "data") if passed[what] != wanted[what]]
            if not changed and run.status == "ok":
                if not (problems := run.broken()):
                    return run
                nearest = f"run {run.id} passed it, but {problems[0]}"
            elif not changed:
                nearest = f"run {run.id} reached it, but is {run.status!r}"
            elif nearest.startswith("no run"):
                nearest = f"run {run.id} passed it for other {' and '.join(changed)}"
    raise GateError(
        f"gate {wanted['name']!r} of {series}: {nearest}; run its notebook for this code and data"
    )
