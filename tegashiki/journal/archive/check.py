"""Whether the archive is what it claims: manifests, sizes, secrets, lineage, the index.

    problems = check.whole(paths.runs_root())          # [] if all is well
    for problem in problems: print(problem)

A check reads everything and changes nothing. Folders that still run are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import index, licences, reader
from tegashiki.journal.format import layout, manifest, metrics, notes, schemas
from tegashiki.journal.notebook import secrets

_TEXT_PROBE = 8192  # bytes: a file with a NUL among them is no text
_BLOCK = 4096  # bytes that a file takes on a disk at least, and a multiple of them


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it should be."""

    where: str  # a run's id, or a file of the archive
    kind: str  # record, manifest, rights, verdict, size, secret, lineage, index or claim
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}: {self.what}"


def whole(root: Path) -> list[Problem]:
    """All problems of the archive under `root`. Raises TegashikiError if there is no archive."""
    if not root.is_dir():
        raise TegashikiError(f"{root}: no archive; `tegashiki run` makes one")
    runs = reader.runs(root)
    known = {run.id: run for run in runs}
    problems = [problem for run in runs for problem in one(run, known)]
    return problems + _unique(runs) + _budget(root, runs) + _index(root)


def one(run: reader.ArchivedRun, known: dict[str, reader.ArchivedRun]) -> list[Problem]:
    """The problems of one run; `known` are the runs that it may have read from, by id."""
    if run.status == layout.RUNNING:
        return []
    try:
        record = run.record
    except TegashikiError as error:
        return [Problem(run.id, "record", str(error))]
    problems = [Problem(run.id, "record", what) for what in _named(run)]
    if run.status != layout.DIED:  # a dead run had no time to write a manifest
        problems += [Problem(run.id, "manifest", what) for what in run.broken()]
    problems += contents(run) + _rights(run, known)
    return problems + [Problem(run.id, "lineage", what) for what in _lineage(record, known)]


def _rights(run: reader.ArchivedRun, known: dict[str, reader.ArchivedRun]) -> list[Problem]:
    table = licences.load(run.folder.parent.parent)
    if table is None or run.status == layout.DIED:
        return []
    try:
        return [Problem(run.id, "rights", what) for what in licences.problems(run, known, table)]
    except TegashikiError as error:
        return [Problem(run.id, "rights", str(error))]


def contents(run: reader.ArchivedRun) -> list[Problem]:
    """The problems of what lies in the folder, whatever it is called and wherever it came from."""
    found = {"record": _readable(run), "verdict": _verified(run), "size": _sizes(run),
             "secret": _secrets(run)}
    return [Problem(run.id, kind, what) for kind, whats in found.items() for what in whats]


def in_git(run: reader.ArchivedRun) -> dict[str, int]:
    """The files of a run that git takes, and their bytes; of a dead run all but its artifacts."""
    try:
        names = [entry["path"] for entry in manifest.read(run.folder) if entry["in_git"]]
    except TegashikiError:
        names = [path.name for path in run.folder.iterdir() if path.is_file()]
    names = {*names, layout.MANIFEST, layout.STATUS, layout.VERIFY, layout.SIGNATURE, layout.NOTES,
             layout.IGNORE, layout.PRUNED, layout.RIGHTS}
    return {name: path.stat().st_size for name in sorted(names)
            if (path := run.folder / name).is_file()}  # fmt: skip


def on_disk(root: Path, runs: Iterable[reader.ArchivedRun]) -> int:
    """Bytes that the archive takes in a checkout, as `du` counts them: in whole blocks.

    An archive is many small files and folders, so this is a sixth more than their sizes.
    """
    sizes = {path: path.stat().st_size for path in root.iterdir() if path.is_file()}
    for run in runs:
        sizes |= {run.folder / name: size for name, size in in_git(run).items()}
    rooms = {parent for path in sizes for parent in path.parents if parent.is_relative_to(root)}
    return _BLOCK * (len(rooms) + sum(-(-size // _BLOCK) for size in sizes.values()))


def _named(run: reader.ArchivedRun) -> Iterable[str]:
    """What the record says against the folder that it lies in."""
    told = (run.record.get("series"), run.record.get("step"), run.record.get("id"))
    if told != (run.series, run.step, run.id):
        yield f"{layout.RUN} is of {' '.join(map(str, told))}; the folder was renamed or mixed up"


def _readable(run: reader.ArchivedRun) -> Iterable[str]:
    """Files that a reader will open and that are broken."""
    try:
        _ = run.results
    except TegashikiError as error:
        yield str(error)
    if (path := run.folder / layout.METRICS).is_file():
        try:
            metrics.read(path)
        except TegashikiError as error:
            yield str(error)
    try:
        notes.read(run.folder)
    except TegashikiError as error:
        yield str(error)
    if not (run.folder / layout.STATUS).is_file():
        yield f"{layout.STATUS}: missing; the folder was copied in part, or its run died at once"


def _verified(run: reader.ArchivedRun) -> Iterable[str]:
    """A verdict that is about something else than what lies here."""
    if not (run.folder / layout.VERIFY).is_file():
        return
    try:
        told = schemas.read(run.folder / layout.VERIFY, schemas.VERIFY)
    except TegashikiError as error:
        yield str(error)
        return
    sha256 = run.outcome.get("manifest_sha256")
    if told["version"] > 1 and (told["run"], told["manifest_sha256"]) != (run.id, sha256):
        yield f"{layout.VERIFY} is about another run, or about this one before it was changed"


def _sizes(run: reader.ArchivedRun) -> Iterable[str]:
    sizes = in_git(run)
    for name, size in sizes.items():
        if "/" in name and size > layout.KEEP_LIMIT:
            yield f"{name}: {_megabytes(size)} in git; at most {_megabytes(layout.KEEP_LIMIT)}"
    if (total := sum(sizes.values())) > layout.RUN_LIMIT:
        yield f"{_megabytes(total)} in git; at most {_megabytes(layout.RUN_LIMIT)} for a run"


def _secrets(run: reader.ArchivedRun) -> Iterable[str]:
    for name, value in run.parameters.items():
        if why := secrets.reason(name, value):
            yield f"parameter {name}: {why}"
    for name in in_git(run):
        content = (run.folder / name).read_bytes()
        if b"\0" in content[:_TEXT_PROBE]:
            continue
        if what := secrets.form(content.decode(errors="replace")):
            yield f"{name}: holds what looks like {what}; revoke it, and remove the run"


def _lineage(record: dict, known: dict[str, reader.ArchivedRun]) -> Iterable[str]:
    """Runs that are named and are not there, or are not as they were when they were read."""
    for item in record["upstream"]:
        earlier = known.get(item["id"])
        if earlier is None:
            yield f"read run {item['id']} of {item['step']}, which is not in the archive"
        elif earlier.outcome.get("manifest_sha256") != item.get("manifest_sha256"):
            yield f"read run {item['id']} of {item['step']}, which has changed since"
    for gate in record["gates"]["required"]:
        if gate.get("run") not in known:
            yield f"gate {gate['name']!r} was passed by run {gate.get('run')}, which is not here"
    earlier = (record.get("predecessor") or {}).get("id")
    if earlier is not None and earlier not in known:
        yield f"goes on from run {earlier}, which is not in the archive"


def _unique(runs: list[reader.ArchivedRun]) -> list[Problem]:
    seen: dict[str, reader.ArchivedRun] = {}
    problems = []
    for run in runs:
        if (first := seen.setdefault(run.id, run)) is not run:
            problems.append(Problem(run.id, "record", f"{first.name} has the same id"))
    return problems


def _budget(root: Path, runs: list[reader.ArchivedRun]) -> list[Problem]:
    total = on_disk(root, runs)
    if total <= layout.ARCHIVE_LIMIT:
        return []
    what = f"{_megabytes(total)} on disk; at most {_megabytes(layout.ARCHIVE_LIMIT)} for all runs"
    return [Problem(root.name, "size", what)]


def _index(root: Path) -> list[Problem]:
    path = root / index.NAME
    if path.is_file() and path.read_text(encoding="utf-8") == index.text(root):
        return []
    what = "differs from" if path.is_file() else "missing beside"
    return [Problem(index.NAME, "index", f"{what} the folders; `tegashiki check --index` mends it")]


def _megabytes(size: int) -> str:
    return f"{size / layout.MEGABYTE:.1f} MB"
