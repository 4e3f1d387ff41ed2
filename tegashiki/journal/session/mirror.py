"""A copy of a run that is made elsewhere while it goes on: on a mounted Drive, a stick, a share.

    mirror = Mirror(run_folder, Path("/content/drive/MyDrive"))
    mirror.copy()                    # True if all of it lies there now

It lies at `tegashiki/SERIES/RUN` below that folder, as runs do: after a disconnect
`TEGASHIKI_RUNS=/content/drive/MyDrive/tegashiki tegashiki resume RUN` goes on from there. Where the
folder vanishes the run goes on without it; when it is back, what is missing is copied.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

MIRROR = "TEGASHIKI_MIRROR"  # environment: the folder; in Colab, Drive is it where it is mounted
_DRIVE = Path("/content/drive/MyDrive")
_BETWEEN = 30.0  # seconds: a checkpoint of some MB is written to Drive at most this often


class Mirror:
    """Keeps `home`/tegashiki/SERIES/RUN like the folder of a run."""

    def __init__(self, folder: Path, home: Path) -> None:
        """`home` must be there when files are copied, and is never made: it may be unmounted."""
        self.folder, self.home = folder, home
        self.target = home / "tegashiki" / folder.parent.name / folder.name
        self._copied: dict[str, tuple[int, int]] = {}  # name: size and time of what was copied
        self._before = -_BETWEEN
        self._away = False

    def copy_now_and_then(self) -> None:
        """As `copy`, but not again within half a minute."""
        if time.monotonic() - self._before >= _BETWEEN:
            self.copy()

    def copy(self) -> bool:
        """Copy what is new or changed, each file whole or not at all; whether all of it is there.

        What cannot be copied is said, once until it can be again, and never ends the run.
        """
        self._before = time.monotonic()
        try:
            if not self.home.is_dir():
                raise FileNotFoundError(2, "the folder is not there", str(self.home))
            for path in sorted(self.folder.rglob("*")):
                self._copy(path)
        except OSError as error:
            if not self._away:
                print(f"NOT COPIED to {self.home}: {error.strerror or error}; the run goes on, and "
                      "is copied when that is mended", flush=True)  # fmt: skip
            self._away = True
            return False
        if self._away:
            print(f"copied to {self.target} again", flush=True)
        self._away = False
        return True

    def _copy(self, path: Path) -> None:
        if path.is_symlink() or not path.is_file() or path.name.endswith(".part"):
            return
        name = path.relative_to(self.folder).as_posix()
        try:
            now = path.stat()
        except FileNotFoundError:  # replaced this moment; the next time takes it
            return
        target, seen = self.target / name, (now.st_size, now.st_mtime_ns)
        # Drive loses files without an error, and another folder may have come back: look there too.
        with contextlib.suppress(OSError):
            if self._copied.get(name) == seen and target.stat().st_size == now.st_size:
                return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copyfile(path, part)
        os.replace(part, target)
        self._copied[name] = seen


def of(folder: Path, launched: str) -> Mirror | None:
    """The mirror of a run's folder: where $TEGASHIKI_MIRROR says, in Colab on a mounted Drive.

    None where there is no such place, or the run lies in it anyway.
    """
    named = os.environ.get(MIRROR)
    home = Path(named).expanduser() if named else _DRIVE
    if not named and not (launched == "colab" and home.is_dir()):
        return None
    return None if folder.resolve().is_relative_to(home.resolve()) else Mirror(folder, home)
