"""Where a notebook's run starts: in the launcher's folder, or in one of its own.

    from tegashiki import journal
    run = journal.begin("ink2tex", "preprocess", data=data, path=path, seed=seed)
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import folder, layout, paths
from tegashiki.journal.notebook import parameters, secrets  # fmt: skip
from tegashiki.journal.session import environment, frontend, provenance
from tegashiki.journal.session.run import Run
from tegashiki.journal.session.unmanaged import Owner
from tegashiki.storage import files

_current: Run | None = None  # a kernel has one run at a time


def begin(series: str, step: str, /, **values: Any) -> Run:
    """The run of this notebook. `values` lists every parameter of its parameters cell.

    Raises TegashikiError if the launcher recorded other values than the notebook has, if a value
    looks like a secret, or if the folder cannot be made.
    """
    global _current
    if joined := os.environ.get(paths.JOIN):
        _current = _join(Path(joined), series, step, values)
    else:
        if _current is not None:
            _current.abandon()
        _current = _alone(series, step, values)
    return _current


def _join(path: Path, series: str, step: str, values: dict[str, Any]) -> Run:
    record = files.read_json(path / layout.RUN)
    if (record["series"], record["step"]) != (series, step):
        raise TegashikiError(
            f"begin({series!r}, {step!r}): the launcher runs {record['series']} {record['step']}; "
            "name the series after the folder and the step after the notebook"
        )
    if record["began"]:
        raise TegashikiError(f"begin: run {record['id']} was begun already; begin once a notebook")
    recorded = record["parameters"]
    if missing := recorded.keys() - values.keys():
        raise TegashikiError(f"begin: pass every parameter, also {', '.join(sorted(missing))}")
    if unknown := values.keys() - recorded.keys():
        raise TegashikiError(f"begin: not in the parameters cell: {', '.join(sorted(unknown))}")
    for name, value in values.items():
        if not parameters.same(value, recorded[name]):
            raise TegashikiError(
                f"begin: {name} is {value!r}, but the launcher recorded {recorded[name]!r}; "
                "do not change parameters in later cells"
            )
    return Run(path, record, owner=None)


def _alone(series: str, step: str, values: dict[str, Any]) -> Run:
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
    run = Run(path, record, Owner(path, status))
    run.log(f"run {run.id}: {paths.shown(path)}")
    return run
