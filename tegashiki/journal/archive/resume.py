"""Going on with a run that was killed or failed, and with the series that it stopped.

    plan = resume.plan(reader.find(root, "3f9a1c2b"))      # for launch.launch

What is worth going on from is what the run left under `artifacts/checkpoints/`: it is copied, with
the curves so far, into a new run of the same notebook with the same parameters, which names its
predecessor. A notebook that trains with tegashiki.train.loop and keeps its folder there goes on
from its last good epoch; one that keeps nothing there begins anew.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.execute import plan as plans
from tegashiki.journal.execute import series
from tegashiki.journal.format import layout, manifest, paths
from tegashiki.journal.notebook import parameters, source
from tegashiki.storage import files

CHECKPOINTS = f"{layout.ARTIFACTS}/checkpoints"
_RESUMABLE = {layout.FAILED, layout.TIMED_OUT, layout.INTERRUPTED, layout.DIED}


def plan(run: ArchivedRun, path: Path | None = None) -> plans.Plan:
    """The plan that goes on from `run`, and then does the steps of its series that follow.

    `path` is the notebook, where the record does not say it. Raises TegashikiError for a run that
    goes on or is ok, and for a notebook that is not there or was changed since.
    """
    if run.status not in _RESUMABLE:
        raise TegashikiError(f"run {run.id} is {run.status!r}; only one that stopped early goes on")
    record = run.record
    notebook = source.read(path or _notebook(run))
    known = (record["notebook"] or {}).get("sha256")
    if known is not None and files.sha256(notebook.path) != known:
        raise TegashikiError(
            f"{notebook.path}: changed since run {run.id}; put it back as it was, or run it anew"
        )
    read = {item["step"]: item["id"] for item in record["upstream"]}
    values = {name: read.get(name, v) if v == "latest" else v
              for name, v in record["parameters"].items()}  # fmt: skip
    values = parameters.effective(notebook.parameters, values, str(notebook.path))
    given = {name: values[name] for name in record["given"] if name in values}
    first = plans.Step(notebook, given, values)
    rest: tuple[plans.Step, ...] = ()
    reused: dict[str, ArchivedRun] = {}
    asked = record.get("series_given")
    if asked is not None:  # it was a step of a whole series
        whole = plans.make(str(notebook.path.parent), asked, record["profile"])
        names = [step.source.step for step in whole.steps]
        after = names.index(run.step) + 1 if run.step in names else len(names)
        rest = whole.steps[after:]
        root = run.folder.parents[1]
        reused = plans.reuse(
            root, run.series, record["profile"], list(whole.steps[: after - 1]), read
        )
    return plans.Plan(
        run.series, record["profile"] or series.QUICK, run.folder.parents[1], (first, *rest),
        reused, series_given=asked, resumes=run,
    )  # fmt: skip


def inherit(before: ArchivedRun, folder: Path) -> None:
    """Copy what the run goes on from into the folder of its successor.

    Raises TegashikiError if a checkpoint is not the one that the run's manifest lists.
    """
    known = {}
    if before.status != layout.DIED:  # a dead run had no time for a manifest
        known = {entry["path"]: entry["sha256"] for entry in manifest.read(before.folder)}
    home = before.folder / CHECKPOINTS
    for path in sorted(home.rglob("*")) if home.is_dir() else []:
        name = path.relative_to(before.folder).as_posix()
        if path.is_symlink() or not path.is_file() or path.name.endswith(".part"):
            continue
        if known and files.sha256(path) != known.get(name):
            raise TegashikiError(f"{path}: changed since run {before.id}; it cannot be resumed")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    if (before.folder / layout.METRICS).is_file() and (folder / CHECKPOINTS).is_dir():
        _copy_rows(before.folder / layout.METRICS, folder / layout.METRICS)


def _copy_rows(before: Path, after: Path) -> None:
    """The whole rows; what was being written when the run was killed is left behind."""
    text = before.read_text(encoding="utf-8", errors="replace")
    lines = text[: text.rfind("\n") + 1].splitlines(keepends=True)
    width = len(next(csv.reader(lines[:1]), []))
    whole = [line for line in lines if len(next(csv.reader([line]), [])) == width]
    if whole:
        files.write_text(after, "".join(whole))


def _notebook(run: ArchivedRun) -> Path:
    """Where the run's notebook is now."""
    told = run.record["notebook"]
    if told is None:
        raise TegashikiError(
            f"run {run.id} was executed by {run.record['launched']}, which says not where its "
            "notebook is; name it with --notebook"
        )
    homes = [paths.checkout(run.folder), paths.checkout(), Path.cwd()]
    for home in homes:
        if home is not None and (home / told["path"]).is_file():
            return home / told["path"]
    raise TegashikiError(f"{told['path']}: not here; go to its checkout, or use --notebook")
