"""Take pictures out of an archived run; its record stays true: rights.json says why they are gone.

    withdraw.withdraw(run, ["pictures/bodies.svg"], why="nobody stated a licence")

A picture that goes also goes from the cell of the notebook that made it. The manifest stays as it
was sealed; `check` accepts the gap because rights.json names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import licences
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest, notebook, rights
from tegashiki.storage import files


def withdraw(run: ArchivedRun, paths: Sequence[str], why: str) -> None:
    """Remove the pictures at `paths` (as the manifest lists them), also from the notebook.

    Raises TegashikiError for what is no picture of the run, before anything is removed.
    """
    if not why.strip():
        raise TegashikiError("withdraw: say why; the reason stays in place of the picture")
    listed = {entry["path"]: entry for entry in manifest.read(run.folder)}
    for path in paths:
        if path not in listed or not rights.is_picture(path):
            known = ", ".join(p for p in listed if rights.is_picture(p)) or "none"
            raise TegashikiError(f"{path}: no picture of run {run.id}; it has {known}")
    told = rights.read(run.folder)
    entries = {entry["path"]: entry for entry in told["withdrawn"]}
    for path in paths:
        entries[path] = _entry(listed[path], None, why)
        told["pictures"].pop(path, None)
    left = _without(run.folder / layout.NOTEBOOK, {Path(path).stem for path in paths}, why)
    if left is not None:
        entries[layout.NOTEBOOK] = _entry(listed[layout.NOTEBOOK], None, why)
    told["withdrawn"] = list(entries.values())
    if left is not None:
        files.write_text(run.folder / layout.NOTEBOOK, left)
        entries[layout.NOTEBOOK]["left"] = files.sha256(run.folder / layout.NOTEBOOK)
    files.write_json(run.folder / layout.RIGHTS, told)
    for path in paths:
        (run.folder / path).unlink(missing_ok=True)


def _entry(listed: dict[str, Any], left: str | None, why: str) -> dict[str, Any]:
    """One withdrawn file as rights.json keeps it; size and hash are those that the run sealed."""
    return {"path": listed["path"], "bytes": listed["bytes"], "sha256": listed["sha256"],
            "left": left, "on": files.now()[:10], "why": why}


def _without(path: Path, names: set[str], why: str) -> str | None:
    """The notebook's text without the pictures of the cells that name them; None if none did."""
    if not path.is_file():
        return None
    content, found = notebook.read(path), False
    for cell in content.cells:
        if not names & licences.quoted(cell["source"]):
            continue
        for number, output in enumerate(cell.get("outputs", ())):
            if licences.holds_picture(output):
                cell["outputs"][number] = _sentence(why)
                found = True
    return notebook.text(content) if found else None


def _sentence(why: str) -> Any:
    from nbformat import NotebookNode

    said = f"[a picture stood here; it was taken out: {why}]\n"
    return NotebookNode(output_type="stream", name="stdout", text=said)
