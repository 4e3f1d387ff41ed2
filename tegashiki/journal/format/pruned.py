"""pruned.json: what left a run to save room, when, why, and where it is now.

    pruned.note(folder, entries, "not among the released or the last 3", "s3://bucket/prefix")
    pruned.gone(folder)                  # {"artifacts/weights.npz": None}

Like rights.json it is written after the run was sealed, so the manifest does not list it; it can
excuse artifacts, pictures, and the notebook without its outputs, whose sha256 is then `left`, and
nothing else. The manifest keeps size and sha256: what was pulled or made again can be proved to be
the same.

    {"version": 3, "files": [{"path": "artifacts/weights.npz", "bytes": 1, "sha256": "...",
                              "on": "2026-11-28", "why": "...", "left_in": "s3://bucket/prefix"}]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tegashiki.journal.format import layout, schemas
from tegashiki.storage import files

VERSION = 3  # 1 and 2, those of the run's format then, knew artifacts only
_MAY_GO = (f"{layout.ARTIFACTS}/", f"{layout.PICTURES}/")


def read(folder: Path) -> list[dict[str, Any]]:
    """The files that were pruned; none where there is no pruned.json. TegashikiError if broken."""
    if not (folder / layout.PRUNED).is_file():
        return []
    return schemas.read(folder / layout.PRUNED, schemas.PRUNED)["files"]


def gone(folder: Path) -> dict[str, str | None]:
    """What may be missing; for the notebook the sha256 of what may stand in its place."""
    return {e["path"]: e.get("left") for e in read(folder)
            if e["path"].startswith(_MAY_GO) or (e["path"] == layout.NOTEBOOK and e.get("left"))}


def note(folder: Path, entries: Iterable[dict[str, Any]], why: str, left_in: str | None,
         left: Mapping[str, str] | None = None) -> None:
    """Add manifest entries to pruned.json; `left_in` is the store that has them, if any.

    `left`: for a path the sha256 of what stands in its place from now on.
    """
    known = {entry["path"]: entry for entry in read(folder)}
    for entry in entries:
        known[entry["path"]] = {name: entry[name] for name in ("path", "bytes", "sha256")} | {
            "on": files.now()[:10], "why": why, "left_in": left_in}
        if left and entry["path"] in left:
            known[entry["path"]]["left"] = left[entry["path"]]
    files.write_json(folder / layout.PRUNED, {"version": VERSION, "files": list(known.values())})
