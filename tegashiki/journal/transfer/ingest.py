"""Taking in a run that was made elsewhere: everything is checked before anything is kept.

    run = ingest.ingest(Path("ink2tex-20261120T101010Z-train-3f9a1c2b.zip"), paths.runs_root())

A bundle comes from a stranger until its hashes say what it is, and even then it may lie about
what it did. It is unpacked under a hidden name, judged, and renamed into the archive, or removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import check, index
from tegashiki.journal.archive.reader import ArchivedRun, runs
from tegashiki.journal.format import folder, layout
from tegashiki.journal.transfer import file_scan, sources
from tegashiki.journal.transfer.sources import Bundle, Folder
from tegashiki.storage import files


def ingest(path: Path, root: Path) -> tuple[ArchivedRun, bool]:
    """Take the run in `path`, a bundle or a run's folder, into the archive `root`.

    Returns the run, and whether it is new (False: the same run was there already). Raises
    TegashikiError with the reason if it is refused; the archive is then as it was.
    """
    with Folder(path) if path.is_dir() else Bundle(path) as source:
        return _take(path, source, root)


def _take(path: Path, source: Folder | Bundle, root: Path) -> tuple[ArchivedRun, bool]:
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
    except OSError as error:
        raise TegashikiError(f"{path}: cannot be taken in: {error.strerror or error}") from error
    index.refresh(root)
    return ArchivedRun(root / series / name), True


def _unpack(source: Bundle | Folder, home: Path) -> None:
    """Write the files, counting what really comes: sizes in a zip are claims."""
    total = 0
    for name, blocks, told in source:
        content = bytearray()
        most = told.get("bytes", sources.FILE_LIMIT)
        with contextlib.closing(blocks):
            for block in blocks:
                content += block
                total += len(block)
                if len(content) > most or total > sources.TOTAL_LIMIT:
                    why = "bigger than it says, or than allowed"
                    raise TegashikiError(f"{source.path}: {name}: {why}")
        if told and hashlib.sha256(content).hexdigest() != told["sha256"]:
            raise TegashikiError(f"{source.path}: {name}: its sha256 is another than listed")
        if name == layout.IGNORE and not _plain_rules(bytes(content)):
            raise TegashikiError(f"{source.path}: {name}: rules that are not ours; refused")
        if what := file_scan.danger(name, bytes(content)):
            raise TegashikiError(f"{source.path}: {name}: {what}; refused")
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        files.write_bytes(home / name, bytes(content))


def _plain_rules(content: bytes) -> bool:
    """Whether a .gitignore only names files of its own run."""
    lines = content.decode("utf-8", errors="replace").splitlines()
    return all(line.startswith(("#", "/")) for line in lines if line)


def _judge(path: Path, run: ArchivedRun, series: str, step: str, id: str) -> None:
    """Whether what was unpacked is a run, and is what it says of itself."""

    def refuse(why: str) -> None:
        raise TegashikiError(f"{path}: {why}; refused")

    record, status = run.record, run.outcome
    if run.fault:
        refuse(run.fault)
    if (record["series"], record["step"], record["id"]) != (series, step, id):
        refuse(f"{layout.RUN} is of {record['series']} {record['step']} {record['id']}")
    if status["status"] == layout.RUNNING:
        refuse("the run still goes on")
    if status["status"] != layout.DIED and (problems := run.broken()):
        refuse(problems[0])
    for problem in check.contents(run):
        refuse(f"{problem.kind}: {problem.what}")


def _compare(path: Path, known: ArchivedRun, hidden: Path) -> ArchivedRun:
    """The run of the same id that is here already; a TegashikiError if it is another one."""
    theirs = files.read_json(hidden / layout.STATUS)
    if theirs.get("manifest_sha256") != known.outcome.get("manifest_sha256"):
        raise TegashikiError(f"{path}: another run {known.id} is in the archive; refused")
    return known
