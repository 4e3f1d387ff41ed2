"""A run that nobody launched: under bare papermill, JupyterLab or Colab the kernel vouches.

    owner = Owner(folder, status)          # heartbeat, watches the cells, last word at exit
    owner.close("ok")

It says `ok` only where run.finish() was reached and no cell raised an error since begin(): cells
that were mended and run again out of order are no run that can be repeated.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import index
from tegashiki.journal.format import layout, manifest, notebook
from tegashiki.journal.format.log import Log
from tegashiki.journal.format.status import Status
from tegashiki.journal.notebook import secrets, sweep
from tegashiki.journal.session import declared
from tegashiki.storage import files


class Owner:
    """Keeps status.json of one run from inside the kernel."""

    def __init__(self, folder: Path, status: Status) -> None:
        self.folder = folder
        self.log = Log(folder / layout.LOG)
        self._status = status
        self._errors: list[str] = []
        self._ended = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self._beat, daemon=True).start()
        atexit.register(self._at_exit)
        self._shell = declared.shell()
        if self._shell:
            notebook.prepare()  # a process that ends can import nothing any more
            self._shell.events.register("post_run_cell", self._after_cell)

    @property
    def ended(self) -> bool:
        """Whether the last word was said."""
        return self._ended.is_set()

    def close(self, word: str, reason: str | None = None) -> None:
        """Close the folder and say the last word; `ok` turns to `failed` if cells had errors."""
        with self._lock:
            if self.ended:
                return
            self._ended.set()
            if word == layout.OK and self._errors:
                word, reason = layout.FAILED, f"a cell raised before finish(): {self._errors[0]}"
            self.log.close()
            _write_cells(self.folder, self._shell)
            if held := sweep.sweep(self.folder):
                word, reason = layout.FAILED, f"{held[0]} was taken out; revoke it"
            record = files.read_json(self.folder / layout.RUN)
            digest = manifest.write(self.folder, record["keep"], record["private"])
            self._status.close(word, reason, manifest_sha256=digest)
        atexit.unregister(self._at_exit)
        if self._shell:
            self._shell.events.unregister("post_run_cell", self._after_cell)
        index.refresh(self.folder.parents[1])

    def _beat(self) -> None:
        while not self._ended.wait(layout.HEARTBEAT_SECONDS):
            with self._lock:
                if not self.ended:
                    with contextlib.suppress(OSError):  # a full disk may have room again later
                        self._status.beat()

    def _after_cell(self, result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            said = f"{type(error).__name__}: {error}".partition("\n")[0]
            self._errors.append(secrets.mask(said))

    def _at_exit(self) -> None:
        # Where nothing can be written any more the heartbeat just stops, and readers see `died`.
        with contextlib.suppress(OSError, TegashikiError):
            if self._errors:
                self.close(layout.FAILED, self._errors[0])
            else:
                self.close(layout.INTERRUPTED, "the kernel ended before run.finish()")


def _write_cells(folder: Path, shell: Any | None) -> None:
    """The code that this kernel ran, in its order. Outputs are where the front end keeps them."""
    if shell is None:
        return
    from nbformat import v4

    cells = [
        v4.new_code_cell(secrets.mask(source), id=f"cell-{number}", execution_count=number)
        for number, source in enumerate(declared.sources(), 1)
    ]
    content = v4.new_notebook(cells=cells)
    files.write_text(folder / layout.NOTEBOOK, notebook.text(content))
