"""What a person sees while notebooks run: a bar on a terminal, plain lines elsewhere.

    progress = Progress()
    progress.start(1, 4, "preprocess"); progress.show({"cells": ..., "progress": ...})
    progress.end(outcome)

Everything goes to standard error; standard output is for the report.
"""

from __future__ import annotations

import contextlib
import sys
import time
from typing import Any, TextIO

from tegashiki.journal.execute.supervise import Outcome
from tegashiki.journal.format import paths

_LINE_SECONDS = 15.0  # between two plain lines


class Progress:
    """Shows one step after the other. A terminal that went away does not end the work."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._out = stream or sys.stderr
        self._bar: Any = None
        self._title = ""
        self._said = 0.0

    def start(self, number: int, total: int, step: str, why: str = "") -> None:
        """A step begins; `why` it was not passed over, if that was a question."""
        self._title = f"[{number}/{total}] {step}"
        if self._out.isatty():
            if why:
                self.say(f"runs: {why}")
            self._open()
        else:
            self.say(f"runs: {why}" if why else "...")

    def skip(self, number: int, total: int, step: str, why: str) -> None:
        """A step is passed over."""
        self._title = f"[{number}/{total}] {step}"
        self.say(why)

    def show(self, live: dict[str, Any]) -> None:
        """How far it is: cells of the notebook, and what the running cell says of itself."""
        cells, progress = live["cells"], live["progress"]
        parts = [f"cell {cells['done'] + 1}/{cells['total']}"] if cells else ["starting"]
        share = cells["done"] / cells["total"] if cells else 0.0
        if progress and progress["total"]:
            share = min(progress["done"] / progress["total"], 1.0)
            parts.append(f"{progress['done']}/{progress['total']} {progress['text']}".strip())
        if self._bar is not None:
            with contextlib.suppress(OSError):
                self._bar.n = share
                self._bar.set_postfix_str(", ".join(parts))
        elif time.monotonic() - self._said > _LINE_SECONDS:
            self.say(", ".join(parts))

    def retry(self, outcome: Outcome, seconds: float) -> None:
        """It failed in a way that may pass."""
        self._close()
        self.say(f"{outcome.status}: {outcome.reason}; again in {seconds:g} s")
        if self._out.isatty():
            self._open()

    def end(self, outcome: Outcome) -> None:
        """A step ended."""
        self._close()
        line = f"{outcome.status}, {outcome.seconds:.1f} s"
        if outcome.reason:
            line += f": {outcome.reason}; read {paths.shown(outcome.folder)}"
        self.say(line)

    def say(self, text: str) -> None:
        """A line of its own, after the step's name."""
        self._said = time.monotonic()
        with contextlib.suppress(OSError):
            print(f"{self._title} {text}", file=self._out, flush=True)

    def _open(self) -> None:
        from tqdm import tqdm

        layout = "{desc} {percentage:3.0f}%|{bar}| {elapsed}{postfix}"
        self._bar = tqdm(total=1.0, desc=self._title, bar_format=layout, file=self._out)

    def _close(self) -> None:
        if self._bar is not None:
            with contextlib.suppress(OSError):
                self._bar.leave = False
                self._bar.close()
            self._bar = None
