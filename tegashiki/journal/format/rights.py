"""Whose ink and bodies a run's pictures show, and which of its files were taken out again, and why.

    rights.note(folder, "pictures/mistakes.svg", rights.SETS, sets)    # as the picture is drawn
    rights.gone(folder)                       # {path: sha256 of what stands in its place, or None}

rights.json lies beside manifest.json, which does not list it: a picture may have to go long after
the run. It can excuse pictures and the pictures in the notebook, and nothing else.

    {"version": 1,
     "pictures": {"pictures/mistakes.svg": {"shows": "sets", "held": false, "sets": [
                     {"name": "crohme", "licence": "CC BY-NC-SA 3.0", "credit": "..."}]},
                  "pictures/confusion.svg": {"shows": "numbers", "held": false, "sets": []}},
     "withdrawn": [{"path": "pictures/bodies.svg", "bytes": 1, "sha256": "...", "left": null,
                    "on": "2026-11-28", "why": "..."}]}
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tegashiki.journal.format import layout, schemas
from tegashiki.storage import files

NUMBERS = "numbers"  # a chart: nobody's ink or body is seen on it
SETS = "sets"  # what is seen on it may come from any set that the run read, or a run before it
PICTURES = (".svg", ".png", ".gif", ".jpg", ".jpeg", ".webp", ".pdf", ".mp4")


def read(folder: Path) -> dict[str, Any]:
    """The content of rights.json; empty where there is none. Raises TegashikiError if broken."""
    if not (folder / layout.RIGHTS).is_file():
        return {"version": layout.VERSION, "pictures": {}, "withdrawn": []}
    return schemas.read(folder / layout.RIGHTS, schemas.RIGHTS)


def note(
    folder: Path, path: str, shows: str, sets: list[dict[str, str]], held: bool = False
) -> None:
    """Say what the picture at `path` shows, of which sets, and whether it is held back from git."""
    told = read(folder)
    told["pictures"][path] = {"shows": shows, "held": held, "sets": sets}
    files.write_json(folder / layout.RIGHTS, told)


def held(folder: Path) -> set[str]:
    """The pictures that must not go into git, nor into a bundle."""
    return {path for path, told in read(folder)["pictures"].items() if told["held"]}


def gone(folder: Path) -> dict[str, str | None]:
    """The files that were withdrawn, each with the sha256 of what was left in its place."""
    return {
        entry["path"]: entry["left"] for entry in read(folder)["withdrawn"]
        if is_picture(entry["path"]) or entry["path"] == layout.NOTEBOOK
    }  # fmt: skip


def is_picture(path: str) -> bool:
    """Whether a file of a run is one that people look at."""
    return path.startswith(f"{layout.PICTURES}/") or path.lower().endswith(PICTURES)
