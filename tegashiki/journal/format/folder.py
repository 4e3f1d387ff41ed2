"""A run's folder comes into being: all of it, or nothing.

    folder, status = folder.create(root, record, "launcher", notebook=text, patch=b"")

It is put together under a hidden name and renamed, so a full disk or a crash leaves no folder
that a reader could take for a run.
"""

from __future__ import annotations

import re
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout
from tegashiki.journal.format.status import Status
from tegashiki.storage import files

RESERVE_BYTES = 64 * 1024  # enough for the last status, manifest and notes on a full disk
HIDDEN = ".new-"
NAME = re.compile(r"\w[\w.-]*")


def record(series: str, step: str, launched: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """run.json with every field it will ever have; what is not known yet is None or empty."""
    return {
        "version": layout.VERSION,
        "id": secrets.token_hex(4),
        "series": series,
        "step": step,
        "launched": launched,
        "series_run": None,
        "series_given": None,
        "predecessor": None,
        "profile": None,
        "given": {},
        "parameters": parameters,
        "seed": parameters.get("seed") if isinstance(parameters.get("seed"), int) else 0,
        "seeds": {},
        "notebook": None,
        "code": None,
        "modules": {},
        "changed_modules": [],
        "environment": None,
        "device": None,
        "data": [],
        "upstream": [],
        "gates": {"passed": [], "required": []},
        "keep": [],
        "private": [],
        "began": False,
        "finished": False,
    }


def create(
    root: Path, record: dict[str, Any], witness: str, notebook: str | None, patch: bytes
) -> tuple[Path, Status]:
    """Make the folder of a new run under `root`; the run is `running` from its first moment.

    `notebook` is the text of the notebook and `patch` what the code has beyond its commit.
    Raises TegashikiError for a name that cannot be a folder's, and if the archive cannot be
    written to.
    """
    for name in (record["series"], record["step"]):
        if not NAME.fullmatch(name):
            raise TegashikiError(f"{name!r}: cannot name a run; use letters, digits, . _ and -")
    time = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    series = root / record["series"]
    folder = series / f"{time}-{record['step']}-{record['id']}"
    hidden = series / f"{HIDDEN}{record['id']}"
    try:
        hidden.mkdir(parents=True)
        (hidden / layout.ARTIFACTS).mkdir()
        (hidden / layout.PICTURES).mkdir()
        (hidden / layout.RESERVE).write_bytes(b"\0" * RESERVE_BYTES)
        files.write_text(hidden / layout.LOG, "")
        if notebook is not None:
            files.write_text(hidden / layout.NOTEBOOK, notebook)
        if patch:
            files.write_bytes(hidden / layout.PATCH, patch)
        files.write_json(hidden / layout.RUN, record)
        status = Status(hidden, witness)
        hidden.rename(folder)
        status.path = folder / layout.STATUS
    except OSError as error:
        shutil.rmtree(hidden, ignore_errors=True)
        raise TegashikiError(
            f"{folder}: cannot make the run's folder: {error.strerror or error}; free or allow "
            "it, or set TEGASHIKI_RUNS to a folder that can be written"
        ) from error
    return folder, status
