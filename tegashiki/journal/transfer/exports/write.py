"""Which formats there are, and the folder that one of them is written into.

    write(run, "mlflow", Path("out"))
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout
from tegashiki.journal.transfer.exports.facts import of

FORMATS = {
    "ro-crate": (
        "tegashiki.journal.transfer.exports.ro_crate",
        "a Workflow Run Crate: RO-Crate 1.1 with the profiles for runs",
    ),
    "mlflow": (
        "tegashiki.journal.transfer.exports.mlflow",
        "in it, `mlflow ui --backend-store-uri .` opens it",
    ),
    "trackio": (
        "tegashiki.journal.transfer.exports.trackio",
        "a database for `trackio show`",
    ),
    "croissant": (
        "tegashiki.journal.transfer.exports.croissant",
        "the data sets that it read, with their licences",
    ),
    "hf": (
        "tegashiki.journal.transfer.exports.hugging_face",
        "a model card with results, and the files beside it",
    ),
    "zenodo": (
        "tegashiki.journal.transfer.exports.zenodo",
        "metadata of a deposit, and the run as one file",
    ),
}


def write(run: ArchivedRun, kind: str, home: Path) -> Path:
    """Write the run into `home`, a new or an empty folder; all of it or nothing.

    Raises TegashikiError for an unknown format, a run that is not whole, and a folder in use.
    """
    if kind not in FORMATS:
        raise TegashikiError(f"--as {kind}: unknown; there are {', '.join(FORMATS)}")
    if run.status == layout.RUNNING:
        raise TegashikiError(f"run {run.id} goes on; export it when it has ended")
    if problems := run.broken():
        raise TegashikiError(f"run {run.id}: {problems[0]}; what is not intact is not exported")
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise TegashikiError(f"{home}: holds other things; name an empty or a new folder")
    made = importlib.import_module(FORMATS[kind][0])
    known = of(run)
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=home.parent, prefix=".export."))
        try:
            made.write(known, part)
            part.chmod(0o755)
            if home.is_dir():
                home.rmdir()
            part.rename(home)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise TegashikiError(f"{home}: cannot be written: {error.strerror or error}") from error
    return home
