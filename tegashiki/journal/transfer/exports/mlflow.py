"""A run as MLflow's file store: in FOLDER, `mlflow ui --backend-store-uri .` opens it.

    FOLDER/<experiment>/meta.yaml
    FOLDER/<experiment>/<run>/meta.yaml, params/, metrics/, tags/, artifacts/

A YAML file may be written as JSON, and is. A metric is one line a row: time, value, step.
"""

from __future__ import annotations

import hashlib
import math
import re
from pathlib import Path
from typing import Any

from tegashiki.journal.format import layout
from tegashiki.journal.transfer.exports.facts import Facts
from tegashiki.storage import files

_FINISHED, _FAILED, _KILLED = 3, 4, 5  # of mlflow.entities.RunStatus
_NAME = re.compile(r"[^\w./ -]")  # what MLflow does not take in a name
_LONGEST = 6000  # characters of a parameter


def write(known: Facts, home: Path) -> None:
    """One experiment, named like the series, with this one run."""
    run = known.run
    experiment = str(int(hashlib.sha256(run.series.encode()).hexdigest()[:15], 16))
    place = home / experiment
    _yaml(place / "meta.yaml", {
        "artifact_location": f"./{experiment}", "experiment_id": experiment,
        "lifecycle_stage": "active", "name": run.series,
        "creation_time": known.when("started"), "last_update_time": known.when("ended"),
    })  # fmt: skip
    id = hashlib.sha256(run.name.encode()).hexdigest()[:32]
    mine = place / id
    status = {layout.OK: _FINISHED, layout.INTERRUPTED: _KILLED}.get(run.status, _FAILED)
    _yaml(mine / "meta.yaml", {
        "artifact_uri": f"./{experiment}/{id}/artifacts", "end_time": known.when("ended"),
        "entry_point_name": "", "experiment_id": experiment, "lifecycle_stage": "active",
        "run_id": id, "run_uuid": id, "run_name": f"{run.step} {run.id}", "source_name": "",
        "source_type": 4, "source_version": "", "start_time": known.when("started"),
        "status": status, "tags": [], "user_id": run.record["launched"],
    })  # fmt: skip
    for folder in ("params", "metrics", "tags", "artifacts"):
        (mine / folder).mkdir()
    for name, value in known.parameters.items():
        _line(mine / "params" / _NAME.sub("_", name), str(value)[:_LONGEST])
    for name, lines in _metrics(known).items():
        _line(mine / "metrics" / name, "".join(lines))
    for name, value in _tags(known).items():
        _line(mine / "tags" / name, value)
    for file in known.files:
        known.copy(file, mine / "artifacts" / file.path)


def _metrics(known: Facts) -> dict[str, list[str]]:
    """The curves, and the results as one point each where no curve has their name."""
    found: dict[str, list[str]] = {}
    start, end = known.when("started"), known.when("ended")
    for number, row in enumerate(known.rows):
        at = round(start + (end - start) * (number + 1) / len(known.rows))
        over = next(iter(row.values()), number)
        step = int(over) if isinstance(over, float) and math.isfinite(over) else number
        for name, value in row.items():
            if isinstance(value, float):
                found.setdefault(_NAME.sub("_", name), []).append(f"{at} {value!r} {step}\n")
    for name, number in known.numbers.items():
        found.setdefault(_NAME.sub("_", name), [f"{end} {number!r} 0\n"])
    return found


def _tags(known: Facts) -> dict[str, str]:
    run = known.run
    told = {
        "mlflow.runName": f"{run.step} {run.id}", "mlflow.note.content": known.text,
        "tegashiki.id": run.id, "tegashiki.step": run.step, "tegashiki.status": run.status,
        "mlflow.source.git.commit": str((run.record["code"] or {}).get("commit") or "unknown"),
    }  # fmt: skip
    return told | {f"tag.{tag}": "true" for tag in run.notes["tags"]}


def _yaml(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_json(path, value)


def _line(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(path, text)
