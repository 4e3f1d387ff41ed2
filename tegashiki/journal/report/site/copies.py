"""The files of a run beside its page, so that a reader of the site can open each of them.

    copies.put(run, home / "run" / run.id)
    copies.shown(run)                        # {"log.txt", "pictures/ink.svg"}: those that are there

What git leaves out, what was withdrawn, and what a browser would run is not among them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest, rights

_ACTS = {".html", ".htm", ".xhtml", ".xht", ".xml", ".js", ".mjs", ".svgz", ".mht", ".mhtml"}
_BESIDE = (layout.MANIFEST, layout.STATUS, layout.VERIFY, layout.RIGHTS, layout.PRUNED)


def shown(run: ArchivedRun) -> list[str]:
    """Paths of the run's files that may be opened from its page."""
    try:
        names = [entry["path"] for entry in manifest.read(run.folder) if entry["in_git"]]
        held = set(rights.held(run.folder))
    except TegashikiError:  # it goes on, or died: what it printed and drew is what there is
        names, held = [layout.RUN, layout.LOG, layout.METRICS, layout.RESULTS], set()
        names += [f"{layout.PICTURES}/{p.name}" for p in (run.folder / layout.PICTURES).glob("*")]
    return [
        name for name in [*names, *_BESIDE]
        if name not in held and _harmless(name) and (run.folder / name).is_file()
    ]  # fmt: skip


def put(run: ArchivedRun, home: Path) -> None:
    """Copy them into `home`, which is made anew; a hard link where the system can, to save room."""
    shutil.rmtree(home, ignore_errors=True)
    for name in shown(run):
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        source = run.folder / name
        try:
            os.link(source, target, follow_symlinks=False)
        except (OSError, NotImplementedError):
            shutil.copyfile(source, target)


def _harmless(name: str) -> bool:
    path = Path(name)
    return path.suffix.lower() not in _ACTS and not path.name.startswith(".")
