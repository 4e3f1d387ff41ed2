"""runs/index.csv: the archive in one table, rebuilt from the folders.

    index.rebuild(paths.runs_root())

The folders are the truth. The same folders give the same bytes; runs that still go on are left
out. Every column is documented in runs/README.md.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout
from tegashiki.storage import files

NAME = "index.csv"
COLUMNS = (
    "id", "series", "step", "status", "started", "seconds", "launched", "profile", "notebook",
    "commit", "dirty", "seed", "upstream", "parameters", "results", "folder",
)  # fmt: skip


def rebuild(root: Path) -> Path:
    """Write index.csv anew and return its path. Several may do so at once."""
    with _alone_in(root):  # so that the last to read is also the last to write
        files.write_text(root / NAME, text(root))
    return root / NAME


def refresh(root: Path) -> None:
    """As `rebuild`, where a table that cannot be written is only said: the runs are good."""
    try:
        rebuild(root)
    except (OSError, TegashikiError) as error:
        said = getattr(error, "strerror", None) or error
        print(f"{root / NAME} could not be written: {said}; `tegashiki check --index` makes it "
              "anew", file=sys.stderr)  # fmt: skip


def text(root: Path) -> str:
    """What index.csv should hold for the folders under `root`."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    for run in reader.runs(root):
        if run.status != layout.RUNNING:
            table.writerow(row(run))
    return out.getvalue()


def row(run: reader.ArchivedRun) -> dict[str, Any]:
    """One run as a row. A run whose record is broken keeps its place, with what is known."""
    known = {
        "id": run.id, "series": run.series, "step": run.step, "status": run.status,
        "folder": f"{run.series}/{run.name}",
    }  # fmt: skip
    try:
        record, results = run.record, run.results
        return known | {
            "started": run.outcome.get("started"),
            "seconds": run.outcome.get("seconds"),
            "launched": record["launched"],
            "profile": record["profile"],
            "notebook": (record["notebook"] or {}).get("path"),
            "commit": (record["code"] or {}).get("commit"),
            "dirty": (record["code"] or {}).get("dirty"),
            "seed": record["seed"],
            "upstream": " ".join(item["id"] for item in record["upstream"]),
            "parameters": _compact(record["parameters"]),
            "results": _compact(results),
        }
    except (TegashikiError, KeyError, TypeError):
        return known


@contextlib.contextmanager
def _alone_in(root: Path) -> Iterator[None]:
    """Hold the archive's folder, where the system can lock folders; the lock dies with us."""
    try:
        import fcntl
    except ImportError:  # Windows, where only single notebooks are run
        yield
        return
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _compact(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
