"""What every export says of a run: names, times, numbers, files and licences.

    known = facts.of(run)
    known.files, known.parameters, known.numbers, known.sets
"""

from __future__ import annotations

import mimetypes
import shutil
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import licences, reader, values
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, metrics, paths
from tegashiki.journal.report import digest
from tegashiki.journal.transfer import bundle
from tegashiki.storage import files

UNKNOWN = "LicenseRef-unknown"


@dataclass(frozen=True)
class File:
    """One file of the run that may be handed on."""

    path: str  # within the run
    size: int
    sha256: str

    @property
    def kind(self) -> str:
        """Its media type."""
        if self.path.endswith(".ipynb"):
            return "application/x-ipynb+json"
        return mimetypes.guess_type(self.path)[0] or "application/octet-stream"


@dataclass(frozen=True)
class Facts:
    """A run, ready to be written in another format."""

    run: ArchivedRun
    said: digest.Digest
    files: tuple[File, ...]
    parameters: dict[str, Any]
    numbers: dict[str, float]  # of results, by their flat names
    rows: list[dict[str, Any]]  # of metrics.csv
    sets: list[licences.Set]  # behind it, with licence and credit
    licence: str  # of the project, an SPDX name
    repository: str  # its address, or ""

    @property
    def name(self) -> str:
        """What people read first."""
        return f"{self.run.series} {self.run.step} {self.run.id}: {self.said.title}"

    @property
    def text(self) -> str:
        """Question and outcome, in a paragraph."""
        parts = (self.said.question, self.run.notes["why"], self.said.outcome)
        return " ".join(part for part in parts if part) or self.name

    def when(self, name: str) -> int:
        """`started` or `ended` in milliseconds since 1970."""
        told = self.run.outcome.get(name) or self.run.outcome["started"]
        return round(datetime.fromisoformat(told).timestamp() * 1000)

    def copy(self, file: File, target: Path) -> None:
        """Put the file at `target`, under folders that are made."""
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.run.folder / file.path, target)


def of(run: ArchivedRun) -> Facts:
    """All of it. Raises TegashikiError if a file of the run is broken."""
    folder = run.folder
    table = folder / layout.METRICS
    listed = tuple(
        File(name, (folder / name).stat().st_size, files.sha256(folder / name))
        for name in bundle.names(run)
    )
    project = _project()
    return Facts(
        run, digest.of(run), listed, dict(values.flat(run.parameters)),
        {name: float(value) for name, value in values.flat(run.results)
         if isinstance(value, int | float) and not isinstance(value, bool)},
        metrics.read(table) if table.is_file() else [], _sets(run),
        str(project.get("license") or UNKNOWN) if isinstance(project.get("license"), str)
        else UNKNOWN, str(project.get("urls", {}).get("Repository", "")),
    )  # fmt: skip


def _sets(run: ArchivedRun) -> list[licences.Set]:
    root = run.folder.parent.parent
    table = licences.load(root)
    if table is None:
        return []
    return licences.behind(run.record, {one.id: one for one in reader.runs(root)}, table)


def _project() -> dict[str, Any]:
    """[project] of the checkout's pyproject.toml; {} where there is none."""
    home = paths.checkout()
    try:
        return tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except (OSError, TypeError, KeyError, tomllib.TOMLDecodeError, TegashikiError):
        return {}
