"""Runs as they lie in the archive: find one, read it, trust it.

    run = reader.find(root, "latest", series="ink2tex", step="train")
    run.results["exact"], run.artifact("model.keras")

What is read is held against the schema of the format (format/schemas.py). A run that is not valid
is named and passed over: it never keeps a command from its work.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout, manifest, notes, outcome, schemas, status
from tegashiki.storage import files

_named: set[Path] = set()  # runs that were said to be passed over


@dataclass(frozen=True, repr=False)
class ArchivedRun:
    """One run's folder, read when asked."""

    folder: Path

    def __repr__(self) -> str:      # a cell that ends with a run shows this: no path of a machine
        return f"<run {self.id}: {self.series} {self.step}>"

    @property
    def name(self) -> str:
        """The folder's name: time, step and id."""
        return self.folder.name

    @property
    def id(self) -> str:
        """The eight digits by which other runs and people name it."""
        return layout.FOLDER.fullmatch(self.name)["id"]

    @property
    def series(self) -> str:
        """The series it belongs to."""
        return self.folder.parent.name

    @property
    def step(self) -> str:
        """The notebook's step within the series."""
        return layout.FOLDER.fullmatch(self.name)["step"]

    @cached_property
    def record(self) -> dict[str, Any]:
        """run.json. Raises TegashikiError if it is broken, not valid or of an unknown VERSION."""
        return schemas.read(self.folder / layout.RUN, schemas.RUN)

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """status.json, with a dead run shown as `died`; a folder without one died early."""
        try:
            return status.read(self.folder)
        except TegashikiError as error:
            return {"status": layout.DIED, "reason": str(error)}

    @property
    def status(self) -> str:
        """One of the words in layout.STATUSES."""
        return self.outcome["status"]

    @property
    def parameters(self) -> dict[str, Any]:
        """The effective parameters."""
        return self.record["parameters"]

    @cached_property
    def results(self) -> dict[str, Any]:
        """The key numbers; empty if the run noted none."""
        path = self.folder / layout.RESULTS
        return files.read_json(path) if path.is_file() else {}

    @cached_property
    def notes(self) -> dict[str, Any]:
        """`why` it was made and its `tags`, as people said later; empty if that is broken."""
        try:
            return notes.read(self.folder)
        except TegashikiError:
            return {"why": "", "tags": []}

    @cached_property
    def fault(self) -> str | None:
        """Why this folder is no run to reckon with, or None: a file of it that is not valid.

        A run that died before its status or its manifest was written is none.
        """
        try:
            self.record, self.results  # noqa: B018
            if (self.folder / layout.MANIFEST).is_file():
                manifest.read(self.folder)
            if (self.folder / layout.STATUS).is_file():
                status.read(self.folder)
        except TegashikiError as error:
            return str(error)
        return layout.dated(self.name)

    def artifact(self, name: str) -> Path:
        """The artifact's path, or that of its copy in a released model, for which it was pruned.

        Raises TegashikiError if it is not here.
        """
        path = self.folder / layout.ARTIFACTS / name
        if path.exists():
            return path
        entries = manifest.read(self.folder)
        known = [entry["path"] for entry in entries]
        wanted = f"{layout.ARTIFACTS}/{name}"
        if wanted in known and (copy := self._released(entries[known.index(wanted)])):
            return copy
        if any(path == wanted or path.startswith(f"{wanted}/") for path in known):
            raise TegashikiError(
                f"{path}: not here (too big for git, or pruned); run {self.step} again "
                "here, or `tegashiki pull` it"
            )
        have = ", ".join(k.partition("/")[2] for k in known if k.startswith(layout.ARTIFACTS))
        raise TegashikiError(f"{path}: the run made no such artifact; it has {have or 'none'}")

    def _released(self, entry: dict[str, Any]) -> Path | None:
        """The file of models/, beside the archive, that is the same as an artifact's entry."""
        models = self.folder.parents[2] / "models"
        return next((path for path in sorted(models.rglob("*")) if path.is_file()
                     and path.stat().st_size == entry["bytes"]
                     and files.sha256(path) == entry["sha256"]), None)

    def broken(self) -> list[str]:
        """What differs from the manifest, or does not prove its `ok`; [] for an intact run."""
        if self.fault is not None:
            return [self.fault]
        problems = manifest.broken(self.folder, self.outcome)
        why = None if problems else outcome.unproven(self.folder, self.record, self.outcome)
        return [*problems, f"{layout.STATUS} {why}"] if why else problems


def runs(root: Path, series: str | None = None, step: str | None = None) -> list[ArchivedRun]:
    """The runs of an archive, oldest first; folders that are no runs are passed over."""
    found = []
    for path in root.glob(f"{series or '*'}/*"):
        match = layout.FOLDER.fullmatch(path.name)
        if match and (step is None or match["step"] == step) and path.is_dir():
            found.append(ArchivedRun(path))
    # The folder's name says when to the second; two runs of one second need the finer time.
    return sorted(found, key=lambda run: (run.name[:16], run.outcome.get("started") or "", run.id))


def sound(root: Path, series: str | None = None, step: str | None = None) -> list[ArchivedRun]:
    """As `runs`, without those that have a fault: each of these is named once on stderr."""
    kept = []
    for run in runs(root, series, step):
        if run.fault is None:
            kept.append(run)
        elif run.folder not in _named:
            _named.add(run.folder)
            print(f"run {run.id} is passed over: {run.fault}", file=sys.stderr)
    return kept


def find(root: Path, which: str, series: str | None = None, step: str | None = None) -> ArchivedRun:
    """The run that `which` names: its id or the start of it, its folder, or `latest`.

    Raises TegashikiError if there is none, or more than one.
    """
    if Path(which).is_dir() and layout.FOLDER.fullmatch(Path(which).resolve().name):
        return ArchivedRun(Path(which).resolve())
    known = runs(root, series, step)
    if which == "latest" and known:
        return known[-1]
    fitting = [run for run in known if run.name == which or (which and run.id.startswith(which))]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise TegashikiError(f"{which}: means {len(fitting)} runs; give more of the id")
    raise TegashikiError(f"{which}: no such run in {root}; `tegashiki ls` lists them")


def good(root: Path, series: str, step: str) -> list[ArchivedRun]:
    """The `ok` runs of one step, newest first. Their manifests are not verified yet."""
    return [run for run in reversed(sound(root, series, step)) if run.status == layout.OK]
