"""Which pages to write: those of runs that are new or have changed, and the lists around them.

    built = build(paths.runs_root(), Path("site"))
    built.written, built.kept, built.seconds

What was built from what stands in `.built.json` in the site's folder. A page is written again if
its run, its lineage or this package's site code has changed.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.execute import series
from tegashiki.journal.format import layout, paths
from tegashiki.journal.report import causes, digest
from tegashiki.journal.report.site import (
    copies,
    diary,
    lineage,
    lists,
    milestones,
    page,
    run_data,
    runs_table,
)
from tegashiki.journal.report.site import run as pages
from tegashiki.journal.report.site.remembered import Remembered
from tegashiki.journal.session.fingerprint import fingerprint
from tegashiki.storage import files

MEMORY = ".built.json"
ASSETS = (
    "site.css", "site.js", "charts.js", "sweep.js", "compare.js", "series.js", "run.js", "table.js",
    "vendor/uPlot.js", "vendor/uPlot.css", "vendor/uPlot.LICENSE.txt",
)  # fmt: skip
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Built:
    """What a build did."""

    folder: Path
    written: int  # pages of runs
    kept: int
    seconds: float


def build(
    root: Path, home: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> Built:
    """Bring the site in `home` up to date with the archive.

    Raises TegashikiError if `home` holds other things, or cannot be written.
    """
    began = time.monotonic()
    page.lines.cache_clear()
    digest.of.cache_clear()
    runs = reader.runs(root)
    try:
        memory = _memory(home)
        return _build(runs, root, home, memory, progress, began)
    except OSError as error:
        raise TegashikiError(f"{home}: cannot be written: {error.strerror or error}") from error


def _build(
    runs: list[ArchivedRun], root: Path, home: Path, memory: dict[str, str],
    progress: Callable[[int, int], None], began: float,
) -> Built:  # fmt: skip
    for name in ("run", "series", "data"):
        (home / name).mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        _put(home / Path(name).name, (_HERE / name).read_text(encoding="utf-8"))
    code = fingerprint("tegashiki.journal.report")
    known, read = {run.id: run for run in runs}, lineage.links(runs)
    kept_facts = Remembered(home)
    intact = {run.id: kept_facts.intact(run) for run in runs}
    marks = {run.id: _mark(run, known, read, f"{code} {intact[run.id]}") for run in runs}
    stale = [run for run in runs if memory.get(run.id) != marks[run.id]]
    for number, run in enumerate(stale):
        progress(number, len(stale))
        _put(home / "run" / f"{run.id}.html", pages.page(run, known, read))
        _put(home / "data" / f"{run.id}.js", run_data.script(run))
        copies.put(run, home / "run" / run.id)
    changed = {run.series for run in stale}
    for id in memory.keys() - marks.keys():
        _remove(home, id)
        changed |= {run.series for run in runs}
    if changed or not memory:
        _lists(runs, root, home, changed)
        rows = [kept_facts.row(run, marks[run.id], functools.partial(
            runs_table.row, run, intact[run.id])) for run in reversed(runs)]  # fmt: skip
        _put(home / "data" / "table.js", runs_table.data(rows))
    kept_facts.save()
    files.write_json(home / MEMORY, marks)
    kept = len(runs) - len(stale)
    return Built(home, len(stale), kept, time.monotonic() - began)


def _lists(
    runs: list[ArchivedRun], root: Path, home: Path, changed: set[str]
) -> None:
    """The front page, the table, and the pages of the series that changed."""
    cards, told = {}, functools.lru_cache(maxsize=None)(_causes)
    for name in sorted({run.series for run in runs}):
        mine = [run for run in runs if run.series == name]
        title, best = _about(root, name)
        found = milestones.of(mine, best) if best is not None else []
        if best is not None:
            cards[name] = milestones.card(name, found, best, title, told)
        if name in changed:
            card = milestones.card(name, found, best, "", told, "../") if best else ""
            _put(home / "series" / f"{name}.html", lists.series(name, mine, title, card))
            _put(home / "data" / f"series-{name}.js", lists.series_data(mine))
    _put(home / "index.html", diary.front(runs, cards))
    _put(home / "runs.html", runs_table.page_of(runs))
    _put(home / "verdicts.html", runs_table.verdicts(runs))
    _put(home / "compare.html", lists.compare())


def _causes(one: ArchivedRun, other: ArchivedRun) -> list[str]:
    """What was done otherwise, as short lines; the machine's own differences are left out."""
    try:
        found = causes.between(one, other, paths.checkout())
    except (TegashikiError, KeyError, TypeError):
        return []
    return [str(cause) for cause in found if cause.kind not in ("environment", "device")]


def _memory(home: Path) -> dict[str, str]:
    """What the site in `home` was built from; {} for a new one."""
    if home.exists() and not home.is_dir():
        raise TegashikiError(f"{home}: not a folder; name one for the site")
    if (home / MEMORY).is_file():
        try:
            return {str(k): str(v) for k, v in files.read_json(home / MEMORY).items()}
        except TegashikiError:
            return {}  # build everything
    if home.is_dir() and any(home.iterdir()):
        raise TegashikiError(f"{home}: holds other things; name an empty or a new folder")
    home.mkdir(parents=True, exist_ok=True)
    files.write_json(home / MEMORY, {})  # a build that is cut short can be taken up again
    return {}


def _mark(
    run: ArchivedRun, known: dict[str, ArchivedRun], read: dict[str, list[str]], code: str
) -> str:
    """A hash of all that the run's page shows."""
    column, arrows = lineage.around(run.id, read)
    family = sorted((name, known[name].status if name in known else "-") for name in column)
    told = [code, run.status, str(run.outcome.get("manifest_sha256")), str(family), str(arrows)]
    verified = run.folder / layout.VERIFY
    told.append(files.sha256(verified) if verified.is_file() else "")
    told.append(str(run.notes))
    if not run.outcome.get("manifest_sha256"):  # it goes on, or died: what it left may grow
        told += [str(p.stat().st_mtime_ns) for p in sorted(run.folder.glob("*")) if p.is_file()]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def _about(root: Path, name: str) -> tuple[str, series.Best | None]:
    """Title of the series, and the figure by which it is judged, from its series.toml."""
    try:
        known = series.read(root.parent / "notebooks" / name)
    except TegashikiError:
        return "", None
    return known.title, known.best


def _remove(home: Path, id: str) -> None:
    for path in (home / "run" / f"{id}.html", home / "data" / f"{id}.js"):
        path.unlink(missing_ok=True)
    shutil.rmtree(home / "run" / id, ignore_errors=True)


def _put(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        files.write_text(path, text)
