"""What a build need not work out again: whether a run is intact, and its row of the table.

    remembered = Remembered(home)
    remembered.intact(run); remembered.row(run, mark, make)
    remembered.save()

A run is looked through again once the name, size or time of one of its files has changed, and its
row is made again with its page. The file can be thrown away at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout
from tegashiki.storage import files

FILE = ".remembered.json"


class Remembered:
    """The memory of one site; empty where there is none, or one that cannot be read."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        try:
            known = files.read_json(self._path) if self._path.is_file() else {}
        except TegashikiError:
            known = {}
        self._intact: dict[str, Any] = known.get("intact", {})
        self._rows: dict[str, Any] = known.get("rows", {})
        self._used: dict[str, dict[str, Any]] = {"intact": {}, "rows": {}}

    def intact(self, run: ArchivedRun) -> bool | None:
        """Whether its files are as its manifest says; None while it goes on."""
        if run.status == layout.RUNNING:
            return None
        signature = _signature(run.folder)
        before = self._intact.get(run.id)
        found = before[1] if before and before[0] == signature else _broken(run)
        self._used["intact"][run.id] = [signature, found]
        return bool(found)

    def row(self, run: ArchivedRun, mark: str, make: Callable[[], Any]) -> Any:
        """The run's row, made by `make` if its mark is another than last time."""
        before = self._rows.get(run.id)
        found = before[1] if before and before[0] == mark else files.plain(make())
        self._used["rows"][run.id] = [mark, found]
        return found

    def save(self) -> None:
        """Keep what this build used; rows stay as they were if it made no table."""
        rows = self._used["rows"] or self._rows
        files.write_json(self._path, {"intact": self._used["intact"], "rows": rows})


def _broken(run: ArchivedRun) -> bool:
    try:
        return not run.broken()
    except (TegashikiError, KeyError, TypeError, OSError):
        return False


def _signature(folder: Path) -> str:
    """Name, size and time of every file, in a few digits."""
    told = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            told.append(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
