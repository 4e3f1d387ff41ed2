"""status.json: what became of a run, and the heartbeat that tells a living run from a dead one.

    status = Status(folder, witness="launcher")
    status.beat(cells={"done": 3, "total": 9})       # at most one write every two seconds
    status.close("ok", manifest_sha256=...)

Only one process writes it: the one that started papermill, or the kernel where nobody did. A run
that is still `running` in its file, but whose process is gone or silent, is shown as `died`.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from tegashiki.journal.format import layout, schemas
from tegashiki.storage import files


class Status:
    """The writer of one run's status.json."""

    def __init__(self, folder: Path, witness: str) -> None:
        """`witness`: who vouches for the status, `launcher` or `kernel`. Writes `running`."""
        self.path = folder / layout.STATUS
        self.began = time.monotonic()
        self.fields: dict[str, Any] = {
            "version": layout.VERSION,
            "status": layout.RUNNING,
            "reason": None,
            "witness": witness,
            "started": files.now(),
            "heartbeat": None,
            "ended": None,
            "seconds": None,
            "exit_code": None,
            "cells": None,
            "progress": None,
            "manifest_sha256": None,
        }
        self._written = float("-inf")
        self.beat()

    def beat(self, **changes: Any) -> None:
        """Take over `changes`; write them with the time, unless that was done just now."""
        self.fields |= changes
        if time.monotonic() - self._written >= layout.HEARTBEAT_SECONDS:
            self.fields |= {"heartbeat": files.now(), "seconds": self.seconds}
            files.write_json(self.path, self.fields | {"owner": _owner()})
            self._written = time.monotonic()

    def close(self, status: str, reason: str | None = None, **changes: Any) -> None:
        """The last word. `owner` goes: it says nothing once the process has ended."""
        ended = files.now()
        self.fields |= {"status": status, "reason": reason, "ended": ended, "heartbeat": ended}
        self.fields |= {"seconds": self.seconds} | changes
        files.write_json(self.path, self.fields)

    @property
    def seconds(self) -> float:
        """Wall clock seconds since the start, immune to a clock that is set."""
        return round(time.monotonic() - self.began, 3)


def read(folder: Path) -> dict[str, Any]:
    """The status of the run in `folder` as a reader should see it: a dead run says `died`.

    Raises TegashikiError if there is none, or one that is not valid.
    """
    fields = schemas.read(folder / layout.STATUS, schemas.STATUS)
    if fields["status"] == layout.RUNNING and (why := _death(fields)):
        fields |= {"status": layout.DIED, "reason": why}
    return fields


def _owner() -> dict[str, Any]:
    """What identifies the writing process on its machine, also after a clock was set back."""
    return {
        "pid": os.getpid(),
        "pid_started": _process_start(os.getpid()),
        "boot": _boot(),
        "uptime": _uptime(),
    }


def _death(fields: dict[str, Any]) -> str | None:
    """Why a run that says `running` is dead, or None if it lives."""
    owner = fields.get("owner") or {}
    if _boot() and owner.get("boot") == _boot():
        if _process_start(owner.get("pid", 0)) != owner.get("pid_started"):
            return f"its process {owner.get('pid')} is gone without a last word"
        age = _uptime() - owner.get("uptime", 0)
    else:
        from datetime import UTC, datetime

        try:
            beat = datetime.fromisoformat(fields["heartbeat"])
        except (TypeError, ValueError):
            return "it never had a heartbeat"
        # A heartbeat from the future means a clock was set; the run cannot be trusted to live.
        age = abs((datetime.now(UTC) - beat).total_seconds())
    if age > layout.STALE_SECONDS:
        return f"no heartbeat for {age:.0f} seconds"
    return None


def _process_start(pid: int) -> int | None:
    """Hundredths of a second after boot at which the process started; None if it is gone."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return None
        # Both move together when somebody sets the clock; their difference does not.
        return round(100 * (process.create_time() - psutil.boot_time()))
    except (psutil.Error, ValueError, OverflowError):
        return None


def _boot() -> str | None:
    """What names this boot of this machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None


def _uptime() -> float:
    """Seconds since boot, suspended time included; no clock setting moves it."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return round(time.monotonic() if clock is None else time.clock_gettime(clock), 3)
