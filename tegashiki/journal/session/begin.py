"""Where a notebook's run starts: in the launcher's folder, or in one of its own.

    from tegashiki import journal
    run = journal.begin("ink2tex", "preprocess")

The parameters are read from the notebook itself; `epochs=epochs` may be passed, and is then held
against what was recorded.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import folder, layout, paths
from tegashiki.journal.notebook import parameters, secrets  # fmt: skip
from tegashiki.journal.session import declared, environment, frontend, modules, provenance
from tegashiki.journal.session.run import Run
from tegashiki.journal.session.unmanaged import Owner
from tegashiki.storage import files

_current: Run | None = None  # a kernel has one run at a time


def begin(series: str, step: str, /, **values: Any) -> Run:
    """The run of this notebook, with the values that its parameters have now.

    `values` are parameters by name, for scripts, and for notebooks that like to list them. Raises
    TegashikiError if the launcher recorded other values than the notebook has, if papermill was
    given a name that the notebook does not have, if a value looks like a secret, or if the folder
    cannot be made.
    """
    global _current
    modules.watch()
    around = sys._getframe(1).f_globals  # the variables of the notebook, or of the script
    if joined := os.environ.get(paths.JOIN):
        _current = _join(Path(joined), series, step, values, around)
    else:
        if _current is not None:
            _current.abandon()
        _current = _unmanaged(series, step, values, around)
    return _current


def _join(
    path: Path, series: str, step: str, values: dict[str, Any], around: dict[str, Any]
) -> Run:
    record = files.read_json(path / layout.RUN)
    if (record["series"], record["step"]) != (series, step):
        raise TegashikiError(
            f"begin({series!r}, {step!r}): the launcher runs {record['series']} {record['step']}; "
            "name the series after the folder and the step after the notebook"
        )
    if record["began"]:
        raise TegashikiError(f"begin: run {record['id']} was begun already; begin once a notebook")
    recorded = record["parameters"]
    for name in recorded.keys() - values.keys():
        if name not in around:
            raise TegashikiError(f"begin: {name} is a parameter and has no value any more; keep it")
        values[name] = around[name]
    if unknown := values.keys() - recorded.keys():
        raise TegashikiError(f"begin: not in the parameters cell: {', '.join(sorted(unknown))}")
    for name, value in values.items():
        if not parameters.same(value, recorded[name]):
            raise TegashikiError(
                f"begin: {name} is {value!r}, but the launcher recorded {recorded[name]!r}; "
                "do not change parameters in later cells"
            )
    return Run(path, record, None, around)


def _unmanaged(series: str, step: str, passed: dict[str, Any], around: dict[str, Any]) -> Run:
    seen = declared.values(guess=not passed)
    values = {name: around.get(name, value) for name, value in seen.items()} | passed
    if why := declared.changed(seen, values):
        raise TegashikiError(f"begin: {why.replace('when the run began', 'in its own cell')}; "
                             "do not change parameters in later cells")
    for name, value in values.items():
        if problem := parameters.untyped(value):
            raise TegashikiError(f"begin: {name} = {value!r}: {problem}")
        if why := secrets.reason(name, value):
            raise TegashikiError(f"begin: {name} looks like a secret ({why}); runs are published")
    made = paths.checkout()
    root = paths.runs_root()
    record = folder.record(series, step, frontend.by(), values)
    record["code"], patch = provenance.code(made, skip=root)
    record |= {"environment": environment.environment(made), "device": environment.device()}
    path, status = folder.create(root, record, "kernel", None, patch)
    run = Run(path, record, Owner(path, status), around)
    run.log(f"run {run.id}: {paths.shown(path)}")
    return run
