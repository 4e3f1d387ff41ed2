"""Taking in a run that was made elsewhere: everything is checked before anything is kept.

    run = ingest.ingest(Path("ink2tex-20261120T101010Z-train-3f9a1c2b.zip"), place.runs_root())

A bundle comes from a stranger until its hashes say what it is, and even then it may lie about
what it did. It is unpacked under a hidden name, judged, and renamed into the archive, or removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import stat
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal import bundle, check, files, folder, index, layout, payload, verdict
from tegashiki.journal.archive import ArchivedRun, runs

FILE_LIMIT = 100 * layout.MEGABYTE  # unpacked, one file
TOTAL_LIMIT = 400 * layout.MEGABYTE  # unpacked, all files
COUNT_LIMIT = 2000  # files
RATIO_LIMIT = 300  # unpacked bytes for a packed one; 20 000 lines of a log come near 100
_BLOCK = 1 << 16
_PLAIN = re.compile(r"[\w.,=+@ ()-]+")  # one component of a path


def ingest(path: Path, root: Path) -> tuple[ArchivedRun, bool]:
    """Take the run in `path`, a bundle or a run's folder, into the archive `root`.

    Returns the run, and whether it is new (False: the same run was there already). Raises
    TegashikiError with the reason if it is refused; the archive is then as it was.
    """
    with _Folder(path) if path.is_dir() else _Zip(path) as source:
        return _take(path, source, root)


def _take(path: Path, source: _Folder | _Zip, root: Path) -> tuple[ArchivedRun, bool]:
    series, name = source.series, source.folder
    match = layout.FOLDER.fullmatch(name)
    if not match or not folder.NAME.fullmatch(series) or not folder.NAME.fullmatch(match["step"]):
        raise TegashikiError(f"{path}: {series!r}/{name!r}: not the name of a run's folder")
    away = root / series / f"{folder.HIDDEN}{match['id']}"
    hidden = away / name
    try:
        hidden.mkdir(parents=True)
        try:
            _unpack(source, hidden)
            _judge(path, ArchivedRun(hidden), series, match["step"], match["id"])
            known = next((run for run in runs(root) if run.id == match["id"]), None)
            if known is not None:
                return _compare(path, known, hidden), False
            hidden.rename(root / series / name)
        finally:
            shutil.rmtree(away, ignore_errors=True)
            if not any((root / series).iterdir()):
                (root / series).rmdir()
        index.rebuild(root)
    except OSError as error:
        raise TegashikiError(f"{path}: cannot be taken in: {error.strerror or error}") from error
    return ArchivedRun(root / series / name), True


class _Zip:
    """A bundle: its contents as it lists them, checked against what the zip really holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            entries = self._zip.infolist()
        except FileNotFoundError:
            raise TegashikiError(f"{path}: no such file") from None
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise TegashikiError(f"{path}: not a bundle: {error}") from None
        try:
            self._read(path, entries)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> _Zip:
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
        name, mode = entry.filename, entry.external_attr >> 16
        problem = unsafe(name)
        if entry.orig_filename != name:  # zipfile cut it at a NUL byte, or turned backslashes
            problem = "a name that hides another"
        elif stat.S_ISLNK(mode):
            problem = "a link"
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            problem = "not a plain file"
        elif entry.flag_bits & 1:
            problem = "encrypted"
        elif entry.file_size > FILE_LIMIT:
            problem = f"{entry.file_size:,} bytes; at most {FILE_LIMIT:,}"
        elif entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1000):
            problem = f"unpacks to {entry.file_size:,} bytes from {entry.compress_size:,}: a bomb"
        if problem:
            raise TegashikiError(f"{self.path}: {name!r}: {problem}")

    def _contents(self) -> dict[str, Any]:
        if bundle.CONTENTS not in self.entries:
            raise TegashikiError(f"{self.path}: no {bundle.CONTENTS}, so not a bundle of a run")
        try:
            contents = json.loads(b"".join(self._blocks(bundle.CONTENTS)))
        except ValueError as error:
            raise TegashikiError(f"{self.path}: {bundle.CONTENTS}: {error}") from None
        told = contents.get("version") if isinstance(contents, dict) else None
        if told != bundle.VERSION or contents.get("kind") != bundle.KIND:
            raise TegashikiError(
                f"{self.path}: {bundle.CONTENTS}: version {told}; this tegashiki takes "
                f"{bundle.VERSION} of kind {bundle.KIND!r}"
            )
        return contents

    def _blocks(self, name: str) -> Generator[bytes, None, None]:
        try:
            with self._zip.open(name) as file:
                while block := file.read(_BLOCK):
                    yield block
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise TegashikiError(f"{self.path}: {name}: damaged: {error}") from None


class _Folder:
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
            if problem := unsafe(name) or (None if item.is_file() else "not a plain file"):
                raise TegashikiError(f"{path}: {name!r}: {problem}")
            self.names.append(name)
        if len(self.names) > COUNT_LIMIT:
            raise TegashikiError(f"{path}: {len(self.names)} files; at most {COUNT_LIMIT}")

    def __enter__(self) -> _Folder:
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
    if ".." in parts or name.startswith("/") or "\\" in name or ":" in name:
        return "a path that leaves the folder"
    if "" in parts or "." in parts or len(name) > 200 or len(parts) > 8:
        return "not a plain path"
    if not all(_PLAIN.fullmatch(part) for part in parts):
        return "a name with odd characters"
    if any(part.lower() == ".git" or part.lower().startswith(".git/") for part in parts):
        return "a git folder"
    return None


def _listed(path: Path, contents: dict[str, Any]) -> dict[str, dict[str, Any]]:
    try:
        listed = {entry["path"]: entry for entry in contents["files"]}
        for name, entry in listed.items():
            if problem := unsafe(name):
                raise TegashikiError(f"{path}: {name!r}: {problem}")
            int(entry["bytes"]), str(entry["sha256"])
    except (KeyError, TypeError, ValueError):
        raise TegashikiError(f"{path}: {bundle.CONTENTS}: no proper list of files") from None
    if len({name.lower() for name in listed}) < len(contents["files"]):
        raise TegashikiError(f"{path}: {bundle.CONTENTS}: two files of one name")
    return listed


def _unpack(source: _Zip | _Folder, home: Path) -> None:
    """Write the files, counting what really comes: sizes in a zip are claims."""
    total = 0
    for name, blocks, told in source:
        content = bytearray()
        with contextlib.closing(blocks):
            for block in blocks:
                content += block
                total += len(block)
                if len(content) > told.get("bytes", FILE_LIMIT) or total > TOTAL_LIMIT:
                    why = "bigger than it says, or than allowed"
                    raise TegashikiError(f"{source.path}: {name}: {why}")
        if told and hashlib.sha256(content).hexdigest() != told["sha256"]:
            raise TegashikiError(f"{source.path}: {name}: its sha256 is another than listed")
        if what := payload.danger(name, bytes(content)):
            raise TegashikiError(f"{source.path}: {name}: {what}; refused")
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        files.write_bytes(home / name, bytes(content))


def _judge(path: Path, run: ArchivedRun, series: str, step: str, id: str) -> None:
    """Whether what was unpacked is a run, and is what it says of itself."""

    def refuse(why: str) -> None:
        raise TegashikiError(f"{path}: {why}; refused")

    record, outcome = run.record, run.outcome
    lacking = folder.record("", "", "", {}).keys() - record.keys()
    if lacking:
        refuse(f"{layout.RUN} lacks {sorted(lacking)[0]}")
    if (record["series"], record["step"], record["id"]) != (series, step, id):
        refuse(f"{layout.RUN} is of {record['series']} {record['step']} {record['id']}")
    if outcome["status"] == layout.RUNNING:
        refuse("the run still goes on")
    if outcome["status"] != layout.DIED and (problems := run.broken()):
        refuse(problems[0])
    if outcome["status"] == layout.OK:
        if outcome.get("witness") == "launcher":
            word, why = verdict.judge(run.folder, outcome.get("exit_code"))
        else:
            good = record["began"] and record["finished"]
            word, why = (layout.OK, None) if good else (layout.FAILED, "it was never finished")
        if word != layout.OK:
            refuse(f"it says ok, but {why}")
    for problem in check.contents(run):
        refuse(f"{problem.kind}: {problem.what}")


def _compare(path: Path, known: ArchivedRun, hidden: Path) -> ArchivedRun:
    """The run of the same id that is here already; a TegashikiError if it is another one."""
    theirs = files.read_json(hidden / layout.STATUS)
    if theirs.get("manifest_sha256") != known.outcome.get("manifest_sha256"):
        raise TegashikiError(f"{path}: another run {known.id} is in the archive; refused")
    return known
