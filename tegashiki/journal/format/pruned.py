"""pruned.json: which artifacts left a run to save room, when, why, and where they are now.

    pruned.note(folder, entries, "not among the released or the last 3", "s3://bucket/prefix")
    pruned.gone(folder)                  # {"artifacts/weights.npz"}

Like rights.json it is written after the run was sealed, so the manifest does not list it; it can
excuse artifacts and nothing else. The manifest keeps size and sha256: what was pulled or made again
can be proved to be the same.

    {"version": 1, "files": [{"path": "artifacts/weights.npz", "bytes": 1, "sha256": "...",
                              "on": "2026-11-28", "why": "...", "left_in": "s3://bucket/prefix"}]}
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tegashiki.journal.format import layout, schemas
from tegashiki.storage import files


def read(folder: Path) -> list[dict[str, Any]]:
    """The files that were pruned; none where there is no pruned.json. TegashikiError if broken."""
    if not (folder / layout.PRUNED).is_file():
        return []
    return schemas.read(folder / layout.PRUNED, schemas.PRUNED)["files"]


def gone(folder: Path) -> set[str]:
    """Paths of the artifacts that may be missing."""
    return {e["path"] for e in read(folder) if e["path"].startswith(f"{layout.ARTIFACTS}/")}


def note(folder: Path, entries: Iterable[dict[str, Any]], why: str, left_in: str | None) -> None:
    """Add manifest entries to pruned.json; `left_in` is the store that has them, if any."""
    known = {entry["path"]: entry for entry in read(folder)}
    for entry in entries:
        known[entry["path"]] = {name: entry[name] for name in ("path", "bytes", "sha256")} | {
            "on": files.now()[:10], "why": why, "left_in": left_in}
    files.write_json(folder / layout.PRUNED, {"version": layout.VERSION,
                                              "files": list(known.values())})
