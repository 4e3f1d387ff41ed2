"""The data sets that a run read, as Croissant 1.0: names, hashes, licences; not the data itself.

A file that is not in the repository stands there by the place where the project's users put it;
what the run wrote and may be handed on lies beside croissant.json.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tegashiki.journal.archive import licences
from tegashiki.journal.format import layout
from tegashiki.journal.transfer.exports.facts import Facts
from tegashiki.storage import files

METADATA = "croissant.json"
_CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "examples": {"@id": "cr:examples", "@type": "@json"},
    "equivalentProperty": "cr:equivalentProperty",
    "extract": "cr:extract", "field": "cr:field", "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
    "replace": "cr:replace", "samplingRate": "cr:samplingRate", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip


def write(known: Facts, home: Path) -> None:
    """croissant.json, and the run's artifacts beside it."""
    run = known.run
    table = licences.load(run.folder.parent.parent) or []
    told: list[dict[str, Any]] = []
    credits, terms = [], []
    for data in run.record["data"]:
        one = licences.named(data.get("place") or data["name"], table)
        terms.append(f"{one.name}: {one.licence}")
        credits.append(one.credit)
        told.append({
            "@type": "cr:FileObject", "@id": _id(data["name"]), "name": data["name"],
            "description": f"{one.name}, {one.licence}; {one.credit}",
            "contentUrl": data.get("place") or data["name"], "sha256": data["sha256"],
            "contentSize": f"{data['bytes']} B", "encodingFormat": "application/octet-stream",
        })  # fmt: skip
    for file in known.files:
        if file.path.startswith(f"{layout.ARTIFACTS}/"):
            known.copy(file, home / file.path)
            told.append({
                "@type": "cr:FileObject", "@id": _id(file.path), "name": file.path,
                "description": f"written by run {run.id}", "contentUrl": file.path,
                "contentSize": f"{file.size} B", "encodingFormat": file.kind,
                "sha256": file.sha256,
            })  # fmt: skip
    for name in dict.fromkeys(s.name for s in known.sets):
        one = next(s for s in known.sets if s.name == name)
        terms.append(f"{one.name}: {one.licence}")
        credits.append(one.credit)
    files.write_json(home / METADATA, {
        "@context": _CONTEXT, "@type": "sc:Dataset", "@id": f"run-{run.id}",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": _id(f"{run.series}-{run.step}-{run.id}"), "description": known.text,
        "license": " ; ".join(dict.fromkeys(terms)) or known.licence,
        "url": known.repository or f"urn:run:{run.id}", "version": "1.0.0",
        "datePublished": run.outcome["started"][:10],
        "creator": {"@type": "sc:Organization", "name": "; ".join(
            filter(None, dict.fromkeys(credits))) or "this project"},
        "citeAs": f"{known.name}, {run.outcome['started'][:10]}",
        "distribution": told, "recordSet": [],
    })  # fmt: skip


def _id(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name)
