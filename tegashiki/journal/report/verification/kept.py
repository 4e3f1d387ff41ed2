"""What doing runs again leaves for the next time: environments, and artifacts made again.

    kept.environment(run, tree)         # the Python that has the packages of the run's own lock
    kept.store(entry, made, folder), kept.fetch(entry, folder)

Both lie in the user's cache folder under their hashes; on Linux that is ~/.cache/tegashiki.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.report.verification.scratch import CannotError
from tegashiki.storage import files


def environment(run: ArchivedRun, tree: Path) -> str:
    """The Python of an environment made from the run's own lock, kept for the next time.

    A stamp is its last file: what has none was interrupted and is made anew. Raises CannotError if
    it cannot be made.
    """
    told = (run.record["environment"] or {}).get("lock")
    lock = tree / told["file"] if told else None
    if lock is None or not lock.is_file() or files.sha256(lock) != told["sha256"]:
        raise CannotError("today's packages are others, and it has no lock; --today uses them")
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
            raise CannotError(f"its environment cannot be made from {told['file']}: "
                              f"{said[-1][:200]}")  # fmt: skip
    stamp.touch()
    return python


def fetch(entry: dict, target: Path) -> bool:
    """Put a file that was made again earlier in its place, if the cache has it."""
    kept = _cache() / "artifacts" / entry["sha256"]
    if not kept.is_file() or files.sha256(kept) != entry["sha256"]:
        return False
    (target / entry["path"]).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, target / entry["path"])
    return True


def store(entry: dict, made: ArchivedRun, target: Path) -> bool:
    """Put what was made again in its place; whether it is byte for byte what was there then.

    Only then it is kept for the next time.
    """
    path = made.folder / entry["path"]
    if not path.is_file():
        return False
    (target / entry["path"]).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target / entry["path"])
    if files.sha256(path) != entry["sha256"]:
        return False
    kept = _cache() / "artifacts" / entry["sha256"]
    kept.parent.mkdir(parents=True, exist_ok=True)
    files.write_bytes(kept, path.read_bytes())
    return True


def _cache() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("tegashiki")
