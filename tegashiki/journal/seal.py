"""Closing a run: what is too big for git is ignored, all files are listed with their hashes.

    digest = seal.seal(folder, keep=["model.tflite"])    # sha256 of manifest.json
    seal.broken(folder)                                  # [] if every file is as it was

status.json is written after the manifest and carries its sha256, so a run is never `ok` before
all its files are accounted for.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal import files, format

_TRANSIENT = (format.PROGRESS, format.RESERVE, format.STDERR)
_UNLISTED = {format.MANIFEST, format.STATUS, format.VERIFY, *_TRANSIENT}


def seal(folder: Path, keep: Iterable[str] = ()) -> str:
    """Write .gitignore and manifest.json; return the manifest's sha256.

    `keep` names the artifacts that should go into git although they are big.
    """
    kept = {f"{format.ARTIFACTS}/{name}" for name in keep}
    for name in _TRANSIENT:
        (folder / name).unlink(missing_ok=True)
    for leftover in folder.glob(".*.part"):  # of a process that was killed while it wrote
        leftover.unlink()
    for empty in (folder / format.ARTIFACTS, folder / format.PICTURES):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()
    big = [name for name in _listed(folder) if not _fits(folder / name, name in kept)]
    if big:
        rules = ["# Too big for git; manifest.json has their size and sha256."]
        files.write_text(folder / format.IGNORE, "\n".join([*rules, *map(_pattern, big)]) + "\n")
    listed = [
        {
            "path": name,
            "bytes": (folder / name).stat().st_size,
            "sha256": files.sha256(folder / name),
            "in_git": name not in big,
        }
        for name in _listed(folder)
    ]
    files.write_json(folder / format.MANIFEST, {"version": format.VERSION, "files": listed})
    return files.sha256(folder / format.MANIFEST)


def broken(folder: Path, status: dict[str, Any]) -> list[str]:
    """What differs between the folder and its manifest; what git leaves out may be missing."""
    try:
        listed = manifest(folder)
    except TegashikiError as error:
        return [str(error)]
    problems = []
    if files.sha256(folder / format.MANIFEST) != status.get("manifest_sha256"):
        problems.append(f"{format.MANIFEST}: not the one that {format.STATUS} vouches for")
    for entry in listed:
        path = folder / entry["path"]
        if not path.is_file():
            if entry["in_git"]:
                problems.append(f"{entry['path']}: missing")
        elif path.stat().st_size != entry["bytes"] or files.sha256(path) != entry["sha256"]:
            problems.append(f"{entry['path']}: changed since the run")
    extra = set(_listed(folder)) - {entry["path"] for entry in listed}
    return problems + [f"{name}: not in the manifest" for name in sorted(extra)]


def manifest(folder: Path) -> list[dict[str, Any]]:
    """The files that the manifest lists. Raises TegashikiError if it is missing or broken."""
    content = files.read_json(folder / format.MANIFEST)
    if content.get("version") != format.VERSION or not isinstance(content.get("files"), list):
        raise TegashikiError(f"{folder / format.MANIFEST}: not of version {format.VERSION}")
    return content["files"]


def _listed(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in _UNLISTED)


def _fits(path: Path, keep: bool) -> bool:
    return path.stat().st_size <= (format.KEEP_LIMIT if keep else format.GIT_LIMIT) or (
        path.parent.name not in (format.ARTIFACTS, format.PICTURES)
        and path.name in (format.NOTEBOOK, format.LOG, format.METRICS, format.PATCH)
    )


def _pattern(name: str) -> str:
    """A .gitignore line that means exactly this file."""
    return "/" + "".join("\\" + c if c in "\\*?[]!# " else c for c in name)
