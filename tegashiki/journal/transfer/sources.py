"""What came from elsewhere, opened: a bundle or a run's folder, names and sizes checked.

    with Bundle(path) as source:
        for name, blocks, told in source: ...     # told: {"bytes", "sha256"} as listed

Nothing is written here. Sizes in a zip are claims, so whoever reads the blocks counts them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout, schemas
from tegashiki.journal.transfer import bundle
from tegashiki.storage import files, guard

FILE_LIMIT = 100 * layout.MEGABYTE  # unpacked, one file
TOTAL_LIMIT = 400 * layout.MEGABYTE  # unpacked, all files
COUNT_LIMIT = 2000  # files
RATIO_LIMIT = 300  # unpacked bytes for a packed one; 20 000 lines of a log come near 100
_BLOCK = 1 << 16
# The files of a run; all others lie in its two folders.
_OURS = {
    layout.RUN, layout.STATUS, layout.MANIFEST, layout.RESULTS, layout.METRICS, layout.LOG,
    layout.NOTEBOOK, layout.PATCH, layout.IGNORE, layout.VERIFY, layout.RIGHTS, layout.PRUNED,
    layout.SIGNATURE, layout.NOTES, layout.SYSTEM,
}  # fmt: skip
_ROOMS = (layout.ARTIFACTS, layout.PICTURES)
_PLAIN = re.compile(r"[\w.,=+@ ()-]+")  # one component of a path


class Bundle:
    """A bundle: its contents as it lists them, checked against what the zip really holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            entries = self._zip.infolist()
        except FileNotFoundError:
            raise TegashikiError(f"{path}: no such file") from None
        except guard.DAMAGED as error:
            raise TegashikiError(f"{path}: not a bundle: {error}") from None
        try:
            self._read(path, entries)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Bundle:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _read(self, path: Path, entries: list[zipfile.ZipInfo]) -> None:
        self.entries = {entry.filename: entry for entry in entries}
        if len(entries) > COUNT_LIMIT:
            raise TegashikiError(f"{path}: {len(entries)} files; at most {COUNT_LIMIT}")
        if len(self.entries) < len(entries):
            raise TegashikiError(f"{path}: two files of one name")
        for entry in entries:
            self._check(entry)
        contents = self._contents()
        self.series, self.folder = str(contents.get("series")), str(contents.get("folder"))
        self.listed = _listed(path, contents)
        missing = {bundle.INSIDE + name for name in self.listed} - self.entries.keys()
        unlisted = self.entries.keys() - {bundle.INSIDE + n for n in self.listed}
        for wrong, what in ((missing, "listed, but not there"), (unlisted, "not listed")):
            if wrong - {bundle.CONTENTS}:
                raise TegashikiError(f"{path}: {sorted(wrong - {bundle.CONTENTS})[0]}: {what}")

    def __iter__(self) -> Iterator[tuple[str, Generator[bytes, None, None], dict[str, Any]]]:
        for name, told in self.listed.items():
            yield name, self._blocks(bundle.INSIDE + name), told

    def _check(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename
        problem = unsafe(name)
        if entry.orig_filename != name:  # zipfile cut it at a NUL byte, or turned backslashes
            problem = "a name that hides another"
        elif not problem and entry.is_dir():
            problem = "is a folder of its own"
        if problem := problem or guard.zip_entry(entry, FILE_LIMIT, RATIO_LIMIT):
            raise TegashikiError(f"{self.path}: {name!r}: {problem}")

    def _contents(self) -> dict[str, Any]:
        if bundle.CONTENTS not in self.entries:
            raise TegashikiError(f"{self.path}: no {bundle.CONTENTS}, so not a bundle of a run")
        where = f"{self.path}: {bundle.CONTENTS}"
        text = b"".join(self._blocks(bundle.CONTENTS))
        return schemas.check(files.parse_json(text, where), schemas.BUNDLE, where)

    def _blocks(self, name: str) -> Generator[bytes, None, None]:
        try:
            with self._zip.open(name) as file:
                while block := file.read(_BLOCK):
                    yield block
        except guard.DAMAGED as error:
            raise TegashikiError(f"{self.path}: {name}: damaged: {error}") from None


class Folder:
    """A run's folder, as a bare papermill or another checkout leaves it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.series, self.folder = self.path.parent.name, self.path.name
        self.names = []
        for item in sorted(self.path.rglob("*")):
            name = item.relative_to(self.path).as_posix()
            if item.is_symlink():
                raise TegashikiError(f"{path}: {name!r}: a link")
            if item.is_dir():
                continue
            problem = unsafe(name) or foreign(name)
            if problem := problem or (None if item.is_file() else "is no plain file"):
                raise TegashikiError(f"{path}: {name!r}: {problem}")
            self.names.append(name)
        if len(self.names) > COUNT_LIMIT:
            raise TegashikiError(f"{path}: {len(self.names)} files; at most {COUNT_LIMIT}")

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> Iterator[tuple[str, Generator[bytes, None, None], dict[str, Any]]]:
        for name in self.names:
            yield name, (block for block in [(self.path / name).read_bytes()]), {}


def unsafe(name: str) -> str | None:
    """Why a path does not go into the archive, or None.

    >>> unsafe("../../etc/passwd"), unsafe("pictures/curves.svg")
    ('a path that leaves the folder', None)
    """
    parts = name.split("/")
    if guard.leads_out(name) or "\\" in name or ":" in name:
        return "a path that leaves the folder"
    if "" in parts or "." in parts or len(name) > 200 or len(parts) > 8:
        return "not a plain path"
    if not all(_PLAIN.fullmatch(part) for part in parts):
        return "a name with odd characters"
    if ".git" in map(str.lower, parts):
        return "a git folder"
    return None


def foreign(name: str) -> str | None:
    """Why a file is none that a run has, or None.

    >>> foreign("artifacts/model.tflite"), foreign("artifacts/.gitattributes"), foreign("notes.txt")
    (None, 'a hidden file', 'not a file of a run')
    """
    parts = name.split("/")
    if name not in _OURS and (parts[0] not in _ROOMS or len(parts) < 2):
        return "not a file of a run"
    if any(part.startswith(".") for part in parts) and name not in _OURS:
        return "a hidden file"
    return None


def _listed(path: Path, contents: dict[str, Any]) -> dict[str, dict[str, Any]]:
    listed = {entry["path"]: entry for entry in contents["files"]}
    for name in listed:
        if problem := unsafe(name) or foreign(name):
            raise TegashikiError(f"{path}: {name!r}: {problem}")
    if len({name.lower() for name in listed}) < len(contents["files"]):
        raise TegashikiError(f"{path}: {bundle.CONTENTS}: two files of one name")
    return listed
