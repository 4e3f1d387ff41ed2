"""Closing a run: what is too big for git is ignored, all files are listed with their hashes.

    digest = manifest.write(folder, keep=["model.tflite"])    # sha256 of manifest.json
    manifest.broken(folder, status)                           # [] if every file is as it was

status.json is written after the manifest and carries its sha256, so a run is never `ok` before
all its files are accounted for.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout, pruned, rights, schemas
from tegashiki.storage import files

_TRANSIENT = (layout.PROGRESS, layout.RESERVE, layout.STDERR)
_UNLISTED = {layout.MANIFEST, layout.STATUS, layout.VERIFY, layout.RIGHTS, layout.PRUNED,
             layout.SIGNATURE, layout.NOTES, *_TRANSIENT}  # fmt: skip


def write(folder: Path, keep: Collection[str] = (), private: Collection[str] = ()) -> str:
    """Write .gitignore and manifest.json; return the manifest's sha256.

    `keep` names the artifacts, files or folders, that should go into git although they are big,
    `private` those that must not, whatever their size.
    """
    for name in _TRANSIENT:
        (folder / name).unlink(missing_ok=True)
    for leftover in folder.glob(".*.part"):  # of a process that was killed while it wrote
        leftover.unlink()
    for empty in (folder / layout.ARTIFACTS, folder / layout.PICTURES):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()
    sizes = {name: (folder / name).stat().st_size for name in _listed(folder)}
    withheld = {name for name in sizes if within(name, private)} | rights.held(folder)
    public = {name: size for name, size in sizes.items() if name not in withheld}
    left_out = withheld | set(_too_big(public, keep))
    if left_out:
        rules = ["# Too big for git, or not ours to publish; manifest.json has size and sha256."]
        text = "\n".join([*rules, *map(_pattern, sorted(left_out))]) + "\n"
        files.write_text(folder / layout.IGNORE, text)
    listed = [
        {
            "path": name,
            "bytes": (folder / name).stat().st_size,
            "sha256": files.sha256(folder / name),
            "in_git": name not in left_out,
        }
        for name in _listed(folder)
    ]
    files.write_json(folder / layout.MANIFEST, {"version": layout.VERSION, "files": listed})
    return files.sha256(folder / layout.MANIFEST)


def broken(folder: Path, status: dict[str, Any]) -> list[str]:
    """What differs between the folder and its manifest; what git leaves out may be missing.

    So may pictures that were withdrawn later, as rights.json says, and what was let go to save
    room, as pruned.json says.
    """
    try:
        listed, gone = read(folder), rights.gone(folder)
        let_go = pruned.gone(folder)
    except TegashikiError as error:
        return [str(error)]
    problems = []
    if files.sha256(folder / layout.MANIFEST) != status.get("manifest_sha256"):
        problems.append(f"{layout.MANIFEST}: not the one that {layout.STATUS} vouches for")
    for entry in listed:
        path = folder / entry["path"]
        if not path.is_file():
            if entry["in_git"] and entry["path"] not in gone and entry["path"] not in let_go:
                problems.append(f"{entry['path']}: missing")
        elif entry["path"] in gone:
            # A notebook may have lost a picture and, later, the rest: never the sealed one again.
            left = {gone[entry["path"]], let_go.get(entry["path"])} - {entry["sha256"]}
            if files.sha256(path) not in left:
                problems.append(f"{entry['path']}: was withdrawn, and stands here again or changed")
        elif files.sha256(path) not in (entry["sha256"], let_go.get(entry["path"])):
            problems.append(f"{entry['path']}: changed since the run")
    extra = set(_listed(folder)) - {entry["path"] for entry in listed}
    return problems + [f"{name}: not in the manifest" for name in sorted(extra)]


def read(folder: Path) -> list[dict[str, Any]]:
    """The files that the manifest lists. Raises TegashikiError if it is missing or broken."""
    return schemas.read(folder / layout.MANIFEST, schemas.MANIFEST)["files"]


def _listed(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in _UNLISTED)


def within(file: str, artifacts: Collection[str]) -> bool:
    """Whether the file is one of the artifacts, or lies in one that is a folder."""
    places = [f"{layout.ARTIFACTS}/{name}" for name in artifacts]
    return any(file == place or file.startswith(f"{place}/") for place in places)


def _too_big(sizes: dict[str, int], keep: Collection[str]) -> list[str]:
    """The files that stay out of git: over their own limit, or over that of the whole run."""
    big = []
    for name, size in sizes.items():
        limit = layout.KEEP_LIMIT if within(name, keep) else layout.GIT_LIMIT
        # The files beside the folders are the record itself; each is bounded where it is written.
        if "/" in name and size > limit:
            big.append(name)
    rest = sorted((n for n in sizes if "/" in n and n not in big), key=lambda n: sizes[n])
    while rest and sum(sizes[n] for n in sizes if n not in big) > layout.RUN_LIMIT:
        big.append(rest.pop())
    return big


def _pattern(name: str) -> str:
    """A .gitignore line that means exactly this file."""
    return "/" + "".join("\\" + c if c in "\\*?[]!# " else c for c in name)
