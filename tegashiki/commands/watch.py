"""tegashiki watch [RUN]: follow a run while it goes on: cells, curves, processor, memory, GPU.

    tegashiki watch                          # the newest run that goes on, else the newest
    tegashiki watch 3f9a1c2b --page now.html # a page instead, which loads itself anew

It only reads, ends with the run, and its exit code is 0 if that ended ok.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout, paths
from tegashiki.journal.report import watching
from tegashiki.storage import files

_CLEAR = "\x1b[H\x1b[2J"
_LINE_SECONDS = 15.0  # between two lines where there is no terminal


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki watch` takes."""
    add = parser.add_argument
    add("which", metavar="RUN", nargs="?", help="its id or the start of it")
    add("--page", type=Path, metavar="FILE", help="write a page instead, to open in a browser")
    add("--every", type=float, default=2.0, metavar="S", help="seconds between two looks")
    add("--once", action="store_true", help="show it once and end")


def run(args: argparse.Namespace) -> int:
    """Follow it to its end."""
    folder = _meant(args.which).folder
    last = float("-inf")
    try:
        while True:
            seen = reader.ArchivedRun(folder)
            goes_on = seen.status == layout.RUNNING
            if args.page is not None:
                _write(args.page, watching.page(seen), first=last < 0)
                last = time.monotonic()
            elif sys.stdout.isatty():
                size = shutil.get_terminal_size((80, 24))
                print(_CLEAR + watching.terminal(seen, size.columns, size.lines), flush=True)
            elif time.monotonic() - last > _LINE_SECONDS or not goes_on or args.once:
                print(f"{seen.step} {seen.id}: {seen.status}, {watching.state(seen)}", flush=True)
                last = time.monotonic()
            if not goes_on or args.once:
                return int(seen.status not in (layout.OK, layout.RUNNING))
            time.sleep(max(args.every, 0.2))
    except KeyboardInterrupt:
        return 130


def _meant(which: str | None) -> reader.ArchivedRun:
    root = paths.runs_root()
    if which is not None:
        return reader.find(root, which)
    running = [run for run in reader.runs(root) if run.status == layout.RUNNING]
    return running[-1] if running else reader.find(root, "latest")


def _write(path: Path, text: str, first: bool) -> None:
    try:
        files.write_text(path.resolve(), text)
    except OSError as error:
        raise TegashikiError(f"{path}: cannot be written: {error.strerror or error}") from None
    if first:
        print(f"open {paths.shown(path)} in a browser; it follows the run", flush=True)
