"""A run as a deposit on Zenodo: the metadata that its API takes, and the run as one bundle.

    metadata.json     {"metadata": {...}}: the body of POST /api/deposit/depositions
    <bundle>.zip      what `tegashiki ingest` takes in again

Nothing is uploaded. Who deposits it puts the names of people into `creators`.
"""

from __future__ import annotations

from pathlib import Path

from tegashiki.journal.transfer import bundle
from tegashiki.journal.transfer.exports.facts import Facts
from tegashiki.storage import files


def write(known: Facts, home: Path) -> None:
    """Both files."""
    run = known.run
    bundle.write(run, home)
    terms = "".join(f"<li>{s.name}: {s.licence}. {s.credit}</li>" for s in known.sets)
    told = {
        "title": known.name, "upload_type": "dataset",
        "publication_date": run.outcome["started"][:10],
        "description": f"<p>{_escaped(known.text)}</p>" + (
            f"<p>Behind it are sets with terms of their own:</p><ul>{terms}</ul>" if terms else ""),
        "creators": [{"name": "the project's authors"}], "access_right": "open",
        "license": known.licence.lower(), "version": run.id,
        "keywords": [run.series, run.step, *run.notes["tags"]],
    }  # fmt: skip
    if known.repository:
        told["related_identifiers"] = [{
            "identifier": known.repository, "relation": "isSupplementTo",
            "resource_type": "software",
        }]  # fmt: skip
    files.write_json(home / "metadata.json", {"metadata": told})


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
