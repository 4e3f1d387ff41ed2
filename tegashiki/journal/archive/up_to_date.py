"""Whether a step's last run still stands for what it would do now, and if not, why not.

    run, why = up_to_date.find(root, "ink2tex", "quick", step, finished)

Four things count: the notebook, its effective parameters (and the runs it reads from), the data,
and the code that it really imported, module by module. Changing a file that a step never imports
does not make it run again.
"""

from __future__ import annotations

from pathlib import Path

import tegashiki
from tegashiki.journal.archive import reader
from tegashiki.journal.execute.plan import Step
from tegashiki.journal.format import paths
from tegashiki.journal.notebook import parameters
from tegashiki.storage import files


def find(
    root: Path, series: str, profile: str, step: Step, finished: dict[str, str]
) -> tuple[reader.ArchivedRun | None, str]:
    """The newest ok run of the step if nothing changed, else None; and the reason, either way.

    `finished` are the runs of earlier steps that the step would read now.
    """
    for run in reader.good(root, series, step.source.step):
        if run.record["profile"] == profile:
            why = changed(run, step, finished)
            return (None, why) if why else (run, f"up to date: run {run.id}")
    return None, f"no ok run of it in profile {profile} yet"


def changed(run: reader.ArchivedRun, step: Step, finished: dict[str, str]) -> str | None:
    """The first thing that is not as it was for `run`, or None."""
    record = run.record
    if (record["notebook"] or {}).get("sha256") != files.sha256(step.source.path):
        return "the notebook changed"
    read = {item["step"]: item["id"] for item in record["upstream"]}
    now = step.parameters | {n: finished[n] for n in step.source.parameters
                             if n in finished and n not in step.given}  # fmt: skip
    for name in {**record["parameters"], **now}:
        then = record["parameters"].get(name)
        if name in read and now.get(name) in (read[name], "latest"):
            if now[name] == "latest" and _latest(run, name) != read[name]:
                return f"there is a newer run of {name}"
            continue
        if not parameters.same(then, now.get(name)):
            return f"parameter {name}: {then!r} then, {now.get(name)!r} now"
    home = paths.checkout(step.source.path.parent)
    for item in record["data"]:
        path = paths.located(item["place"], home)
        if path is None or not path.exists():
            return f"data {item['name']} is not where it was"
        if files.size(path) != item["bytes"] or files.sha256(path) != item["sha256"]:
            return f"data {item['name']} changed"
    for name, digest in record["modules"].items():
        path = _module(name, home)
        if name != "__main__" and (path is None or files.sha256(path) != digest):
            return f"code: module {name} changed"
    if record["changed_modules"]:
        return f"code: {record['changed_modules'][0]} was edited while run {run.id} went on"
    if not record["modules"]:
        return "its run does not say which code it imported"
    if problems := run.broken():
        return f"run {run.id}: {problems[0]}"
    return None


def _latest(run: reader.ArchivedRun, step: str) -> str | None:
    series = next(u["series"] for u in run.record["upstream"] if u["step"] == step)
    good = reader.good(run.folder.parents[1], series, step)
    mine = [r for r in good if r.record["profile"] in (run.record["profile"], None)]
    return mine[0].id if mine else None


def _module(name: str, home: Path | None) -> Path | None:
    """The file of a module, found without importing anything."""
    relative = Path(*name.split("."))
    package = Path(tegashiki.__file__).parents[1]
    for base in (package, home):
        for path in (relative.with_suffix(".py"), relative / "__init__.py"):
            if base is not None and (base / path).is_file():
                return base / path
    return None
