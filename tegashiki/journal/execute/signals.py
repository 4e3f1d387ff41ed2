"""Being told to stop: Ctrl-C, SIGTERM or SIGHUP become a fact that a loop can look at.

    with signals.Stop() as told:
        while not told.signal:
            ...

And its other half: `signals.tie(parent)` ends this process when the one that started it is gone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

_PR_SET_PDEATHSIG = 1
_SIGNALS = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))


class Stop:
    """While it is entered, these signals are noted instead of ending the process."""

    signal: int | None = None

    def __enter__(self) -> Stop:
        self._before: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, _: FrameType | None) -> None:
        self.signal = number


def tie(parent: int, number: int = signal.SIGKILL) -> None:
    """Ask the system to send this process `number` when its `parent` dies, however that happens.

    Linux only; elsewhere a kernel polls its parent (ipykernel does), and a starting process that
    lost its parent notices when it reports.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)
