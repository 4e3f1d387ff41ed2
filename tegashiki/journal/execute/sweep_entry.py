"""A sweep as an entry of the archive: one run that reads the runs of all its points.

    run = write("train.ipynb", done, metric="val_loss", maximize=False, profile="quick")

It is the run of a notebook that comes with the package, so it is executed, sealed, shown and done
again like any other; its `upstream` names the runs.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout

if TYPE_CHECKING:
    from tegashiki.journal.execute.sweep import Done

NOTEBOOK = Path(__file__).with_name("2026-11-28_00_sweep.ipynb")


def write(notebook: str, done: list[Done], metric: str, maximize: bool, profile: str
          ) -> str | None:
    """The id of the entry; None if no point ended ok. Raises TegashikiError if it fails."""
    from tegashiki.journal.execute import launch, plan, series
    from tegashiki.journal.execute.progress import Progress
    from tegashiki.journal.format import paths
    from tegashiki.journal.notebook import parameters, source

    good = [item for item in done if item.status == layout.OK]
    if not good:
        return None
    swept, _ = series.locate(notebook)
    own = source.read(NOTEBOOK)
    given = {"series": swept.name, "step": good[0].step, "metric": metric, "maximize": maximize,
             "runs": ",".join(item.run for item in good),
             "points": json.dumps([item.given for item in good])}
    values = parameters.effective(own.parameters, given, str(NOTEBOOK))
    todo = plan.Plan(swept.name, profile, paths.runs_root(swept.folder),
                     (plan.Step(own, given, values),), {})
    with open(os.devnull, "w", encoding="utf-8") as nobody:
        outcome = launch.launch(todo, Progress(nobody)).outcomes[-1]
    if outcome.status != layout.OK:
        raise TegashikiError(f"sweep: its entry is {outcome.status}: {outcome.reason}")
    return outcome.id
