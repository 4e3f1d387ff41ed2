"""Whether what the archive's manifests list is still somewhere: here, or in the store.

    for problem in store_check.problems(runs, store, read=True): print(problem)
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.check import Problem
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest, pruned
from tegashiki.journal.transfer.store import Store


def problems(runs: Iterable[ArchivedRun], store: Store, read: bool = False) -> Iterator[Problem]:
    """Artifacts that are neither here nor in the store, and with `read` those of another content.

    What was let go for good, as pruned.json says, and what is private is not expected there.
    """
    for run in runs:
        if run.fault is not None or not (run.folder / layout.MANIFEST).is_file():
            continue
        lost = {e["path"] for e in pruned.read(run.folder) if e["left_in"] is None}
        for entry in manifest.read(run.folder):
            path = entry["path"]
            here = (run.folder / path).is_file()
            if not path.startswith(f"{layout.ARTIFACTS}/") or (path in lost and not here):
                continue
            if manifest.within(path, run.record["private"]):
                continue
            there = store.has(entry["sha256"], entry["bytes"])
            if not there and not here:
                yield Problem(run.id, "store", f"{path}: neither here nor in {store.name}")
            elif there and read and (what := _other(store, entry["sha256"])):
                yield Problem(run.id, "store", f"{path}: {what}")


def _other(store: Store, sha256: str) -> str:
    """What is wrong with the content that the store has under this name, or ""."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            store.get(sha256, Path(scratch) / "content")
        except TegashikiError as error:
            return str(error)
    return ""
