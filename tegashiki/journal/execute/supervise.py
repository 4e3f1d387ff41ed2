"""One run from its record to its last word. The process that calls this owns the truth about it.

    outcome = supervise.execute(request, told=stop, deadline=None, show=print)
    outcome.status, outcome.reason, outcome.folder
"""

from __future__ import annotations

import copy
import json
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import index, resume
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.execute.process import Worker
from tegashiki.journal.execute.sampling import Sampler
from tegashiki.journal.execute.signals import Stop
from tegashiki.journal.format import folder, layout, manifest, notebook, notes, outcome, paths
from tegashiki.journal.format.log import Log
from tegashiki.journal.format.status import Status
from tegashiki.journal.notebook import parameters, sweep
from tegashiki.journal.notebook.outputs import Cleaner
from tegashiki.journal.notebook.source import Source
from tegashiki.journal.session import environment, provenance
from tegashiki.storage import files

_POLL_SECONDS = 0.2
_LEFT_BEHIND = {"executionInfo", "outputId", "execution", "papermill"}  # metadata of a cell

# Called with what is known while a run goes on: {"cells": ..., "progress": ...}.
Show = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Request:
    """What to run. All of it was checked before."""

    source: Source
    parameters: dict[str, Any]  # effective, defaults included
    given: dict[str, Any]  # those that profile, command line or series set
    profile: str
    series: str  # names the folder under the archive
    root: Path  # the archive
    series_run: str | None = None  # what the runs of one `tegashiki run SERIES` share
    predecessor: dict[str, str] | None = None  # {"id", "why"}: the run that this one repeats
    resumes: ArchivedRun | None = None  # the run whose checkpoints it goes on from
    series_given: dict[str, str] | None = None  # the command line of the whole series
    why: str = ""  # one line, for notes.json
    tags: tuple[str, ...] = ()  # and words for it


@dataclass(frozen=True)
class Outcome:
    """What became of it."""

    folder: Path
    id: str
    step: str
    status: str
    reason: str | None
    seconds: float
    transient: bool  # whether trying again may help
    signal: int | None  # what interrupted it


def execute(request: Request, told: Stop, deadline: float | None, show: Show) -> Outcome:
    """Run one notebook and archive it, whatever happens to it.

    `deadline` is a time.monotonic() at which the run is ended as `timed out`. Raises
    TegashikiError if the folder cannot be made, or its end cannot be written down.
    """
    made = paths.checkout(request.source.path.parent)
    record = _record(request, made)
    state, patch = provenance.code(made, skip=request.root)
    record["code"] = state
    text = notebook.text(_without_outputs(request.source.content))
    path, status = folder.create(request.root, record, "launcher", text, patch)
    try:
        if request.why or request.tags:
            notes.change(path, why=request.why, add=request.tags)
        if request.resumes is not None:
            resume.inherit(request.resumes, path)
        news = _watch(request, path, status, made, told, deadline, show)
        _append_stderr(path, Cleaner(made))
        word, reason = _word(path, news, told, deadline)
        if held := sweep.sweep(path):
            word, reason = layout.FAILED, f"{held[0]} was taken out; revoke it, and run again"
        record = files.read_json(path / layout.RUN)
        digest = manifest.write(path, record["keep"], record["private"])
        status.close(word, reason, exit_code=news["exit"], progress=None, manifest_sha256=digest)
    except OSError as error:
        reason = f"the run's folder could not be written: {error.strerror or error}"
        _last_words(path, status, reason)
        raise TegashikiError(f"{path}: {reason}; free some space and run again") from error
    index.refresh(request.root)
    transient = news.get("dead") or (news.get("error") or {}).get("name") in outcome.TRANSIENT
    return Outcome(
        path, record["id"], record["step"], word, reason, status.seconds,
        bool(transient) and word == layout.FAILED,
        told.signal if word == layout.INTERRUPTED else None,
    )  # fmt: skip


def _record(request: Request, made: Path | None) -> dict[str, Any]:
    source = request.source
    record = folder.record(request.series, source.step, "tegashiki", request.parameters)
    path = source.path.resolve()
    relative = path.relative_to(made).as_posix() if made else path.name
    return record | {
        "series_run": request.series_run,
        "series_given": request.series_given,
        "predecessor": request.predecessor,
        "profile": request.profile,
        "given": request.given,
        "notebook": {"path": relative, "sha256": files.sha256(path)},
        "environment": environment.environment(made),
        "device": environment.device(),
    }


def _watch(
    request: Request, path: Path, status: Status, made: Path | None,
    told: Stop, deadline: float | None, show: Show,
) -> dict[str, Any]:  # fmt: skip
    """Start the executing process and stay with it to its end; what it told, and `exit`."""
    known = request.source.parameters
    changed = {
        name: value for name, value in request.parameters.items()
        if not parameters.same(value, known[name].default)
    }  # fmt: skip
    task = {"changed": changed, "cwd": str(Path.cwd()), "checkout": str(made) if made else None}
    worker = Worker(path, task)
    sampler = Sampler(path / layout.SYSTEM, worker.pid)
    facts: dict[str, Any] = {}
    try:
        while worker.exit_code is None and not told.signal:
            if deadline is not None and time.monotonic() > deadline:
                break
            for news in worker.news(_POLL_SECONDS):
                facts |= news
            live = {"cells": _cells(facts), "progress": _progress(path)}
            status.beat(**live)
            sampler.tick()
            show(live)
        ended = worker.exit_code
        for news in worker.news(0):
            facts |= news
    finally:
        sampler.close()
        worker.end()
    return facts | {"exit": ended}


def _word(
    path: Path, news: dict[str, Any], told: Stop, deadline: float | None
) -> tuple[str, str | None]:
    """The status and its reason, the most fundamental cause first."""
    if news["exit"] is None:  # it did not end by itself: we ended it
        if told.signal:
            return layout.INTERRUPTED, f"interrupted by signal {told.signal}{_at(news)}"
        return layout.TIMED_OUT, f"the time limit was reached{_at(news)}"
    if "unwritable" in news:
        return layout.FAILED, f"the run's folder could not be written: {news['unwritable']}"
    if news.get("dead"):
        return layout.FAILED, f"the kernel {_end(news.get('kernel_exit'))}{_at(news)}"
    if "crash" in news:
        return layout.FAILED, f"executing it failed{_at(news)}: {news['crash']}"
    return outcome.judge(path, news["exit"])


def _end(exit_code: int | None) -> str:
    """How a kernel ended that nobody stopped; a negative code is a signal."""
    if exit_code is None:
        return "died, nobody knows of what,"
    if exit_code == -signal.SIGKILL:
        return "was killed (signal 9; out of memory is the usual cause)"
    if exit_code < 0:
        return f"was ended by signal {-exit_code}"
    return f"ended by itself with exit code {exit_code} (os._exit?)"


def _at(news: dict[str, Any]) -> str:
    return f" in cell {news['cell'] + 1} of {news['of']}" if "cell" in news else ""


def _cells(facts: dict[str, Any]) -> dict[str, int] | None:
    return {"done": facts["cell"], "total": facts["of"]} if "cell" in facts else None


def _progress(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads((path / layout.PROGRESS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _append_stderr(path: Path, clean: Cleaner) -> None:
    """What papermill or the kernel said outside the notebook belongs to the log."""
    said = (path / layout.STDERR).read_text(encoding="utf-8", errors="replace").strip()
    if said:
        log = Log(path / layout.LOG)
        log.write("\n--- outside the notebook ---\n" + clean(said) + "\n")
        log.close()


def _without_outputs(content: Any) -> Any:
    """The notebook to be executed: what an earlier execution left in it is not its own."""
    content = copy.deepcopy(content)
    for cell in content.cells:
        # Colab notes there who ran the cell and when.
        kept = {k: v for k, v in cell.get("metadata", {}).items() if k not in _LEFT_BEHIND}
        cell["metadata"] = kept
        if cell.get("cell_type") == "code":
            cell |= {"outputs": [], "execution_count": None}
    return content


def _last_words(path: Path, status: Status, reason: str) -> None:
    """On a full disk: give up the reserve, and at least say that it failed."""
    try:
        (path / layout.RESERVE).unlink(missing_ok=True)
        status.close(layout.FAILED, reason)
    except OSError:
        pass  # then the heartbeat has stopped, and readers show the run as died
