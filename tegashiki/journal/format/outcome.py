"""Whether a run was good: decided from what ended how, never from what papermill claims.

    status, reason = outcome.judge(folder, exit_code=0)
    why_not = outcome.unproven(folder, record, status)      # None if what is there proves its `ok`

`ok` needs all of: the process ended with 0, every code cell has an execution count, no output is
an error, and a run that was begun was finished.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout, notebook
from tegashiki.storage import files

# What may pass by itself, so that trying again makes sense. Assertions, gates and mistakes in the
# code fail the same way every time.
TRANSIENT = {
    "OSError", "IOError", "ConnectionError", "ConnectionResetError", "ConnectionRefusedError",
    "ConnectionAbortedError", "BrokenPipeError", "TimeoutError", "timeout", "gaierror", "URLError",
    "HTTPError", "IncompleteRead", "RemoteDisconnected", "SSLError", "MemoryError",
    "ResourceExhaustedError", "UnavailableError", "InternalError", "BlockingIOError",
}  # fmt: skip


def judge(folder: Path, exit_code: int | None) -> tuple[str, str | None]:
    """`ok` or `failed` and the reason, for a run whose process ended by itself.

    Raises nothing: a notebook or a record that cannot be read is a reason.
    """
    try:
        cells = notebook.read(folder / layout.NOTEBOOK).cells
        record = files.read_json(folder / layout.RUN)
    except TegashikiError as error:
        return layout.FAILED, f"what the run left cannot be read: {error}"
    code = [cell for cell in cells
            if cell.get("cell_type") == "code" and "".join(cell.get("source", "")).strip()]
    for number, cell in enumerate(code, 1):
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error":
                message = str(output.get("evalue", "")).strip().partition("\n")[0]
                name = output.get("ename", "an error")
                return layout.FAILED, f"code cell {number}: {name}: {message}"
    never = [number for number, cell in enumerate(code, 1) if cell.get("execution_count") is None]
    if never:
        return layout.FAILED, f"code cell {never[0]} of {len(code)} never ran"
    if exit_code != 0:
        return layout.FAILED, f"the executing process ended with {exit_code}"
    if record["began"] and not record["finished"]:
        return layout.FAILED, "run.finish() was never reached; call it in the last cell"
    return layout.OK, None


def unproven(folder: Path, record: dict[str, Any], status: dict[str, Any]) -> str | None:
    """Why the `ok` of an archived run does not follow from its own files, or None.

    A word is easily changed: what makes a run ok is worked out again each time that it matters.
    """
    if status["status"] != layout.OK:
        return None
    if status["reason"] is not None or (status["ended"] or "") < status["started"]:
        return "says ok, but has a reason against it, or no end after its start"
    if (status["witness"] == "launcher") != (record["launched"] == "tegashiki"):
        return f"says ok, but {record['launched']} executed it and the {status['witness']} vouches"
    if status["witness"] == "kernel":
        done = record["began"] and record["finished"]
        return None if done else "says ok, but it was never finished"
    word, why = judge(folder, status["exit_code"])
    return None if word == layout.OK else f"says ok, but {why}"
