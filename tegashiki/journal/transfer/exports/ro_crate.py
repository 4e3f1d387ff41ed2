"""A run as a Workflow Run Crate: RO-Crate 1.1 with the profiles Process Run, Workflow Run and
Workflow RO-Crate (https://w3id.org/ro/wfrun/workflow/0.5).

The notebook is the workflow, its parameters are formal parameters with the values of this run, the
run is the action that made the other files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tegashiki.journal.format import layout
from tegashiki.journal.transfer.exports.facts import Facts
from tegashiki.storage import files

METADATA = "ro-crate-metadata.json"
# The one term of the runs' own context that is used stands here, so that no second page is fetched.
_CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
]
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
_PARAMETER = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"
_WORKFLOW = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
_KINDS = {bool: "Boolean", int: "Integer", float: "Float", str: "Text"}


def write(known: Facts, home: Path) -> None:
    """The crate: every file of the run, and ro-crate-metadata.json."""
    for file in known.files:
        known.copy(file, home / file.path)
    files.write_json(home / METADATA, {"@context": _CONTEXT, "@graph": graph(known)})


def graph(known: Facts) -> list[dict[str, Any]]:
    """All entities; the run's files keep their paths as ids."""
    run, outcome = known.run, known.run.outcome
    main = layout.NOTEBOOK if any(f.path == layout.NOTEBOOK for f in known.files) else layout.RUN
    formal, actual = _parameters(known)
    results = [{"@id": f.path} for f in known.files if f.path != main]
    licence = f"https://spdx.org/licenses/{known.licence}"
    ended = "Completed" if run.status == layout.OK else "Failed"
    root = {
        "@id": "./", "@type": "Dataset", "name": known.name, "description": known.text,
        "datePublished": outcome["started"][:10], "license": {"@id": licence},
        "conformsTo": [_ref(profile) for profile in _PROFILES],
        "hasPart": [{"@id": f.path} for f in known.files], "mainEntity": _ref(main),
        "mentions": _ref("#run"),
    }  # fmt: skip
    action = {
        "@id": "#run", "@type": "CreateAction", "name": f"run {run.id}", "instrument": _ref(main),
        "description": f"{run.status}: {outcome.get('reason') or known.said.outcome or run.step}",
        "startTime": outcome["started"], "endTime": outcome.get("ended") or outcome["started"],
        "actionStatus": f"http://schema.org/{ended}ActionStatus",
        "object": [_ref(one["@id"]) for one in actual] + [_ref(f"#{s.name}") for s in known.sets],
        "result": results, "agent": _ref("#launcher"),
    }  # fmt: skip
    if outcome.get("reason"):
        action["error"] = outcome["reason"]
    return [
        {"@id": METADATA, "@type": "CreativeWork", "about": _ref("./"),
         "conformsTo": [_ref("https://w3id.org/ro/crate/1.1"),
                        _ref("https://w3id.org/workflowhub/workflow-ro-crate/1.0")]},
        root, action, _language(),
        {"@id": "#launcher", "@type": "SoftwareApplication", "name": run.record["launched"],
         "version": str((run.record["environment"] or {}).get("packages", {}).get(
             "papermill", "unknown")), "url": known.repository or "https://papermill.readthedocs.io"},
        {"@id": licence, "@type": "CreativeWork", "name": known.licence,
         "description": "of the code; the sets behind the run have licences of their own"},
        *({"@id": at, "@type": "CreativeWork", "name": name, "version": at.rpartition("/")[2]}
          for at, name in _PROFILES.items()),
        *({"@id": f"#{s.name}", "@type": "Dataset", "name": s.name, "license": s.licence,
           "creditText": s.credit, "description": f"read by the run; {s.licence}"}
          for s in known.sets),
        *formal, *actual, *(_file(known, f, f.path == main, formal) for f in known.files),
    ]  # fmt: skip


def _parameters(known: Facts) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The notebook's parameters, and the values that this run gave them."""
    formal, actual = [], []
    for name, value in known.parameters.items():
        formal.append({
            "@id": f"#parameter-{name}", "@type": "FormalParameter", "name": name,
            "additionalType": _KINDS.get(type(value), "Text"), "valueRequired": "False",
            "conformsTo": _ref(_PARAMETER),
        })  # fmt: skip
        actual.append({
            "@id": f"#value-{name}", "@type": "PropertyValue", "name": name,
            "value": value if isinstance(value, bool | int | float | str) else str(value),
            "exampleOfWork": _ref(f"#parameter-{name}"),
        })  # fmt: skip
    return formal, actual


def _file(known: Facts, file: Any, main: bool, formal: list[dict[str, Any]]) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "@id": file.path, "@type": "File", "name": Path(file.path).name, "sha256": file.sha256,
        "contentSize": str(file.size), "encodingFormat": file.kind,
    }  # fmt: skip
    if main:
        entity |= {
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
            "name": known.said.title, "programmingLanguage": _ref("#jupyter"),
            "input": [_ref(one["@id"]) for one in formal], "conformsTo": _ref(_WORKFLOW),
            "version": str((known.run.record["code"] or {}).get("commit") or "unknown"),
        }  # fmt: skip
    return entity


def _language() -> dict[str, Any]:
    return {"@id": "#jupyter", "@type": "ComputerLanguage", "name": "Jupyter Notebook",
            "identifier": {"@id": "https://jupyter.org"}, "url": {"@id": "https://jupyter.org"}}


def _ref(id: str) -> dict[str, str]:
    return {"@id": id}
