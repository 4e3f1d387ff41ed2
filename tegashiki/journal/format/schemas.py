"""The JSON files of a run, held against their schema each time that one is read.

    record = schemas.read(folder / layout.RUN, schemas.RUN)

The schemas lie in schema/ and are published beside runs/README.md. A file of an older VERSION is
brought up to the newest one in memory, with the defaults of the fields that it lacks; the file
itself is never changed.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.storage import files

RUN, STATUS, MANIFEST = "run", "status", "manifest"
RESULTS, VERIFY, BUNDLE, RIGHTS = "results", "verify", "bundle", "rights"
PRUNED, NOTES = "pruned", "notes"
FOLDER = Path(__file__).parent / "schema"


def read(path: Path, kind: str) -> dict[str, Any]:
    """The JSON object in `path`, of the newest version, valid by the schema `kind`.

    Raises TegashikiError that names the file, the place in it and what is wrong there.
    """
    return check(files.read_json(path), kind, str(path))


def check(value: Any, kind: str, where: str) -> dict[str, Any]:
    """`value` of the newest version, if it is valid; `where` is what messages call it."""
    if not isinstance(value, dict):
        raise TegashikiError(f"{where}: expected a JSON object")
    if kind != RESULTS:
        value = _migrated(value, kind, where)
    for error in _validator(kind).iter_errors(value):
        place = ".".join(str(part) for part in error.absolute_path) or "the whole"
        raise TegashikiError(f"{where}: {place}: {error.message[:200]}")
    return value


def _migrated(value: dict[str, Any], kind: str, where: str) -> dict[str, Any]:
    known = _schema(kind)["properties"]["version"]["enum"]
    version = value.get("version")
    if isinstance(version, bool) or version not in known:
        shown = " and ".join(map(str, known))
        raise TegashikiError(f"{where}: version {version!r}; this tegashiki reads {shown}")
    if version == 1:
        return _FROM_1.get(kind, dict)(value)
    return value


def _run_1(value: dict[str, Any]) -> dict[str, Any]:
    """VERSION 1 was written in two shapes; 2 also says which modules changed under a run."""
    return {"series_given": None, "changed_modules": []} | value


def _verify_1(value: dict[str, Any]) -> dict[str, Any]:
    """VERSION 1 was bound to nothing, and called its causes `environment`."""
    rest = {name: item for name, item in value.items() if name != "environment"}
    return {"run": None, "manifest_sha256": None, "causes": value.get("environment", [])} | rest


_FROM_1: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {RUN: _run_1, VERIFY: _verify_1}


@functools.cache
def _schema(kind: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8"))


@functools.cache
def _validator(kind: str) -> Any:
    files.without_grammars()
    from jsonschema import Draft202012Validator

    return Draft202012Validator(_schema(kind))
