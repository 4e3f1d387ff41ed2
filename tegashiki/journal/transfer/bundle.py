"""A run as one file, to carry it from where it was made to the archive that keeps it.

    path = bundle.write(run, Path("."))          # ink2tex-20261120T101010Z-train-3f9a1c2b.zip
    bundle.hand_over(run)                        # in Colab: to Drive if mounted, and as a download

A bundle is a zip with `bundle.json` ({"version", "kind", "series", "folder", "files": [{"path",
"bytes", "sha256"}]}) and the run's files below `run/`. Private artifacts stay where they are.
`tegashiki ingest` takes it in (ingest.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest, paths, rights
from tegashiki.storage import files

VERSION = 1
KIND = "tegashiki run"
CONTENTS = "bundle.json"
INSIDE = "run/"
BUNDLES = "TEGASHIKI_BUNDLES"  # environment: where unmanaged runs leave their bundle
_DRIVE = Path("/content/drive/MyDrive")  # where Colab mounts it
_TIME = (1980, 1, 1, 0, 0, 0)  # the same run gives the same bytes


def write(run: ArchivedRun, home: Path) -> Path:
    """Write the run's bundle into the folder `home`; return its path.

    Raises TegashikiError if the run goes on, is not intact, or the file cannot be written.
    """
    if run.status == layout.RUNNING:
        raise TegashikiError(f"run {run.id} goes on; bundle it when it has ended")
    if run.status != layout.DIED and (problems := run.broken()):
        raise TegashikiError(f"run {run.id}: {problems[0]}; a bundle of it would be refused")
    listed = [
        {"path": name, "bytes": (run.folder / name).stat().st_size,
         "sha256": files.sha256(run.folder / name)}
        for name in names(run)
    ]  # fmt: skip
    contents = {
        "version": VERSION, "kind": KIND, "series": run.series, "folder": run.name,
        "files": listed,
    }  # fmt: skip
    path = home / f"{run.series}-{run.name}.zip"
    try:
        handle, part = tempfile.mkstemp(dir=home, prefix=".bundle.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as made:
                _put(made, CONTENTS, json.dumps(contents, indent=1).encode())
                for name in names(run):
                    _put(made, INSIDE + name, (run.folder / name).read_bytes())
            os.chmod(part, 0o644)
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise TegashikiError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path


def intact(path: Path) -> bool:
    """Whether the bundle, read again from its place, holds what it lists."""
    try:
        with zipfile.ZipFile(path) as kept:
            for entry in json.loads(kept.read(CONTENTS))["files"]:
                if hashlib.sha256(kept.read(INSIDE + entry["path"])).hexdigest() != entry["sha256"]:
                    return False
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return False
    return True


def hand_over(run: ArchivedRun, launched: str) -> None:
    """What `run.finish()` does where nobody launched the run: leave a bundle and say where.

    Under Colab it goes to Drive if that is mounted, and to the browser; elsewhere to the folder
    $TEGASHIKI_BUNDLES if that is set. Each copy is read back before it is called saved.
    """
    places = [Path(os.environ[BUNDLES])] if os.environ.get(BUNDLES) else []
    if launched == "colab" and _DRIVE.is_dir():
        places.append(_DRIVE / "tegashiki")
    if not places and launched != "colab":
        return
    # The run is closed already: whatever goes wrong here is said, and changes nothing about it.
    try:
        with tempfile.TemporaryDirectory() as scratch:
            made = write(run, Path(scratch))
            for home in places:
                _save(made, home)
            if launched == "colab":  # the browser fetches it later, so it must outlive this call
                _download(Path(shutil.move(made, Path.cwd() / made.name)))
    except (TegashikiError, OSError, ImportError) as error:
        print(f"NOT HANDED OVER: {error}; the run is in {paths.shown(run.folder)}")


def _save(made: Path, home: Path) -> None:
    """Copy it, read it back, say what was found: Drive loses files without an error."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        path = Path(shutil.copy(made, home / made.name))
    except OSError as error:
        print(f"NOT SAVED: {home}: {error.strerror or error}")
        return
    print(f"saved and read back: {path}" if intact(path) else f"NOT SAVED: {path} is damaged")


def _download(path: Path) -> None:
    from google.colab import files as browser

    digest = files.sha256(path)
    print(f"{path.name}: {path.stat().st_size:,} bytes, sha256 {digest[:16]}, read back: "
          f"{'intact' if intact(path) else 'DAMAGED'}")  # fmt: skip
    browser.download(str(path))
    print("The browser now saves it. At home: tegashiki ingest " + path.name)
    sys.stdout.flush()


def names(run: ArchivedRun) -> list[str]:
    """The files that go along: all that are here but for what is private or held back."""
    private = run.record["private"]
    try:
        listed = [entry["path"] for entry in manifest.read(run.folder)]
    except TegashikiError:  # it died; what there is may still be worth keeping
        listed = [
            p.relative_to(run.folder).as_posix() for p in sorted(run.folder.rglob("*"))
            if p.is_file() and not p.name.startswith(".")
        ]  # fmt: skip
    names = {*listed, layout.MANIFEST, layout.STATUS, layout.VERIFY, layout.RIGHTS,
             layout.PRUNED, layout.SIGNATURE, layout.NOTES}  # fmt: skip
    return sorted(
        name for name in names - rights.held(run.folder)
        if (run.folder / name).is_file() and not manifest.within(name, private)
    )  # fmt: skip


def _put(made: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.external_attr = 0o100644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    made.writestr(entry, content)
