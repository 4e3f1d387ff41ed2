"""What the machine does while a run goes on: rows of system.csv, every few seconds.

    sampler = sampling.Sampler(folder / layout.SYSTEM, worker.pid)
    sampler.tick()                      # as often as you like; it takes a row when it is time

The processes of the run are counted together: processor in percent of one core, resident memory.
A GPU is asked through nvidia-smi, where that is installed, and never waited for.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tegashiki.journal.format.metrics import Metrics

if TYPE_CHECKING:
    import psutil

_FIRST = 1.0  # seconds until the first row: shorter runs have none
_PAUSE = 2.0  # seconds between two rows of a short run
_SHARE = 1000  # of a long one: a thousandth of its time so far, a few thousand rows in a day
_GPU = ("nvidia-smi", "--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits")


class Sampler:
    """Writes the rows. A full disk or a process that is gone never stops the run."""

    def __init__(self, path: Path, pid: int) -> None:
        self._table = Metrics(path)
        self._pid = pid
        self._began = time.monotonic()
        self._next = self._began + _FIRST
        self._known: dict[int, psutil.Process] = {}
        self._gpu: subprocess.Popen[str] | None = None
        self._gpu_command = _GPU if shutil.which(_GPU[0]) else ()

    def tick(self) -> None:
        """Take a row, if it is time."""
        now = time.monotonic()
        if now < self._next:
            return
        seconds = now - self._began
        self._next = now + max(_PAUSE, seconds / _SHARE)
        with contextlib.suppress(OSError, ValueError):
            row = {"seconds": round(seconds, 1), **self._processes()}
            if self._gpu_command:
                row |= self._graphics()
            self._table.add(row)

    def close(self) -> None:
        """Leave nothing running."""
        if self._gpu is not None:
            self._gpu.kill()
            self._gpu.communicate()
            self._gpu = None

    def _processes(self) -> dict[str, float]:
        import psutil

        percent, memory = 0.0, 0
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(self._pid)
            for found in (root, *root.children(recursive=True)):
                process = self._known.setdefault(found.pid, found)
                with contextlib.suppress(psutil.Error):
                    percent += process.cpu_percent()  # since it was asked last; 0.0 at first
                    memory += process.memory_info().rss
        return {"cpu_percent": round(percent, 1), "memory_mb": round(memory / 1e6, 1)}

    def _graphics(self) -> dict[str, float]:
        """What nvidia-smi answered to the last tick's question; it is asked anew."""
        answer: dict[str, float] = {"gpu_percent": 0.0, "gpu_mb": 0.0}
        if self._gpu is not None:
            if self._gpu.poll() is None:
                return answer
            first = self._gpu.communicate()[0].partition("\n")[0].split(",")
            with contextlib.suppress(ValueError):
                answer = dict(zip(answer, map(float, first), strict=True))
        self._gpu = subprocess.Popen(
            self._gpu_command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        return answer
