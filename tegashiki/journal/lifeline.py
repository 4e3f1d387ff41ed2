"""A process that must not outlive the one that started it.

    lifeline.tie(parent=os.getppid())
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def tie(parent: int) -> None:
    """Ask the system to kill this process when its `parent` dies, however that happens.

    Linux only; elsewhere a kernel polls its parent (ipykernel does), and a starting process that
    lost its parent notices when it reports.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)
