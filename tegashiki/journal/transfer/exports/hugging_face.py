"""A run as a model repository of the Hugging Face Hub: README.md with its YAML header, and files.

The figures of the header are the run's results; each names the run. Where a set behind the model
has terms of its own, the licence is `other`, and the card says which.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tegashiki.journal.format import layout
from tegashiki.journal.transfer.exports.facts import Facts, File
from tegashiki.storage import files

_FIGURES = 12  # results in the header; all of them stand in results.json


def write(known: Facts, home: Path) -> None:
    """The card, the artifacts at the top, and the record of the run below run/."""
    for file in known.files:
        inside = file.path.removeprefix(f"{layout.ARTIFACTS}/")
        known.copy(file, home / (inside if inside != file.path else f"run/{file.path}"))
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in
             header(known).items()]  # YAML takes JSON values as they are
    files.write_text(home / "README.md", "\n".join(["---", *lines, "---", "", body(known)]))


def header(known: Facts) -> dict[str, Any]:
    """The metadata that the Hub reads."""
    run = known.run
    own = known.licence.lower() if not known.sets else "other"
    told: dict[str, Any] = {
        "license": own, "tags": ["tegashiki", run.series, *run.notes["tags"]],
        "library_name": "litert" if any(map(_light, known.files)) else "keras",
    }  # fmt: skip
    if known.sets:
        told |= {"license_name": "terms-of-the-sets", "license_link": "README.md#licences"}
    figures = list(known.numbers.items())[:_FIGURES]
    if figures:
        told["model-index"] = [{
            "name": f"{run.series}-{run.id}", "results": [{
                "task": {"type": "other", "name": known.said.title},
                "dataset": {"type": "other", "name": str(known.parameters.get("data", run.series))},
                "metrics": [{"type": name, "name": name, "value": value, "verified": False}
                            for name, value in figures],
                "source": {"name": f"run {run.id}", "url": known.repository or "README.md"},
            }]}]  # fmt: skip
    return told


def _light(file: File) -> bool:
    return file.path.endswith(".tflite")


def body(known: Facts) -> str:
    """The text of the card."""
    run = known.run
    rows = "\n".join(f"| {name} | {value:.6g} |" for name, value in known.numbers.items())
    terms = "\n".join(f"- {s.name}: {s.licence}. {s.credit}" for s in known.sets)
    commit = (run.record["code"] or {}).get("commit") or "unknown"
    return (
        f"# {known.said.title}\n\n{known.text}\n\nRun {run.id} ({run.series} {run.step}, "
        f"{run.outcome['started'][:10]}), code {commit}. Every number below was measured by it.\n\n"
        f"| result | value |\n|---|---|\n{rows}\n\n## Licences\n\nThe code: {known.licence}. "
        f"Behind the run:\n\n{terms or '- nothing but what the project makes itself'}\n\n"
        f"Record: `run/run.json`. Done again: `tegashiki verify {run.id}`.\n"
    )
