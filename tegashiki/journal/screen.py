"""What a person sees while notebooks run: a bar on a terminal, plain lines elsewhere.

    screen = Screen()
    screen.start(1, 4, "preprocess"); screen.show({"cells": ..., "progress": ...}); screen.end(...)

Everything goes to standard error; standard output is for the report.
"""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

from tegashiki.journal import place
from tegashiki.journal.execute import Outcome

_LINE_SECONDS = 15.0  # between two plain lines


class Screen:
    """Shows one step after the other."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._out = stream or sys.stderr
        self._bar: Any = None
        self._title = ""
        self._said = 0.0

    def start(self, number: int, total: int, step: str) -> None:
        """A step begins."""
        self._title = f"[{number}/{total}] {step}"
        self._said = time.monotonic()
        if self._out.isatty():
            from tqdm import tqdm

            layout = "{desc} {percentage:3.0f}%|{bar}| {elapsed}{postfix}"
            self._bar = tqdm(total=1.0, desc=self._title, bar_format=layout, file=self._out)
        else:
            print(f"{self._title} ...", file=self._out, flush=True)

    def show(self, live: dict[str, Any]) -> None:
        """How far it is: cells of the notebook, and what the running cell says of itself."""
        cells, progress = live["cells"], live["progress"]
        parts = [f"cell {cells['done'] + 1}/{cells['total']}"] if cells else ["starting"]
        share = 0.0
        if cells:
            share = cells["done"] / cells["total"]
        if progress and progress["total"]:
            share = min(progress["done"] / progress["total"], 1.0)
            parts.append(f"{progress['done']}/{progress['total']} {progress['text']}".strip())
        if self._bar is not None:
            self._bar.n = share
            self._bar.set_postfix_str(", ".join(parts))
        elif time.monotonic() - self._said > _LINE_SECONDS:
            self._said = time.monotonic()
            print(f"{self._title} {', '.join(parts)}", file=self._out, flush=True)

    def retry(self, outcome: Outcome, seconds: float) -> None:
        """It failed in a way that may pass."""
        self._close()
        line = f"{self._title}: {outcome.reason}; again in {seconds:g} s"
        print(line, file=self._out, flush=True)

    def end(self, outcome: Outcome) -> None:
        """A step ended."""
        self._close()
        line = f"{self._title} {outcome.status}, {outcome.seconds:.1f} s"
        if outcome.reason:
            line += f": {outcome.reason}; read {place.shown(outcome.folder)}"
        print(line, file=self._out, flush=True)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.leave = False
            self._bar.close()
            self._bar = None
