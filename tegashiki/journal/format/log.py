"""log.txt: what a run says, written as it is said, bounded.

    log = Log(folder / "log.txt")
    log.write("epoch 1 loss 2.31\\n")
    log.close()

Up to the limit the file just grows. Beyond it the file keeps its beginning and, rewritten at most
every two seconds, its end: the first and the last lines are those that people look for.
"""

from __future__ import annotations

import time
from pathlib import Path

from tegashiki.journal.format import layout

TAIL = 100_000  # characters of the end that are kept beyond the limit


class Log:
    """The only writer of one log file. A full disk silences it; `error` then says why."""

    def __init__(self, path: Path, limit: int = layout.LOG_LIMIT) -> None:
        self.error: OSError | None = None
        self._file = path.open("ab")
        self._head = limit - TAIL  # bytes from where on the end is rewritten
        self._size = self._file.tell()
        self._dropped = 0
        self._tail = bytearray()
        self._written = 0.0

    def write(self, text: str) -> None:
        """Add `text`; it is in the file when this returns, or soon once the limit is passed."""
        data = text.encode(errors="replace")
        if room := max(self._head - self._size, 0):
            self._size += len(data[:room])
            self._put(data[:room])
        if not (data := data[room:]):
            return
        self._tail += data
        beyond = max(len(self._tail) - TAIL, 0)
        self._dropped += beyond
        del self._tail[:beyond]
        if time.monotonic() - self._written > layout.HEARTBEAT_SECONDS:
            self._put_tail()

    def close(self) -> None:
        """Write what is still held back."""
        self._put_tail()
        self._file.close()

    def _put_tail(self) -> None:
        if not self._tail:
            return
        self._file.truncate(self._size)  # the file is in append mode: writing goes to its end
        gap = f"\n[... {self._dropped} bytes left out here ...]\n" if self._dropped else ""
        self._put(gap.encode() + self._tail)
        self._written = time.monotonic()

    def _put(self, data: bytes) -> None:
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            self.error = error
