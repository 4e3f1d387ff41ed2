"""What stays of a run that is worth its record alone: an old night's, a repeated one.

    thin.old(runs, 7, kept)              # ids of repeated runs, and of nights before the newest 7
    thin.without_outputs(run.folder)     # the notebook as text: code, counts and errors

Parameters, results, curves, log, environment and manifest stay as they are. Artifacts and pictures
go; so do the outputs of the notebook's cells, of which log.txt has what was printed. What proves
that the run was ok, the count of each cell and every error, stays in the notebook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, notebook, pruned

# Tags of runs that are thinned; nobody's experiment is.
NIGHTLY = "nightly"  # a schedule made it
REPEATED = "repeated"  # a person says so: it only says again what another run says
_ROOMS = (f"{layout.ARTIFACTS}/", f"{layout.PICTURES}/")


def old(runs: Iterable[ArchivedRun], newest: int, kept: Collection[str]) -> set[str]:
    """Ids of the repeated `ok` runs, and of the nightly ones before the newest of their step.

    `kept` are never among them.
    """
    found: set[str] = set()
    steps: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        if run.status == layout.OK and REPEATED in run.notes["tags"]:
            found.add(run.id)
        elif run.status == layout.OK and NIGHTLY in run.notes["tags"]:
            steps.setdefault((run.series, run.step), []).append(run.id)
    nights = (id for ids in steps.values() for id in ids[: max(len(ids) - newest, 0)])
    return found.union(nights).difference(kept)


def goes(run: ArchivedRun, entry: dict[str, Any]) -> bool:
    """Whether a file of an old run goes, or loses its outputs; what is thin already does not."""
    if entry["path"] == layout.NOTEBOOK:
        return layout.NOTEBOOK not in pruned.gone(run.folder)
    return entry["path"].startswith(_ROOMS)


def without_outputs(folder: Path) -> str:
    """The text of the run's notebook without what its cells showed, but for errors.

    Of each cell's metadata its tags stay: papermill's times fill half of a notebook.
    """
    content = notebook.read(folder / layout.NOTEBOOK)
    for cell in content.cells:
        tags = cell.get("metadata", {}).get("tags")
        cell["metadata"] = {"tags": tags} if tags else {}
        if cell.get("cell_type") == "code":
            cell["outputs"] = [output for output in cell.get("outputs", ())
                               if output.get("output_type") == "error"]  # fmt: skip
    return notebook.text(content)
