"""The place where a run is done again: its own tree, and the archive as it was when it began.

    tree(run, checkout, home)                  # the run's commit and patch, checked out in `home`
    archive(run, runs)                         # the runs that were there then, linked into `runs`
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest, pruned, rights
from tegashiki.journal.session import git
from tegashiki.storage import files


class CannotError(TegashikiError):
    """What is missing for doing the run again."""


def tree(run: ArchivedRun, checkout: Path, home: Path) -> None:
    """A clone at the run's commit with its patch; objects are shared, nothing is downloaded.

    The `shared` beside the checkout lies beside the clone too: some notebooks name files there.
    """
    code = run.record["code"]
    cloned = git.ask(
        checkout, "clone", "--quiet", "--shared", "--no-checkout", ".", str(home),
        settings={"GIT_LFS_SKIP_SMUDGE": "1"},
    )  # fmt: skip
    if cloned is None:
        raise CannotError(f"{checkout} cannot be cloned")
    if git.ask(home, "checkout", "--quiet", "--detach", code["commit"]) is None:
        if git.ask(home, "cat-file", "-e", code["commit"]) is None:
            raise CannotError(f"commit {code['commit'][:12]} is not in this repository")
        raise CannotError(f"commit {code['commit'][:12]} was not checked out in time; try again")
    patch = str(run.folder / layout.PATCH)
    if code.get("patch") and git.ask(home, "apply", "--whitespace=nowarn", patch) is None:
        raise CannotError(f"{layout.PATCH} does not fit its commit")
    if not (home / run.record["notebook"]["path"]).is_file():
        raise CannotError(f"{run.record['notebook']['path']} is not in its commit")
    beside = home.parent / "shared"
    if (checkout.parent / "shared").is_dir() and not beside.exists():
        beside.symlink_to((checkout.parent / "shared").resolve())


def read_from(run: ArchivedRun) -> list[ArchivedRun]:
    """The runs that it read from or whose gate it passed. Raises CannotError if one is not good."""
    root = run.folder.parents[1]
    wanted = {item["id"]: item["step"] for item in run.record["upstream"]}
    wanted |= {gate["run"]: gate["name"] for gate in run.record["gates"]["required"]}
    found = []
    for id, what in wanted.items():
        try:
            earlier = reader.find(root, id)
        except TegashikiError:
            raise CannotError(f"run {id} ({what}), which it read from, is not in the archive"
                              ) from None  # fmt: skip
        if earlier.fault or (problems := earlier.broken()):
            raise CannotError(f"run {id} ({what}), which it read from: "
                              f"{earlier.fault or problems[0]}")  # fmt: skip
        found.append(earlier)
    return found


def archive(run: ArchivedRun, runs: Path, checkout: Path) -> None:
    """Link into `runs` what a notebook that reads the archive found there when the run began.

    That is what was committed with its code, and what the run's own machine had finished before;
    what other machines finished earlier and brought later was not there, and is left out. What it
    came from was there, down to the first run: a model card names all data of its lineage.
    """
    root = run.folder.parents[1]
    there = _committed(run, root, checkout)
    series = run.record["series_run"]
    for earlier in reader.sound(root):
        before = (earlier.outcome.get("ended") or "~") <= (run.outcome.get("started") or "")
        same = series is not None and earlier.record["series_run"] == series
        if before and (there is None or earlier.name in there or same):
            link(earlier, runs)
    for earlier in read_from(run):
        link(earlier, runs)
    for earlier in _lineage(run, root):
        link(earlier, runs)
    runs.mkdir(exist_ok=True)


def _lineage(run: ArchivedRun, root: Path) -> list[ArchivedRun]:
    """What it came from, over all generations, as far as it is here and sound."""
    sound = {other.id: other for other in reader.sound(root)}
    found: dict[str, ArchivedRun] = {}
    left = [item["id"] for item in run.record["upstream"]]
    while left:
        id = left.pop()
        if id in sound and id not in found:
            found[id] = sound[id]
            left += [item["id"] for item in sound[id].record["upstream"]]
    return list(found.values())


def link(run: ArchivedRun, runs: Path) -> Path:
    """The run's folder in another archive, its files linked.

    What was written beside it later is left out, as an older reader takes it for a foreign file;
    but for what says that a file is missing with good reason.
    """
    home = runs / run.series / run.name
    later = [layout.VERIFY, layout.NOTES, layout.SIGNATURE]
    later += [] if rights.gone(run.folder) else [layout.RIGHTS]
    later += [] if pruned.gone(run.folder) else [layout.PRUNED]
    if not home.is_dir():
        shutil.copytree(run.folder, home, copy_function=_link,
                        ignore=shutil.ignore_patterns(*later))  # fmt: skip
        _for_older_code(home)
    return home


def _for_older_code(home: Path) -> None:
    """Code from before version 3 of pruned.json reads what it says of artifacts all the same."""
    told = pruned.read(home)
    if told and all(entry["path"].startswith(f"{layout.ARTIFACTS}/") for entry in told):
        path = home / layout.PRUNED
        path.unlink()                       # a link: the archive's own stays as it is
        files.write_json(path, {"version": 2, "files": told})


def missing(run: ArchivedRun) -> list[dict[str, Any]]:
    """The artifacts of a run that its manifest lists and that are not on this machine."""
    return [entry for entry in manifest.read(run.folder)
            if entry["path"].startswith(f"{layout.ARTIFACTS}/")
            and not (run.folder / entry["path"]).is_file()]  # fmt: skip


def _committed(run: ArchivedRun, root: Path, checkout: Path) -> set[str] | None:
    """Names of the folders of runs in the run's commit; None where the archive is not in git."""
    if not root.resolve().is_relative_to(checkout.resolve()):
        return None
    place = root.resolve().relative_to(checkout.resolve()).as_posix()
    commit = run.record["code"]["commit"]
    listed = git.ask(checkout, "ls-tree", "-r", "-z", "--name-only", commit, "--", f"{place}/")
    names = {path.split("/")[-2] for path in (listed or b"").decode().split("\0")
             if path.endswith(f"/{layout.RUN}")}  # fmt: skip
    return names or None


def _link(source: Any, target: Any) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)
