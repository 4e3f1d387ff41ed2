"""A run done again: its own tree, its environment, its parameters, its data; then the verdict.

    verdict = rerun.verify(run, checkout, today=False, band=None)

The run's commit and patch are put together in a scratch clone. The environment is today's where
nothing that is installed differs; else it is made from the run's own lock, or, when asked for
`today`, today's is used and what differs is part of the verdict.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import tegashiki
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, paths
from tegashiki.journal.report.verification import contents
from tegashiki.journal.report.verification.band import Band
from tegashiki.journal.report.verification.verdict import CANNOT, Verdict, decide
from tegashiki.journal.session import environment, git
from tegashiki.storage import files

_SHOWN = 5  # packages that a sentence names
_OURS = "tegashiki"  # installed from the tree itself, so its version is that of the code


class _Cannot(TegashikiError):
    """What is missing for doing the run again."""


def verify(
    run: ArchivedRun, checkout: Path | None, today: bool = False, band: Band | None = None
) -> Verdict:
    """Do it again and compare. What is missing becomes the verdict `cannot`, no exception.

    Raises TegashikiError only if the archive itself cannot be read.
    """
    differing = tuple(surroundings(run, checkout))
    with tempfile.TemporaryDirectory(prefix="tegashiki-verify-") as scratch:
        try:
            home, runs = Path(scratch) / "tree", Path(scratch) / "runs"
            _check(run, checkout)
            _tree(run, checkout, home)
            _earlier(run, runs)
            python = sys.executable
            if any(item.startswith(("package", "python")) for item in differing) and not today:
                python = _environment(run, home)
                differing = tuple(i for i in differing if not i.startswith(("package", "python")))
            rerun = _again(run, home, runs, python)
        except _Cannot as error:
            return Verdict(CANNOT, str(error), environment=differing)
        found = contents.compare(run, rerun)
        word, why = decide(found, band)
        kept = tuple(found[:50])
        return Verdict(word, why, kept, differing, band.runs if band else (), rerun.id)


def surroundings(run: ArchivedRun, checkout: Path | None) -> list[str]:
    """How today's environment and machine differ from the run's, in words."""
    then, now = run.record["environment"] or {}, environment.environment(checkout)
    device, here = run.record["device"] or {}, environment.device()
    found = [f"python {then.get('python')} then, {now['python']} now"] if (
        then.get("python") != now["python"]) else []  # fmt: skip
    before, after = then.get("packages") or {}, now["packages"]
    names = [n for n in sorted({*before, *after} - {_OURS}) if before.get(n) != after.get(n)]
    for name in names[:_SHOWN]:
        found.append(f"package {name} {before.get(name)} then, {after.get(name)} now")
    if len(names) > _SHOWN:
        found.append(f"packages: {len(names) - _SHOWN} more differ")
    for name in ("processor", "cores"):
        if device.get(name) != here[name]:
            found.append(f"{name} {device.get(name)} then, {here[name]} now")
    return found


def _check(run: ArchivedRun, checkout: Path | None) -> None:
    """All that can be missing and be seen before anything is started."""
    record, code = run.record, run.record["code"] or {}
    if run.status != layout.OK:
        raise _Cannot(f"the run is {run.status!r}; only what was ok can be done again")
    if record["notebook"] is None:
        raise _Cannot(f"its notebook is not known: {record['launched']} executed it")
    if checkout is None or not code.get("commit"):
        raise _Cannot("its commit is not known, or this is no checkout")
    if code.get("left_out"):
        raise _Cannot(f"{code['left_out'][0]} was too big for its patch and is not in git")
    from tegashiki.journal.archive.up_to_date import data_place

    for item in record["data"]:
        path = data_place(item, checkout)
        if path is None or not path.exists():
            raise _Cannot(f"data {item['name']} is not at {item['place']}")
        if files.size(path) != item["bytes"] or files.sha256(path) != item["sha256"]:
            raise _Cannot(f"data {item['name']} at {item['place']} is not what the run read")


def _tree(run: ArchivedRun, checkout: Path, home: Path) -> None:
    """A clone at the run's commit with its patch; objects are shared, nothing is downloaded."""
    code = run.record["code"]
    if git.ask(checkout, "clone", "--quiet", "--shared", "--no-checkout", ".", str(home)) is None:
        raise _Cannot(f"{checkout} cannot be cloned")
    if git.ask(home, "checkout", "--quiet", "--detach", code["commit"]) is None:
        raise _Cannot(f"commit {code['commit'][:12]} is not in this repository")
    patch = str(run.folder / layout.PATCH)
    if code.get("patch") and git.ask(home, "apply", "--whitespace=nowarn", patch) is None:
        raise _Cannot(f"{layout.PATCH} does not fit its commit")
    if not (home / run.record["notebook"]["path"]).is_file():
        raise _Cannot(f"{run.record['notebook']['path']} is not in its commit")


def _earlier(run: ArchivedRun, runs: Path) -> None:
    """The runs that it read from, linked into an archive of its own."""
    root = run.folder.parents[1]
    wanted = {item["id"]: item["step"] for item in run.record["upstream"]}
    wanted |= {gate["run"]: gate["name"] for gate in run.record["gates"]["required"]}
    for id, what in wanted.items():
        try:
            earlier = reader.find(root, id)
        except TegashikiError:
            raise _Cannot(f"run {id} ({what}), which it read from, is not in the archive") from None
        if problems := earlier.broken():
            raise _Cannot(f"run {id} ({what}), which it read from: {problems[0]}")
        shutil.copytree(earlier.folder, runs / earlier.series / earlier.name, copy_function=_link)
    runs.mkdir(exist_ok=True)


def _environment(run: ArchivedRun, home: Path) -> str:
    """The Python of an environment made from the run's own lock, kept for the next time.

    It lies in the user's cache folder under the lock's hash. A stamp is its last file: what has
    none was interrupted and is made anew.
    """
    told = (run.record["environment"] or {}).get("lock")
    lock = home / told["file"] if told else None
    if lock is None or not lock.is_file() or files.sha256(lock) != told["sha256"]:
        raise _Cannot("today's packages are others, and it has no lock; --today uses them anyway")
    venv = _cache() / f"environment-{told['sha256'][:16]}"
    python, stamp = str(venv / "bin" / "python"), venv / ".made"
    if stamp.is_file():
        return python
    steps = [
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
         "--require-hashes", "-r", str(lock)],
    ]  # fmt: skip
    # What is given to this Python by the way is not in the run's environment.
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False, env=clean)
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["no message"]
            raise _Cannot(f"its environment cannot be made from {told['file']}: {said[-1][:200]}")
    stamp.touch()
    return python


def _cache() -> Path:
    """Where environments are kept: on Linux ~/.cache/tegashiki."""
    import platformdirs

    return platformdirs.user_cache_path("tegashiki")


def _again(run: ArchivedRun, home: Path, runs: Path, python: str) -> ArchivedRun:
    """Run its notebook in its tree, with its parameters, and find what was archived."""
    record = run.record
    read = {item["step"]: item["id"] for item in record["upstream"]}
    words = []
    for name, value in record["parameters"].items():
        value = read.get(name, value) if value == "latest" else value
        words += ["-p", f"{name}={value if isinstance(value, str) else repr(value)}"]
    settings = {
        name: value for name, value in os.environ.items() if name not in (paths.JOIN, paths.RUNS)
    } | (record["environment"] or {}).get("settings", {})
    # The tree's own package first; a checkout that has none was run with the installed one.
    packages = [str(home), str(Path(tegashiki.__file__).parents[1])]
    settings |= {paths.RUNS: str(runs), "PYTHONPATH": os.pathsep.join(packages)}
    before = {earlier.id for earlier in reader.runs(runs)}
    done = subprocess.run(
        [python, "-m", "tegashiki.cli", "run", str(home / record["notebook"]["path"]), *words],
        cwd=home, env=settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    made = [found for found in reader.runs(runs) if found.id not in before]
    if done.returncode or len(made) != 1 or made[0].status != layout.OK:
        why = made[-1].outcome.get("reason") if made else None
        raise _Cannot(f"doing it again failed: {why or _last(done.stderr)}")
    return made[0]


def _link(source: Any, target: Any) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1][:200]
