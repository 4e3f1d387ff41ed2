"""What `tegashiki run` will do, all of it decided and checked before anything starts.

    plan = plan.make("ink2tex", given={"data": "crohme"}, profile="full", start="train")
    [step.source.step for step in plan.steps], plan.reused
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.execute import series
from tegashiki.journal.format import paths
from tegashiki.journal.notebook import parameters, source
from tegashiki.journal.notebook.source import Source


@dataclass(frozen=True)
class Step:
    """One notebook of the plan."""

    source: Source
    given: dict[str, Any]  # what profile and command line set for it
    parameters: dict[str, Any]  # effective


@dataclass(frozen=True)
class Plan:
    """The steps to run in order, and the finished runs that stand for the steps before them."""

    series: str
    profile: str
    root: Path  # the archive
    steps: tuple[Step, ...]
    reused: Mapping[str, reader.ArchivedRun]
    series_given: Mapping[str, str] | None = None  # the command line's, where it is a whole series
    resumes: reader.ArchivedRun | None = None  # the run that the first step goes on from
    why: str = ""  # one line that each of its runs is given
    tags: tuple[str, ...] = ()  # and words to find them by
    on_failure: tuple[str, ...] = ()  # the command of series.toml


def make(target: str, given: Mapping[str, str], profile: str, start: str | None = None) -> Plan:
    """The plan for a notebook or a series. `start` is the step to start from.

    The archive is that of the checkout in which the notebooks lie.

    Raises TegashikiError for an unknown target, profile, step or parameter, a wrong value, a
    notebook that cannot be run, or a missing earlier run.
    """
    found, single = series.locate(target)
    sources = [source.read(path) for path in ([single] if single else found.steps)]
    tables = found.profile(profile)
    steps = [_step(found, tables.get(found.step, {}), given) for found in sources]
    for name in given:
        if not any(name in source.parameters for source in sources):
            known = {name: p for source in sources for name, p in source.parameters.items()}
            parameters.effective(known, {name: given[name]}, target)  # refuses with a hint
    names = [source.step for source in sources]
    if start is not None and start not in names:
        raise TegashikiError(f"{target}: no step {start!r}; its steps: {', '.join(names)}")
    first = names.index(start) if start else 0
    root = paths.runs_root(found.folder)
    reused = reuse(root, found.name, profile, steps[:first])
    asked = None if single else dict(given)
    return Plan(found.name, profile, root, tuple(steps[first:]), reused, asked,
                on_failure=found.on_failure)  # fmt: skip


def _step(notebook: Source, table: Mapping[str, Any], given: Mapping[str, str]) -> Step:
    mine = dict(table) | {name: v for name, v in given.items() if name in notebook.parameters}
    values = parameters.effective(notebook.parameters, mine, str(notebook.path))
    return Step(notebook, {name: values[name] for name in mine}, values)


def reuse(
    root: Path, name: str, profile: str, steps: list[Step], pinned: Mapping[str, str] | None = None
) -> dict[str, reader.ArchivedRun]:
    """For each step the run that stands for it, such that they were made from each other.

    `pinned` is {step: run} of those that a later run was made from already. Raises TegashikiError
    if a step has no such run.
    """
    reused: dict[str, reader.ArchivedRun] = {}
    pinned = dict(pinned or {})
    for step in reversed(steps):
        run = _earlier(root, name, profile, step, pinned.get(step.source.step))
        reused[step.source.step] = run
        pinned = {item["step"]: item["id"] for item in run.record["upstream"]} | pinned
    return dict(reversed(reused.items()))


def _earlier(
    root: Path, name: str, profile: str, step: Step, pinned: str | None
) -> reader.ArchivedRun:
    """The newest ok run that did what this step would do now; upstream parameters aside."""
    for run in reader.good(root, name, step.source.step):
        if run.record["profile"] != profile or pinned not in (None, run.id):
            continue
        read = {item["step"] for item in run.record["upstream"]}
        then = {k: v for k, v in run.parameters.items() if k not in read}
        now = {k: v for k, v in step.parameters.items() if k not in read}
        if parameters.same(then, now) and not run.broken():
            return run
    raise TegashikiError(
        f"{name}: no intact ok run of step {step.source.step} with these parameters in profile "
        f"{profile}; start from it, or from the beginning"
    )
