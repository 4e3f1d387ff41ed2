"""The executing process as its parent sees it: start, news, end.

    worker = process.Worker(folder, task={"cwd": ".", ...})
    for news in worker.news(seconds=0.2): ...
    worker.end()                           # and everything it started
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tegashiki
from tegashiki.journal.format import layout, paths

GRACE_SECONDS = 5.0  # for papermill to save the notebook before it is killed


class Worker:
    """One `tegashiki.journal.execute.worker` and the kernel that it starts."""

    def __init__(self, folder: Path, task: dict[str, Any]) -> None:
        self.kernel: int | None = None  # pid, and number of its process group
        self._rest = b""
        self._pipe, reports = os.pipe()
        os.set_blocking(self._pipe, False)
        try:
            with (folder / layout.STDERR).open("ab") as said:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "tegashiki.journal.execute.worker"],
                    stdin=subprocess.PIPE, stdout=said, stderr=said, pass_fds=[reports],
                    start_new_session=True,  # Ctrl-C reaches us alone, and we decide
                    env=_environment(folder),
                )  # fmt: skip
        finally:
            os.close(reports)
        task = task | {"folder": str(folder), "parent": os.getpid(), "reports": reports}
        with contextlib.suppress(BrokenPipeError):  # it died already: its exit code tells
            self._process.stdin.write(json.dumps(task).encode() + b"\n")
            self._process.stdin.close()

    @property
    def pid(self) -> int:
        """Of the executing process; the kernel is a child of it."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative numbers are signals."""
        return self._process.poll()

    def news(self, seconds: float) -> Iterator[dict[str, Any]]:
        """What it reported, waiting at most `seconds` for the first word."""
        with contextlib.suppress(InterruptedError):
            select.select([self._pipe], [], [], seconds)
        while chunk := self._read():
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                news = json.loads(line)
                self.kernel = news.get("kernel", self.kernel)
                yield news

    def end(self) -> None:
        """Ask it to save and stop, then kill it, its kernel and what they started."""
        if self.exit_code is None:
            self._process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + GRACE_SECONDS
            while self.exit_code is None and time.monotonic() < deadline:
                for _ in self.news(0.05):
                    pass
        for group in (self._process.pid, self.kernel):
            if group is not None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(group, signal.SIGKILL)
        self._process.wait()
        os.close(self._pipe)

    def _read(self) -> bytes:
        try:
            return os.read(self._pipe, 1 << 16)
        except BlockingIOError:
            return b""


def _environment(folder: Path) -> dict[str, str]:
    """Ours, plus the folder to join, and this very package for the kernel to import."""
    environment = dict(os.environ)
    environment[paths.JOIN] = str(folder)
    home = str(Path(tegashiki.__file__).parents[1])
    if not any(Path(entry) == Path(home) for entry in sys.path if "site-packages" in entry):
        known = environment.get("PYTHONPATH", "")
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [home, known]))
    environment.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger's warning
    return environment
